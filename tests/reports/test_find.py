"""The search field of every page: KPIs, objectives and key results by a part of their names."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM
from accounts.models import Member, Organization
from okrs.actions.cycles import create_cycle
from okrs.actions.key_results import create_key_result
from okrs.actions.objectives import create_objective
from okrs.models import Cycle, Objective
from reports.finding import MOST
from tests.cast import NOW, client_of, inside, make_kpi


@pytest.fixture
def quarter(acme: Organization) -> Cycle:
    with inside(acme):
        return create_cycle(
            SYSTEM, now=NOW, name="Q4 2026", starts_on=dt.date(2026, 10, 1), ends_on=dt.date(2026, 12, 31)
        )


@pytest.fixture
def goal(acme: Organization, quarter: Cycle) -> Objective:
    """To sell more bread; its key result counts loaves."""
    with inside(acme):
        make_kpi(acme, "bread_sales", name="Bread sales")
        make_kpi(acme, "old_bread", name="Old bread", archived_at=NOW)
        made = create_objective(SYSTEM, quarter, now=NOW, title="Sell more bread")
        create_key_result(SYSTEM, made, now=NOW, title="Loaves of BREAD a day", start=0, target=9)
        return made


def hits(client: Client, text: str) -> dict[str, list[str]]:
    groups = client.get("/acme/find/", {"q": text}).context["groups"]
    return {group.name: [hit.title for hit in group.hits] for group in groups}


def test_kpis_in_use_objectives_and_key_results_are_found_under_their_headings(vera: Member, goal: Objective) -> None:
    assert hits(client_of(vera), "bread") == {
        "KPIs": ["Bread sales"],
        "Objectives": ["Sell more bread"],
        "Key results": ["Loaves of BREAD a day"],
    }
    assert hits(client_of(vera), "loaves") == {"Key results": ["Loaves of BREAD a day"]}
    assert hits(client_of(vera), "butter") == {}


def test_a_hit_leads_to_its_page_and_says_where_it_belongs(vera: Member, goal: Objective) -> None:
    page = client_of(vera).get("/acme/find/?q=bread").content.decode()
    assert f'href="/acme/objectives/{goal.pk}/"' in page
    assert "Sell more bread · Q4 2026" in page
    assert 'href="/acme/kpis/bread_sales/"' in page


def test_every_page_has_the_field(vera: Member) -> None:
    assert 'action="/acme/find/"' in client_of(vera).get("/acme/").content.decode()


def test_nothing_of_another_organization_is_found(charlie: Member, goal: Objective) -> None:
    client = client_of(charlie)
    assert client.get("/acme/find/?q=bread").status_code == 404
    assert client.get("/globex/find/?q=bread").context["groups"] == []


@pytest.mark.parametrize("text", ["", "  ", "%", "x" * 500])
def test_whatever_is_typed_is_answered(vera: Member, goal: Objective, text: str) -> None:
    answer = client_of(vera).get("/acme/find/", {"q": text})
    assert (answer.status_code, answer.context["groups"]) == (200, [])


def test_of_many_the_first_are_shown_in_as_many_statements(
    acme: Organization, vera: Member, quarter: Cycle, goal: Objective
) -> None:
    client = client_of(vera)
    client.get("/acme/find/?q=bread")
    counts = []
    for number in (0, MOST):
        with inside(acme):
            for place in range(number):
                made = create_objective(SYSTEM, quarter, now=NOW, title=f"Bread {place}")
                create_key_result(SYSTEM, made, now=NOW, title=f"Bread {place}", start=0, target=1)
                make_kpi(acme, f"bread_{place}", name=f"Bread {place}")
        with CaptureQueriesContext(connection) as queries:
            answer = client.get("/acme/find/?q=bread")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert [(len(group.hits), group.is_cut) for group in answer.context["groups"]] == [(MOST, True)] * 3
    assert 'href="/acme/kpis/?q=bread"' in answer.content.decode()
