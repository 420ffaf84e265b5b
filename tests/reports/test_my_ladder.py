"""My ladder: from a KPI each way up."""

import json
import re
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import Member, Organization, Role
from kpis.models import Measurement
from tests.cast import client_of, inside, make_kpi, make_link, make_member, make_standing, record
from tests.reports.conftest import OCTOBER, Company

HTMX = {"hx-request": "true"}
VALUE = "/acme/my-ladder/produce_sales/value/"

LATER = "It shows here once November 2026 is over; until then it stands on the KPI's page as “so far”."


def told(answer: HttpResponse) -> str:
    """The message a response shows without a new page."""
    return json.loads(answer["HX-Trigger"])["ladder:message"]["text"]


def html_of(answer: HttpResponse) -> str:
    return unescape(answer.content.decode())


@pytest.fixture
def client(bob: Member, company: Company) -> Client:
    return client_of(bob)


def body(client: Client, address: str = "/acme/my-ladder/", **options) -> str:
    response = client.get(address, **options)
    assert response.status_code == 200, address
    return response.content.decode()


def sentences(html: str) -> list[str]:
    return re.findall(r'class="climb-sentence[^"]*"[^>]*>([^<]+)<', html)


def test_a_kpi_climbs_step_by_step_to_the_companys(client: Client) -> None:
    html = body(client)
    assert sentences(html) == ["Produce sales → Fresh sales → Net sales"]
    steps = re.findall(r'class="tread-top"><a[^>]*>([^<]+)<', html)
    assert steps == ["Produce sales", "Fresh sales", "Net sales"]


def test_each_step_says_what_the_one_below_does_to_it(client: Client) -> None:
    html = body(client)
    assert "adds €\u00a040\u00a0k, 25\u00a0% of Fresh sales" in html
    assert "−€\u00a02\u00a0k of its change of +€\u00a010\u00a0k" in html


def test_a_subtracted_step_says_so(client: Client, acme: Organization, company: Company) -> None:
    with inside(acme):
        profit = make_kpi(acme, "profit", level="strategic", source="rollup", rollup="sum")
        make_link(profit, company.produce_sales, contribution=-1)
        make_standing(profit, value=90_000.0, period=OCTOBER)
    assert "takes €\u00a040\u00a0k off Profit" in body(client)


def test_a_weighted_step_says_its_weight(client: Client, acme: Organization, company: Company) -> None:
    with inside(acme):
        index = make_kpi(acme, "index", source="rollup", rollup="weighted_mean")
        make_link(index, company.produce_sales, weight=1.0)
        make_link(index, make_kpi(acme, "other"), weight=3.0)
    assert "weighs 25\u00a0% in Index" in body(client)


def test_every_way_up_is_told(client: Client, acme: Organization, company: Company) -> None:
    with inside(acme):
        make_link(make_kpi(acme, "north", level="strategic"), company.produce_sales)
    html = body(client)
    assert sentences(html) == ["Produce sales → North"]
    assert "Also: Produce sales → Fresh sales → Net sales" in html


def test_an_owner_enters_a_value_without_leaving(client: Client, acme: Organization, company: Company) -> None:
    html = body(client)
    assert f'action="{VALUE}"' in html
    entered = client.post(VALUE, {"date": "2026-11-01", "value": "41,500.5"}, headers=HTMX)
    assert entered.status_code == 200
    assert "<html" not in entered.content.decode()
    with inside(acme):
        assert Measurement.objects.get(kpi=company.produce_sales).value == 41500.5


def test_without_script_the_page_comes_back(client: Client) -> None:
    answer = client.post(VALUE, {"date": "2026-11-01", "value": "1"}, follow=True)
    assert answer.redirect_chain == [("/acme/my-ladder/", 302)]
    assert f"Saved: €\u00a01 for November 2026. {LATER}" in html_of(answer)


def test_entering_says_what_was_saved_and_when_it_shows(client: Client) -> None:
    running = client.post(VALUE, {"date": "2026-11-01", "value": "5000"}, headers=HTMX)
    assert told(running) == f"Saved: €\u00a05,000 for November 2026. {LATER}"
    over = client.post(VALUE, {"date": "2026-10-01", "value": "5000"}, headers=HTMX)
    assert told(over) == "Saved: €\u00a05,000 for October 2026."


@pytest.mark.parametrize(
    ("aggregation", "counted"),
    [
        ("sum", "which add up to €\u00a05,600"),
        ("mean", "whose mean is €\u00a02,800"),
        ("min", "of which the lowest counts, €\u00a0600"),
        ("max", "of which the highest counts, €\u00a05,000"),
        ("last", "of which the last counts, €\u00a0600"),
    ],
)
def test_a_second_value_of_a_period_is_told_how_it_counts(
    client: Client, acme: Organization, company: Company, aggregation: str, counted: str
) -> None:
    with inside(acme):
        company.produce_sales.aggregation = aggregation
        company.produce_sales.save()
        record(acme, company.produce_sales, {"2026-10-31": 600.0, "2026-09-30": 7.0})
    answer = client.post(VALUE, {"date": "2026-10-01", "value": "5000"}, headers=HTMX)
    assert told(answer) == f"Saved: €\u00a05,000 for October 2026. It now has 2 values, {counted}."


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("-70", "The value is 10 times as large as any other: if that is a slip, enter it again."),
        (
            "1" + 300 * "0",
            "The value is more than a million times as large as any other: if that is a slip, enter it again.",
        ),
        ("0.5", "The value is a tenth of the smallest other one, or less: if that is a slip, enter it again."),
        ("69", ""),
        ("0.6", ""),
        ("0", ""),
    ],
)
def test_a_value_far_from_all_others_is_stored_and_asked_about(
    client: Client, acme: Organization, company: Company, value: str, said: str
) -> None:
    with inside(acme):
        record(acme, company.produce_sales, {f"2026-0{month}-01": 5.0 + month % 3 for month in range(4, 9)})
    answer = client.post(VALUE, {"date": "2026-10-01", "value": value}, headers=HTMX)
    assert told(answer).partition(" for October 2026.")[2].strip() == said
    with inside(acme):
        assert Measurement.objects.filter(kpi=company.produce_sales).count() == 6


def test_a_first_value_is_far_from_nothing(client: Client, acme: Organization, company: Company) -> None:
    with inside(acme):
        record(acme, company.produce_sales, {f"2026-0{month}-01": 5.0 for month in range(4, 8)})
    answer = client.post(VALUE, {"date": "2026-10-01", "value": "5000"}, headers=HTMX)
    assert told(answer) == "Saved: €\u00a05,000 for October 2026."


def test_a_kpi_whose_last_value_counts_shows_it_at_once(client: Client, acme: Organization, company: Company) -> None:
    with inside(acme):
        company.produce_sales.aggregation = "last"
        company.produce_sales.save()
    answer = client.post(VALUE, {"date": "2026-11-01", "value": "5000"}, headers=HTMX)
    assert told(answer) == "Saved: €\u00a05,000 for November 2026."


@pytest.mark.parametrize(
    ("dates", "offered"),
    [
        ([], "2026-10-01"),
        (["2026-08-01"], "2026-09-01"),
        (["2026-10-31"], "2026-11-01"),
        (["2026-11-01"], "2026-11-01"),
        (["2026-11-02", "2026-11-09"], "2026-11-18"),
    ],
)
def test_the_ladder_and_the_kpis_page_offer_the_same_date(
    client: Client, acme: Organization, company: Company, dates: list[str], offered: str
) -> None:
    with inside(acme):
        record(acme, company.produce_sales, dict.fromkeys(dates, 7.0))
    for address in ("/acme/my-ladder/", "/acme/kpis/produce_sales/"):
        assert re.findall(r'<input type="date" name="date" value="([^"]+)"', body(client, address)) == [offered]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"date": "2026-11-01", "value": "plenty"}, "is not a number"),
        ({"date": "2026-12-24", "value": "1"}, "lies ahead"),
        ({"date": "", "value": "1"}, "This field is required"),
    ],
)
def test_what_cannot_be_a_value_is_refused_beside_the_field(
    client: Client, acme: Organization, sent: dict[str, str], said: str
) -> None:
    answer = client.post(VALUE, sent, headers=HTMX)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with inside(acme):
        assert not Measurement.objects.exists()


def test_a_viewer_cannot_enter_a_value(vera: Member, company: Company) -> None:
    assert client_of(vera).post(VALUE, {"date": "2026-11-01", "value": "1"}).status_code == 403


def test_a_contributor_cannot_feed_what_others_own(acme: Organization, company: Company) -> None:
    cleo = client_of(make_member(acme, "Cleo", Role.CONTRIBUTOR))
    assert cleo.post(VALUE, {"date": "2026-11-01", "value": "1"}).status_code == 403


def test_a_rolled_up_kpi_offers_no_entry(acme: Organization, alice: Member, company: Company) -> None:
    with inside(acme):
        company.net_sales.owner = alice
        company.net_sales.save()
    html = body(client_of(alice))
    assert sentences(html) == ["Net sales, at the top"]
    assert "tread-entry" not in html


def test_somebody_without_kpis_sees_the_departments_and_whom_to_ask(
    vera: Member, acme: Organization, company: Company
) -> None:
    vera.department = company.fresh
    vera.save()
    html = body(client_of(vera))
    assert "These are the numbers of Fresh. To own one, ask Alice." in html
    assert "Fresh sales → Net sales" in sentences(html)


def test_somebody_without_department_sees_the_companys(vera: Member, company: Company) -> None:
    html = body(client_of(vera))
    assert "These are the numbers of Acme. To own one, ask Alice." in html
    assert sentences(html) == ["Net sales, at the top"]


def test_an_editor_looks_at_the_ladder_of_another(alice: Member, bob: Member, company: Company) -> None:
    html = body(client_of(alice), f"/acme/my-ladder/?member={bob.pk}")
    assert "The ladder of Bob" in html
    assert sentences(html) == ["Produce sales → Fresh sales → Net sales"]


def test_others_do_not(bob: Member, vera: Member, charlie: Member, alice: Member, company: Company) -> None:
    assert client_of(vera).get(f"/acme/my-ladder/?member={bob.pk}").status_code == 403
    assert client_of(alice).get(f"/acme/my-ladder/?member={charlie.pk}").status_code == 404
    assert client_of(alice).get("/acme/my-ladder/?member=4").status_code == 404


def test_an_outsider_finds_nothing(charlie: Member, company: Company) -> None:
    outsider = client_of(charlie)
    assert outsider.get("/acme/my-ladder/").status_code == 404
    assert outsider.post(VALUE, {"date": "2026-11-01", "value": "1"}).status_code == 404
