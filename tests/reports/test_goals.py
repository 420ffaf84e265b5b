"""Objectives on Home and on My ladder."""

import datetime as dt

import pytest
from django.test import Client

from accounts.actors import SYSTEM, Actor
from accounts.models import Member, Organization
from okrs.actions.checking_in import check_in
from okrs.actions.cycles import activate_cycle, create_cycle
from okrs.actions.key_results import create_key_result
from okrs.actions.objectives import create_objective
from okrs.models import KeyResult
from tests.cast import NOW, client_of, inside
from tests.reports.conftest import Company

BEGAN = dt.datetime(2026, 10, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def ovens(acme: Organization, company: Company, alice: Member, bob: Member) -> KeyResult:
    """Bob's key result, by whose objective Alice's for the company is served; Produce sales move another one of his."""
    with inside(acme):
        cycle = create_cycle(
            SYSTEM, now=BEGAN, name="Q4 2026", starts_on=dt.date(2026, 10, 1), ends_on=dt.date(2026, 12, 31)
        )
        activate_cycle(SYSTEM, cycle, now=BEGAN)
        top = create_objective(SYSTEM, cycle, now=BEGAN, title="Grow fresh", owner=alice, progress_from="both")
        shops = create_key_result(SYSTEM, top, now=BEGAN, title="Shops", start=0, target=10, owner=alice)
        own = create_objective(SYSTEM, cycle, now=BEGAN, title="Bake in shops", owner=bob, parent_key_result=shops)
        kpi = company.produce_sales
        create_key_result(SYSTEM, own, now=BEGAN, title="Sales up", kpi=kpi, start=0, target=60_000, owner=bob)
        row = create_key_result(SYSTEM, own, now=BEGAN, title="Ovens", start=0, target=5, owner=bob)
        check_in(
            Actor(member=bob), row, now=NOW - dt.timedelta(days=12), value=2, confidence="at_risk", comment="Late."
        )
        return row


def body(client: Client, address: str = "/acme/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_home_tells_what_waits_and_how_long_it_takes(bob: Member, ovens: KeyResult) -> None:
    html = body(client_of(bob))
    assert f"/acme/check-ins/?at={ovens.pk}" in html
    assert "check-in due since 13 November 2026" in html
    assert "1 check-in, about 1 minute" in html
    assert "Go through them" in html


def test_home_shows_objectives_against_where_they_should_be(vera: Member, ovens: KeyResult) -> None:
    html = body(client_of(vera))
    assert "Q4 2026" in html
    assert "Grow fresh" in html
    assert "0 of 2 objectives on track" in html
    assert "behind its time of the cycle" in html


def test_home_tells_what_others_said(alice: Member, bob: Member, ovens: KeyResult) -> None:
    page = body(client_of(alice))
    assert "says Bob" in page
    assert "checked in 12 days ago" in page
    assert "Late." in body(client_of(alice))
    assert "Bob checked in" not in body(client_of(bob))


def test_my_ladder_leads_from_a_key_result_to_the_company(bob: Member, ovens: KeyResult) -> None:
    html = body(client_of(bob), "/acme/my-ladder/")
    assert "Ovens → Bake in shops → Shops → Grow fresh" in html
    assert "counts 50\u00a0% of Bake in shops" in html
    assert "helps Shops" in html


def test_the_kpi_behind_a_key_result_stands_at_its_foot(bob: Member, ovens: KeyResult) -> None:
    html = body(client_of(bob), "/acme/my-ladder/")
    assert "Produce sales → Sales up → Bake in shops → Shops → Grow fresh" in html
    assert "moves Sales up" in html
    assert "Produce sales → Fresh sales → Net sales → Objective: Bake in shops" in html


def test_a_viewer_of_her_own_ladder_is_not_asked_to_check_in(
    vera: Member, ovens: KeyResult, acme: Organization
) -> None:
    with inside(acme):
        KeyResult.objects.filter(pk=ovens.pk).update(owner=vera)
    html = body(client_of(vera), "/acme/my-ladder/")
    assert "Ovens → Bake in shops" in html
    assert "?at=" not in html
