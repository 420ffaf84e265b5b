"""The page of a KPI: its figures, its neighbours, and values entered, changed and removed on it."""

import datetime as dt
import json
import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Member, Organization
from kpis.actions.targets import TargetRow
from kpis.drawing.numbers import SPACE
from kpis.models import Kpi, Measurement, MeasurementRevision, Push
from tests.cast import NOW, inside, make_kpi, make_link, record
from tests.kpis.views.conftest import Measured, score

URL = "/acme/kpis/net_sales/"
ENTER = f"{URL}measurements/"


def stored(organization: Organization) -> list[tuple[str, float, str]]:
    with inside(organization):
        return [(str(row.date), row.value, row.note) for row in Measurement.objects.order_by("date")]


def told(answer: HttpResponse) -> str:
    """The message a response shows without a new page."""
    return json.loads(answer["HX-Trigger"])["ladder:message"]["text"]


@pytest.fixture
def net_sales(measured: Measured, bob: Member) -> Kpi:
    return measured(
        "net_sales",
        {"2026-08-01": 380, "2026-09-01": 374, "2026-10-01": 401},
        (TargetRow(dt.date(2026, 1, 1), target=395, floor=300),),
        unit="currency:EUR",
        owner=bob,
    )


def test_the_header_says_value_period_target_change_and_who(net_sales: Kpi, veras: Client) -> None:
    page = veras.get(URL).context["page"]
    assert "401" in page.header.value
    assert (page.header.period, page.header.compared, page.header.target) == (
        "October 2026",
        "on September",
        f"at least €{SPACE}395",
    )
    assert "+7.2" in page.header.change
    assert page.header.attainment == f"102{SPACE}% of target"
    assert page.header.red_flag == f"red flag €{SPACE}300"
    assert "On track" in page.header.status
    assert page.header.freshness == "next value due 5 December 2026"
    assert page.chart.title == "Net sales: on track since October 2026"


def test_labels_beside_the_trend_tell_its_lines_apart(measured: Measured, alices: Client) -> None:
    measured("net_sales", {"2026-08-01": 1204, "2026-09-01": 1262, "2026-10-01": 1289})
    labels = re.findall(r'text-anchor="end">([^<]+)<', alices.get(URL).content.decode())
    wide, narrow = labels[: len(labels) // 2], labels[len(labels) // 2 :]
    assert wide == narrow == ["1,200", "1,225", "1,250", "1,275", "1,300"]


def test_the_table_of_periods_is_dense_and_newest_first(net_sales: Kpi, alices: Client) -> None:
    rows = alices.get(URL).context["page"].periods
    assert [row.label for row in rows] == ["November 2026", "October 2026", "September 2026", "August 2026"]
    assert [row.remark for row in rows] == ["Still running", "", "", ""]
    assert "At risk" in rows[2].status


def test_a_sum_that_is_measured_daily_says_how_far_the_running_month_is(measured: Measured, alices: Client) -> None:
    measured("net_sales", {"2026-10-05": 900, "2026-11-02": 300, "2026-11-18": 200})
    assert alices.get(URL).context["page"].header.so_far == f"500 so far in November 2026, 60{SPACE}% of it gone"


def test_a_missing_child_is_put_into_words(acme: Organization, measured: Measured, alices: Client) -> None:
    with inside(acme):
        total = make_kpi(acme, "net_sales", source="rollup", rollup="sum")
        for key, values in (("north", {"2026-09-01": 1, "2026-10-01": 2}), ("south", {"2026-09-01": 3})):
            child = make_kpi(acme, key)
            make_link(total, child)
            record(acme, child, values)
    score(acme)
    page = alices.get(URL).context["page"]
    assert page.header.remark == f"Partial: 50{SPACE}% of what belongs to it is there"
    assert [child.name for child in page.rail.children] == ["North", "South"]
    assert page.rail.how_fed == "The sum of the KPIs that feed it, every month."


def test_the_chain_goes_up_to_the_top(acme: Organization, net_sales: Kpi, alices: Client) -> None:
    with inside(acme):
        margin, goal = make_kpi(acme, "margin"), make_kpi(acme, "goal")
        make_link(margin, net_sales)
        make_link(goal, margin)
    chains = alices.get(URL).context["page"].rail.chains
    assert [[step.name for step in chain] for chain in chains] == [["Margin", "Goal"]]


def test_a_kpi_of_another_organization_is_as_if_it_did_not_exist(
    net_sales: Kpi, globex: Organization, charlies: Client
) -> None:
    assert charlies.get(URL).status_code == 404
    assert charlies.get("/globex/kpis/net_sales/").status_code == 404
    assert charlies.post(ENTER, {"date": "2026-11-01", "value": "1"}).status_code == 404


# Entering values


def test_the_owner_enters_a_value_without_leaving_the_page(acme: Organization, net_sales: Kpi, bobs: Client) -> None:
    answer = bobs.post(
        ENTER, {"date": "2026-11-01", "value": "1,234.5", "note": "Fair"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.lstrip().startswith('<div class="kpi-page" id="kpi" data-live')
    assert '<tr class="changed">' in page
    assert told(answer) == f"Saved: €{SPACE}1,235 for November 2026."
    assert stored(acme)[-1] == ("2026-11-01", 1234.5, "Fair")
    with inside(acme):
        push = Push.objects.order_by("id").last()
        assert push is not None
        assert (push.member.user.name, push.via, push.at) == ("Bob", "page", NOW)


def test_without_script_the_page_is_shown_anew(acme: Organization, net_sales: Kpi, bobs: Client) -> None:
    answer = bobs.post(ENTER, {"date": "2026-11-01", "value": "5"})
    assert (answer.status_code, answer["Location"]) == (302, "/acme/kpis/net_sales/#measurements")
    assert f"Saved: €{SPACE}5 for November 2026." in bobs.get(URL).content.decode()


def test_a_number_that_could_be_thousands_is_not_stored(acme: Organization, net_sales: Kpi, bobs: Client) -> None:
    before = stored(acme)
    answer = bobs.post(ENTER, {"date": "2026-11-01", "value": "5.000"})
    assert answer.status_code == 422
    assert "“5.000” can mean 5 or 5,000. Write 5 or 5000." in answer.content.decode()
    assert stored(acme) == before


def test_three_decimals_are_taken_where_the_page_shows_three(
    acme: Organization, measured: Measured, alices: Client
) -> None:
    measured("net_sales", decimals=3)
    alices.post(ENTER, {"date": "2026-11-01", "value": "1.234"})
    assert stored(acme) == [("2026-11-01", 1.234, "")]


def test_what_is_removed_is_said(net_sales: Kpi, bobs: Client) -> None:
    answer = bobs.post(f"{ENTER}2026-10-01/remove/", headers={"HX-Request": "true"})
    assert told(answer) == "Removed: a value for October 2026."


@pytest.mark.parametrize(
    ("typed", "value"), [("12.5", 0.125), ("12,5 %", 0.125), ("-3", -0.03), ("0.1", 0.001), ("1e1", 0.1)]
)
def test_percent_are_typed_as_they_are_read(
    acme: Organization, measured: Measured, alices: Client, typed: str, value: float
) -> None:
    measured("net_sales", unit="percent")
    alices.post(ENTER, {"date": "2026-11-01", "value": typed})
    assert stored(acme) == [("2026-11-01", value, "")]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"date": "2026-11-01", "value": "plenty"}, "“plenty” is not a number; write it like 1,234.5 or 1234,5."),
        ({"date": "2026-11-01", "value": "NaN"}, "“NaN” is not a number"),
        ({"date": "2026-11-01", "value": "1e999"}, "“1e999” is not a number"),
        ({"date": "2026-11-01", "value": ""}, "This field is required."),
        ({"date": "9999-99-99", "value": "1"}, "Enter a valid date."),
        ({"date": "2026-11-19", "value": "1"}, "This date lies ahead; a value belongs to a day that has begun."),
    ],
)
def test_what_cannot_be_read_is_said_and_not_stored(
    acme: Organization, net_sales: Kpi, bobs: Client, fields: dict[str, str], message: str
) -> None:
    before = stored(acme)
    answer = bobs.post(ENTER, fields)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert stored(acme) == before


def test_who_neither_owns_nor_edits_cannot_enter_values(
    acme: Organization, measured: Measured, bobs: Client, veras: Client
) -> None:
    measured("net_sales", {"2026-10-01": 1})
    for client in (bobs, veras):
        assert client.post(ENTER, {"date": "2026-11-01", "value": "1"}).status_code == 403
        assert client.get(f"{ENTER}2026-10-01/").status_code == 403
        assert client.post(f"{ENTER}2026-10-01/remove/").status_code == 403
        assert "Save value" not in client.get(URL).content.decode()
    assert stored(acme) == [("2026-10-01", 1, "")]


def test_a_roll_up_takes_no_values(acme: Organization, measured: Measured, alices: Client) -> None:
    measured("net_sales", source="rollup", rollup="sum")
    answer = alices.post(ENTER, {"date": "2026-11-01", "value": "1"})
    assert answer.status_code == 422
    assert stored(acme) == []
    assert "Save value" not in alices.get(URL).content.decode()


def test_a_changed_value_leaves_its_past_with_names(acme: Organization, net_sales: Kpi, bobs: Client) -> None:
    form = bobs.get(f"{ENTER}2026-10-01/")
    assert 'value="401"' in form.content.decode()
    bobs.post(ENTER, {"date": "2026-10-01", "value": "410"})
    entry = bobs.get(URL).context["page"].entries[0]
    assert (entry.day, entry.written) == ("October 2026", "Bob on 18 November 2026")
    assert "410" in entry.value
    [past] = entry.past
    assert "401" in past.value
    assert past.ended == "Bob on 18 November 2026"


def test_a_removed_value_stays_as_a_revision(acme: Organization, net_sales: Kpi, bobs: Client) -> None:
    bobs.post(f"{ENTER}2026-10-01/remove/")
    assert [date for date, _, _ in stored(acme)] == ["2026-08-01", "2026-09-01"]
    with inside(acme):
        assert MeasurementRevision.objects.get().value == 401
    page = bobs.get(URL)
    entry = page.context["page"].entries[0]
    assert (entry.day, entry.value) == ("October 2026", None)
    assert "removed by Bob on 18 November 2026" in page.content.decode()


def test_removing_what_is_not_there_is_a_404(net_sales: Kpi, bobs: Client) -> None:
    assert bobs.post(f"{ENTER}2026-11-09/remove/").status_code == 404
    assert bobs.get(f"{ENTER}2026-11-09/").status_code == 404


@pytest.mark.parametrize("count", [2, 24])
def test_the_page_costs_as_many_queries_whatever_it_shows(
    acme: Organization, measured: Measured, alices: Client, count: int
) -> None:
    kpi = measured("net_sales", {f"2026-{1 + day // 28:02}-{1 + day % 28:02}": 1.0 for day in range(count)})
    with inside(acme):
        record(acme, kpi, {f"2026-{1 + day // 28:02}-{1 + day % 28:02}": 2.0 for day in range(count)})
        for number in range(count):
            make_link(kpi, make_kpi(acme, f"child_{number}"))
            make_link(make_kpi(acme, f"parent_{number}"), kpi)
    with CaptureQueriesContext(connection) as queries:
        assert alices.get(URL).status_code == 200
    assert len(queries) <= 39
