"""Home: my numbers, what changed, what I owe, the company."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from accounts.models import Department, Member, Organization
from kpis.models import Kpi, Score, Standing
from tests.cast import NOW, client_of, inside, make_kpi, make_standing
from tests.reports.conftest import OCTOBER, Company

SEPTEMBER = dt.date(2026, 9, 1)


@pytest.fixture
def client(bob: Member, company: Company) -> Client:
    return client_of(bob)


def body(client: Client, address: str = "/acme/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def cards(html: str) -> list[str]:
    return re.findall(r'class="number-top"><h3><a[^>]*>([^<]+)<', html)


def changed(acme: Organization, kpi_id, before: str, now: str, since: dt.date = OCTOBER) -> None:
    """A KPI whose status became ``now`` in a period, having been ``before``."""
    with inside(acme):
        month = since.month - 1
        Score.objects.create(kpi_id=kpi_id, period=since.replace(month=month), status=before, complete=True)
        Standing.objects.filter(kpi_id=kpi_id).update(status=now, status_since=since)


def test_my_numbers_are_those_i_own(client: Client) -> None:
    html = body(client)
    assert cards(html) == ["Produce sales"]
    assert "October 2026 · target €\u00a060\u00a0k" in html


def test_somebody_without_kpis_sees_the_strategic_ones(vera: Member, company: Company) -> None:
    html = body(client_of(vera))
    assert "The company’s numbers" in html
    assert cards(html) == ["Net sales"]


def test_six_cards_are_enough(bob: Member, client: Client, acme: Organization) -> None:
    with inside(acme):
        for index in range(8):
            make_kpi(acme, f"mine{index}", owner=bob)
    assert len(cards(body(client))) == 6


def test_a_change_of_status_is_told_with_its_reason(client: Client, acme: Organization, company: Company) -> None:
    changed(acme, company.net_sales.pk, "on_track", "at_risk")
    with inside(acme):
        Standing.objects.filter(kpi_id=company.fresh_sales.pk).update(previous_value=170_000.0)
    html = body(client)
    assert re.search(r">Net sales</a> <span class=\"news-reason\">mostly Fresh sales, −€\u00a010\u00a0k<", html)
    assert "since October 2026, on track before" in html


def test_what_was_known_at_the_last_visit_is_not_told_again(
    client: Client, bob: Member, acme: Organization, company: Company
) -> None:
    changed(acme, company.produce_sales.pk, "on_track", "off_track")
    Member.objects.filter(pk=bob.pk).update(last_seen_at=dt.datetime(2026, 11, 10, tzinfo=dt.UTC))
    assert "No KPI changed its status since 10 November" in body(client)


def test_what_is_new_stays_new_while_one_looks_around(
    client: Client, bob: Member, acme: Organization, company: Company
) -> None:
    changed(acme, company.produce_sales.pk, "on_track", "off_track")
    Member.objects.filter(pk=bob.pk).update(last_seen_at=dt.datetime(2026, 11, 2, tzinfo=dt.UTC))
    assert "since October 2026, on track before" in body(client)
    assert "since October 2026, on track before" in body(client)
    with time_machine.travel(NOW + dt.timedelta(hours=3), tick=False):
        assert "No KPI changed its status since 18 November" in body(client)


def test_worse_comes_before_better(client: Client, acme: Organization, company: Company) -> None:
    changed(acme, company.fresh_sales.pk, "off_track", "at_risk")
    changed(acme, company.net_sales.pk, "on_track", "at_risk")
    told = re.findall(r'class="news-status">.*?</div>\s*<div><a[^>]*>([^<]+)<', body(client), re.S)
    assert told == ["Net sales", "Fresh sales"]


def test_a_value_that_is_late_waits_for_its_owner(client: Client, acme: Organization, company: Company) -> None:
    with inside(acme):
        Standing.objects.filter(kpi_id=company.produce_sales.pk).update(expected_on=dt.date(2026, 11, 5), is_late=True)
    html = body(client)
    assert "the value of October 2026" in html
    assert "was due on 5 November" in html
    assert "1 value, about 1 minute" in html


def test_a_period_that_still_runs_is_not_owed(client: Client, acme: Organization, company: Company) -> None:
    with inside(acme):
        Standing.objects.filter(kpi_id=company.produce_sales.pk).update(expected_on=dt.date(2026, 12, 5))
    assert "Nothing is waiting for you." in body(client)


def test_departments_show_their_health_with_those_below(client: Client, company: Company) -> None:
    html = body(client)
    assert re.search(rf'href="/acme/departments/{company.fresh.pk}/">Fresh<', html)
    counted = "health, counting the one KPI at the top"
    assert f"50&nbsp;%</span> {counted}</span>" in html
    assert "1 at risk, 1 off track, 1 no data · 2 of 3 judged" in html


def test_health_says_whom_it_counts_where_that_is_not_everybody(
    client: Client, acme: Organization, company: Company
) -> None:
    one = "Health is the score of the one KPI at the top that has a target. What feeds it shows in the counts."
    several = (
        "Health is the mean score of the 2 KPIs at the top that have a target. What feeds them shows in the counts."
    )
    pages = ("/acme/", "/acme/ladder/", f"/acme/departments/{company.fresh.pk}/")
    assert [one in body(client, page) for page in pages] == [True, True, True]
    with inside(acme):
        make_standing(company.returns, "on_track", value=3.0, target=3.0, score=1.0)
    assert several in body(client)


def test_health_of_kpis_that_all_count_needs_no_explanation(vera: Member, acme: Organization) -> None:
    with inside(acme):
        for key in ("sales", "costs"):
            make_standing(make_kpi(acme, key), "on_track", value=3.0, target=3.0, score=1.0)
    html = body(client_of(vera))
    assert "100&nbsp;" in html
    assert "at the top that" not in html


def test_health_that_a_strategic_kpi_holds_back_says_so(client: Client, acme: Organization, company: Company) -> None:
    said = "A strategic KPI is off track, so the whole is at risk at best."
    assert said not in body(client)
    with inside(acme):
        Kpi.objects.filter(pk=company.fresh_sales.pk).update(level="strategic")
        Standing.objects.filter(kpi_id=company.fresh_sales.pk).update(status="off_track", score=0.0)
    assert said in body(client)


def test_where_the_numbers_come_from_is_said(client: Client, acme: Organization) -> None:
    Organization.objects.filter(pk=acme.pk).update(about="Shifted by 52 weeks.", is_sample=True)
    html = body(client)
    assert "Sample data." in html
    assert "Shifted by 52 weeks." in html


def test_an_empty_organization_says_what_to_expect(vera: Member) -> None:
    assert "See at a glance how the company is doing" in body(client_of(vera))


def test_a_department_shows_its_kpis_and_its_lead(client: Client, company: Company) -> None:
    html = body(client, f"/acme/departments/{company.fresh.pk}/")
    assert "led by Alice" in html
    assert re.findall(r'class="rung-name"><a[^>]*>([^<]+)<', html) == ["Fresh sales", "Produce sales", "Returns"]
    assert ">Produce</a>" in html


def test_anothers_department_does_not_exist(client: Client, globex: Organization) -> None:
    with inside(globex):
        theirs = Department.objects.create(name="Theirs")
    assert client.get(f"/acme/departments/{theirs.pk}/").status_code == 404


def test_an_outsider_finds_nothing(charlie: Member, company: Company) -> None:
    outsider = client_of(charlie)
    assert outsider.get("/acme/").status_code == 404
    assert outsider.get(f"/acme/departments/{company.fresh.pk}/").status_code == 404


def test_a_metric_is_not_among_my_numbers(client: Client, bob: Member, acme: Organization) -> None:
    with inside(acme):
        make_standing(make_kpi(acme, "visits", kind="metric", owner=bob), "no_target", value=3.0)
    assert cards(body(client)) == ["Produce sales"]


def test_home_and_departments_show_the_kind_of_kpis_asked_for(client: Client, company: Company) -> None:
    home = client.get("/acme/?level=strategic")
    assert [figure.name for figure in home.context["cards"]] == ["Net sales"]
    assert home.context["narrowed"].count == "1 of 4 KPIs"
    page = client.get(f"/acme/departments/{company.fresh.pk}/?level=strategic")
    assert "“Level: Strategic” fits none of the 3." in page.content.decode()
    page = client.get(f"/acme/departments/{company.fresh.pk}/?level=operational")
    assert [figure.name for figure in page.context["figures"]] == ["Fresh sales", "Produce sales", "Returns"]


def test_what_is_owed_is_told_whatever_is_shown(client: Client, acme: Organization, company: Company) -> None:
    with inside(acme):
        Standing.objects.filter(kpi_id=company.produce_sales.pk).update(expected_on=dt.date(2026, 11, 5), is_late=True)
    assert "1 value, about 1 minute" in body(client, "/acme/?level=strategic")
