"""KPIs, periods and departments side by side."""

import csv
import datetime as dt
import re
import struct

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Department, Member, Organization
from kpis.compute import compute
from kpis.models import Kpi
from tests.cast import NOW, client_of, inside, make_kpi, record


def months(start: float, *, first_year: int = 2025) -> dict[str, float]:
    """A value a month from January 2025 to October 2026, each one more than the one before."""
    dates = [dt.date(first_year + index // 12, index % 12 + 1, 1) for index in range(22)]
    return {date.isoformat(): start + index for index, date in enumerate(dates)}


@pytest.fixture
def client(acme: Organization, vera: Member) -> Client:
    with inside(acme):
        fresh = Department.objects.create(name="Fresh")
        euros = {"unit": "currency:EUR", "source": "measured"}
        record(acme, make_kpi(acme, "produce", department=fresh, **euros), months(100))
        record(acme, make_kpi(acme, "meat", department=fresh, **euros), months(200))
        record(acme, make_kpi(acme, "visits", source="measured"), months(50))
        record(acme, make_kpi(acme, "survey", source="measured", frequency="yearly"), {"2025-01-01": 7.0})
        compute(acme, now=NOW)
    return client_of(vera)


def body(client: Client, query: str, **options) -> str:
    response = client.get(f"/acme/compare/?{query}", **options)
    assert response.status_code == 200, query
    return response.content.decode()


def test_kpis_stand_side_by_side_with_a_table_behind(client: Client) -> None:
    html = body(client, "kpi=produce&kpi=visits")
    assert html.count("<figure") == 2
    assert "October 2026" in html
    row = html[html.index("October 2026</th>") :]
    assert re.findall(r'</span>\u00a0(\d+)</span>|"value">(\d+)<', row)[:2] == [("121", ""), ("", "71")]


def test_where_units_agree_all_stand_in_one_chart(client: Client) -> None:
    assert "All in one chart" in body(client, "kpi=produce&kpi=meat")
    assert "All in one chart" not in body(client, "kpi=produce&kpi=visits")


def test_every_chart_says_what_it_shows(client: Client) -> None:
    html = body(client, "kpi=produce&first=2026-01-01&last=2026-10-01&against=year")
    assert "Produce: €\u00a0121 in October 2026, +8.0\u00a0% on January 2026; +11.0\u00a0% on a year before." in html
    assert 'aria-label="Produce: €\u00a0121 in October 2026' in html


def test_a_year_is_compared_with_the_year_before_month_by_month(client: Client) -> None:
    answer = client.get("/acme/compare/csv/?kpi=produce&first=2026-01-01&last=2026-10-01&against=year")
    rows = list(csv.DictReader(answer.content.decode().splitlines()))
    assert len(rows) == 10
    assert all(row["compared_period"] == row["period"].replace("2026", "2025") for row in rows)
    assert all(float(row["value"]) - float(row["compared_value"]) == 12 for row in rows)


def test_a_stretch_is_compared_with_the_one_before_it(client: Client) -> None:
    answer = client.get("/acme/compare/csv/?kpi=produce&first=2026-08-01&last=2026-10-01&against=before")
    rows = list(csv.DictReader(answer.content.decode().splitlines()))
    assert [row["compared_period"] for row in rows] == ["2026-05-01", "2026-06-01", "2026-07-01"]


def test_kpis_are_lifted_to_one_frequency(client: Client) -> None:
    answer = client.get("/acme/compare/csv/?kpi=produce&kpi=visits&frequency=quarterly&last=2026-09-30")
    rows = list(csv.DictReader(answer.content.decode().splitlines()))
    third = {row["kpi"]: float(row["value"]) for row in rows if row["period"] == "2026-07-01"}
    assert third == {"produce": 118 + 119 + 120, "visits": 68 + 69 + 70}


def test_a_coarser_kpi_sets_the_frequency_and_cannot_be_made_finer(client: Client) -> None:
    assert 'class="nowrap">2025</th>' in body(client, "kpi=produce&kpi=survey")
    html = body(client, "kpi=produce&kpi=survey&frequency=monthly")
    assert "Survey cannot be shown here" in html
    assert "October 2026" in html


def test_what_is_too_much_or_not_there_is_said(client: Client) -> None:
    assert "There is no KPI with the key “nothing”" in body(client, "kpi=nothing")
    assert "the last 1 are left out" in body(client, "".join(f"&kpi=k{index}" for index in range(7)))
    assert "One page holds 400 periods" in body(client, "kpi=produce&first=1900-01-01")


def test_departments_stand_side_by_side(client: Client, acme: Organization) -> None:
    html = body(client, "what=departments")
    assert "Fresh" in html
    assert re.search(r'data-label="No target"[^>]*>2<', html)
    rows = list(csv.DictReader(client.get("/acme/compare/csv/?what=departments").content.decode().splitlines()))
    assert [(row["department"], row["kpis"], row["no_target"]) for row in rows] == [("Fresh", "2", "2")]


def test_nothing_was_known_before_it_was_defined(client: Client) -> None:
    html = body(client, "kpi=produce&as_of=2026-01-31")
    assert "As it was known on" in html
    assert "no value in these periods" in html


def test_an_empty_organization_says_what_comparing_is_for(acme: Organization, vera: Member) -> None:
    assert "Nothing to compare yet" in body(client_of(vera), "")


@pytest.mark.parametrize("query", ["first=x", "last=1066-10-14", "against=2", "frequency=hourly", "what=people"])
def test_what_does_not_exist_cannot_be_chosen(client: Client, query: str) -> None:
    assert client.get(f"/acme/compare/?{query}").status_code == 404
    assert client.get(f"/acme/compare/csv/?{query}").status_code == 404


def test_departments_take_as_many_queries_for_many_kpis_as_for_few(client: Client, acme: Organization) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            body(client, "what=departments")
        return len(captured)

    body(client, "what=departments")
    few = queries()
    with inside(acme):
        for index in range(20):
            other = Department.objects.create(name=f"Department {index}")
            make_kpi(acme, f"more{index}", department=other)
    assert queries() == few


def test_filters_narrow_the_kpis_that_are_offered(client: Client, acme: Organization) -> None:
    with inside(acme):
        Kpi.objects.filter(key="meat").update(indicator="leading")
        fresh = Department.objects.get(name="Fresh").pk
    page = client.get(f"/acme/compare/?kpi=visits&within={fresh}&indicator=leading")
    assert [choice.key for choice in page.context["choices"]] == ["meat", "visits"]
    narrowed = page.context["narrowed"]
    assert narrowed.count == "1 of 4 KPIs"
    assert [(chip.words, chip.address) for chip in narrowed.chips] == [
        ("Department: Fresh", "?kpi=visits&indicator=leading"),
        ("Indicator: Leading", f"?kpi=visits&within={fresh}"),
    ]


def test_departments_are_compared_by_the_kind_of_kpis_asked_for(client: Client, acme: Organization) -> None:
    with inside(acme):
        Kpi.objects.filter(key="meat").update(level="strategic")
    address = "/acme/compare/csv/?what=departments&level=strategic"
    rows = list(csv.DictReader(client.get(address).content.decode().splitlines()))
    assert [(row["department"], row["kpis"]) for row in rows] == [("Fresh", "1")]
    assert "1 of 4 KPIs" in body(client, "what=departments&level=strategic")
    assert "fits none of the 4" in body(client, "what=departments&category=people")


def test_every_chart_is_a_picture(client: Client) -> None:
    for query in (
        "kpi=produce&kpi=meat",
        "kpi=produce&kpi=visits&chart=visits",
        "kpi=produce&against=year&chart=produce",
    ):
        picture = client.get(f"/acme/compare/png/?{query}").content
        assert picture.startswith(b"\x89PNG"), query
        width, height = struct.unpack(">II", picture[16:24])
        assert 1.5 < width / height < 3, query  # one chart, not two that lie beside each other
    for query in ("kpi=produce&kpi=visits", "kpi=produce&chart=meat", "what=departments", ""):
        assert client.get(f"/acme/compare/png/?{query}").status_code == 404, query
    html = body(client, "kpi=produce&kpi=meat")
    assert re.findall(r'href="/acme/compare/png/\?([^"]*)"', html) == [
        "kpi=produce&amp;kpi=meat",
        "kpi=produce&amp;kpi=meat&amp;chart=produce",
        "kpi=produce&amp;kpi=meat&amp;chart=meat",
    ]
