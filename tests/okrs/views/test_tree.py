"""How objectives serve each other, drawn and listed."""

import re
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM
from accounts.models import Department, Organization
from okrs.actions.cycles import create_cycle
from okrs.actions.key_results import create_key_result
from okrs.actions.objectives import align_objective, create_objective
from okrs.drawing.alignment import Box, Row, alignment
from okrs.models import Cycle, KeyResult, Objective
from tests.cast import NOW, inside, make_kpi
from tests.okrs.conftest import date

TREE = "/acme/objectives/tree/"


@pytest.fixture
def family(acme: Organization, quarter: Cycle, objective: Objective, shops: KeyResult) -> dict[str, UUID]:
    """Win the region, on whose key result Open in Kiel hangs, and below that Hire; Alone beside it."""
    with inside(acme):
        kiel = Department.objects.create(name="Kiel")
        first = create_objective(
            SYSTEM, quarter, now=NOW, title="Open in Kiel", parent_key_result=shops, department=kiel
        )
        second = create_objective(SYSTEM, quarter, now=NOW, title="Hire", parent=first)
        alone = create_objective(SYSTEM, quarter, now=NOW, title="Alone")
        kpi = make_kpi(acme, "sales", name="Shop sales")
        create_key_result(SYSTEM, first, now=NOW, title="Sales to 200", kpi=kpi, start=100, target=200)
        return {"region": objective.pk, "kiel": first.pk, "hire": second.pk, "alone": alone.pk}


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_it_is_drawn_from_the_company_to_key_results(veras: Client, family: dict[str, UUID]) -> None:
    html = text(veras, TREE)
    for title in ("Win the region", "Open in Kiel", "Hire", "Alone", "Sales to 200"):
        assert title in html
    assert "moved by the KPI Shop sales" in html
    assert html.count('class="tree-link is-of-result"') == 2  # the link, and the legend's
    assert "Kiel" in html


def test_the_list_says_the_same(veras: Client, family: dict[str, UUID]) -> None:
    html = text(veras, f"{TREE}?view=list")
    assert re.search(r'aria-label="Aligned to this key result">\s*<li.*?Open in Kiel', html, re.DOTALL)
    assert re.search(r'aria-label="Aligned to this objective">\s*<li.*?Hire', html, re.DOTALL)
    assert "Shop sales</a>" in html
    assert '<svg class="tree' not in html


def test_it_unfolds_by_level_and_one_by_one(veras: Client, family: dict[str, UUID]) -> None:
    html = text(veras, f"{TREE}?view=list&levels=1")
    assert "Open in Kiel" not in html
    assert "2 objectives" in html
    html = text(veras, f"{TREE}?view=list&levels=1&open={family['region']}")
    assert "Open in Kiel" in html
    assert ">Hire<" not in html
    assert "+ 2 objectives" in text(veras, f"{TREE}?levels=1")


def test_the_focus_leaves_what_is_above_and_below(veras: Client, family: dict[str, UUID]) -> None:
    html = text(veras, f"{TREE}?view=list&focus={family['kiel']}")
    assert "Only what <strong>Open in Kiel</strong> serves" in html
    assert "Win the region" in html
    assert ">Hire<" in html
    assert "Alone" not in html


def test_a_key_result_can_be_the_focus(veras: Client, family: dict[str, UUID], shops: KeyResult) -> None:
    html = text(veras, f"{TREE}?focus={shops.pk}")
    assert "alignment-row is-focus" in html
    assert "Alone" not in html


def test_a_cycle_shows_what_its_objectives_serve_in_a_longer_one(
    veras: Client, family: dict[str, UUID], acme: Organization, objective: Objective
) -> None:
    with inside(acme):
        year = create_cycle(SYSTEM, now=NOW, name="2026", starts_on=date("2026-01-01"), ends_on=date("2026-12-31"))
        goal = create_objective(SYSTEM, year, now=NOW, title="Be the first choice", progress_from="both")
        create_objective(SYSTEM, year, now=NOW, title="Something else")
        align_objective(SYSTEM, objective, now=NOW, to=goal)
    html = text(veras, f"{TREE}?cycle={objective.cycle_id}")
    assert "Be the first choice" in html
    assert "Something else" not in html


def test_it_takes_the_same_queries_for_many(
    veras: Client, family: dict[str, UUID], acme: Organization, quarter: Cycle
) -> None:
    text(veras, TREE)
    with CaptureQueriesContext(connection) as few:
        text(veras, TREE)
    with inside(acme):
        for index in range(5):
            create_objective(SYSTEM, quarter, now=NOW, title=f"Another {index}")
    with CaptureQueriesContext(connection) as many:
        text(veras, TREE)
    assert len(many) == len(few)


def test_what_is_not_there_is_not_found(veras: Client, charlies: Client, family: dict[str, UUID]) -> None:
    assert veras.get(f"{TREE}?focus={UUID(int=1)}").status_code == 404
    assert veras.get(f"{TREE}?levels=many").status_code == 404
    assert charlies.get(TREE).status_code == 404


def test_without_objectives_it_says_what_it_is_for(veras: Client, quarter: Cycle) -> None:
    assert "Nothing to align yet" in text(veras, TREE)


class TestDrawing:
    def test_boxes_stand_beside_what_they_serve(self) -> None:
        row = Row("r", "Sign <shops>", "40 %", "on_track")
        child = Box("Hire", "Kiel", 0.5, 0.5, "50 %", "at_risk", of="r")
        root = Box("Win", "Company", 0.4, 0.5, "40 %", "on_track", rows=[row], children=[child])
        drawn = alignment([root], label="Tree")
        assert "Sign &lt;shops&gt;" in drawn
        assert len(re.findall(r'class="tree-node"', drawn)) == 2
        assert 'translate(12 12)"' in drawn
        assert 'translate(336 12)"' in drawn

    def test_nothing_is_an_empty_picture(self) -> None:
        assert "<svg" in alignment([], label="Tree")
