"""Objectives and key results change places, by buttons that are plain forms."""

import re

import pytest
from django.test import Client

from accounts.actors import SYSTEM
from accounts.models import Organization
from okrs.actions.key_results import create_key_result
from okrs.actions.objectives import create_objective
from okrs.models import Cycle, KeyResult, Objective
from tests.cast import inside
from tests.okrs.views.conftest import BEGAN


@pytest.fixture
def second(acme: Organization, quarter: Cycle, objective: Objective) -> Objective:
    """Stands after the other one."""
    with inside(acme):
        return create_objective(SYSTEM, quarter, now=BEGAN, title="Keep who we have")


@pytest.fixture
def orders(acme: Organization, shops: KeyResult, objective: Objective) -> KeyResult:
    """Stands after the shops."""
    with inside(acme):
        return create_key_result(SYSTEM, objective, now=BEGAN, title="Orders a shop", start=0, target=9)


def named(client: Client, address: str, part: str) -> list[str]:
    """Whom the buttons of a page move, in its order."""
    page = client.get(address).content.decode()
    return re.findall(r"Move ([^<]+) up<", page[page.index(f'id="{part}"') :])


def test_an_objective_changes_places_with_the_one_before(
    alices: Client, objective: Objective, second: Objective
) -> None:
    peers = f"/acme/objectives/{objective.pk}/peers/"
    assert named(alices, peers, "objective-order") == ["Win the region", "Keep who we have"]
    answer = alices.post(f"/acme/objectives/{second.pk}/order/", {"step": "up"})
    assert answer["Location"] == f"/acme/objectives/{second.pk}/peers/"
    assert named(alices, answer["Location"], "objective-order") == ["Keep who we have", "Win the region"]


def test_the_first_one_stays_first(alices: Client, objective: Objective, second: Objective) -> None:
    alices.post(f"/acme/objectives/{objective.pk}/order/", {"step": "up"})
    assert named(alices, f"/acme/objectives/{objective.pk}/peers/", "objective-order")[0] == "Win the region"


def test_with_script_the_list_alone_is_answered(alices: Client, objective: Objective, second: Objective) -> None:
    answer = alices.post(f"/acme/objectives/{second.pk}/order/", {"step": "up"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.content.decode().strip().startswith('<section class="card" id="objective-order">')


def test_the_overview_leads_editors_to_the_order(
    alices: Client, bobs: Client, objective: Objective, second: Objective
) -> None:
    assert "Change the order" in alices.get("/acme/objectives/").content.decode()
    assert "Change the order" not in bobs.get("/acme/objectives/").content.decode()


def test_a_key_result_changes_places_with_the_next(
    bobs: Client, objective: Objective, shops: KeyResult, orders: KeyResult
) -> None:
    page = f"/acme/objectives/{objective.pk}/"
    assert named(bobs, page, "key-result-order") == ["Shops that sell us", "Orders a shop"]
    answer = bobs.post(f"/acme/key-results/{shops.pk}/order/", {"step": "down"})
    assert answer["Location"] == f"{page}#key-results"
    assert named(bobs, page, "key-result-order") == ["Orders a shop", "Shops that sell us"]


def test_with_script_the_objective_is_answered(bobs: Client, shops: KeyResult, orders: KeyResult) -> None:
    answer = bobs.post(f"/acme/key-results/{shops.pk}/order/", {"step": "down"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert 'id="objective"' in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_one_that_stands_alone_says_so(alices: Client, objective: Objective) -> None:
    page = alices.get(f"/acme/objectives/{objective.pk}/peers/").content.decode()
    assert "There is only this one" in page


def test_two_do_not(alices: Client, objective: Objective, second: Objective) -> None:
    assert "There is only this one" not in alices.get(f"/acme/objectives/{objective.pk}/peers/").content.decode()
