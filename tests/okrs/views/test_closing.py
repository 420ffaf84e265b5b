"""Closing a cycle step by step, and looking back at it."""

import re

import pytest
from django.test import Client

from accounts.actors import SYSTEM, Actor
from accounts.models import Member, Organization
from okrs.actions.checking_in import check_in
from okrs.actions.closing import close_cycle
from okrs.models import Cycle, KeyResult, Objective
from tests.cast import NOW, inside


@pytest.fixture
def address(quarter: Cycle) -> str:
    return f"/acme/cycles/{quarter.pk}/"


@pytest.fixture
def at_65(acme: Organization, shops: KeyResult) -> KeyResult:
    with inside(acme):
        check_in(SYSTEM, shops, now=NOW, value=65, confidence="on_track")
    return shops


def reload(acme: Organization, key_result: KeyResult) -> KeyResult:
    with inside(acme):
        return KeyResult.objects.get(pk=key_result.pk)


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_progress_proposes_grades_and_says_what_would_be_a_success(
    alices: Client, address: str, at_65: KeyResult
) -> None:
    html = text(alices, f"{address}close/")
    assert f'name="grade_{at_65.pk}" value="0.65"' in html
    assert "proposed 0.65" in html
    assert "Aspirational, a success at 0.7" in html
    assert "not a success" in html
    assert "0 of 1 objective succeeded. Nothing is closed yet." in html


def test_another_grade_needs_a_reason_and_is_kept(
    alices: Client, address: str, at_65: KeyResult, acme: Organization
) -> None:
    sent = {"step": "grades", f"grade_{at_65.pk}": "0.8", f"reason_{at_65.pk}": ""}
    response = alices.post(f"{address}close/", sent)
    assert response.status_code == 422
    assert "say in a few words why it is another grade" in response.content.decode()
    assert reload(acme, at_65).grade is None
    sent[f"reason_{at_65.pk}"] = "Two shops open on Monday."
    response = alices.post(f"{address}close/", sent)
    assert response.headers["Location"].endswith("close/?step=lessons")
    assert reload(acme, at_65).grade == 0.8
    html = text(alices, f"{address}close/")
    assert "1 of 1 objective succeeded" in html
    sent[f"grade_{at_65.pk}"], sent[f"reason_{at_65.pk}"] = "0.65", ""
    alices.post(f"{address}close/", sent)
    assert reload(acme, at_65).grade is None


def test_what_is_no_grade_is_refused(alices: Client, address: str, at_65: KeyResult) -> None:
    response = alices.post(f"{address}close/", {"step": "grades", f"grade_{at_65.pk}": "65"})
    assert response.status_code == 422
    assert "A grade goes from 0.0 to 1.0." in response.content.decode()


def test_what_was_learned_is_kept_on_the_way(alices: Client, address: str, quarter: Cycle, acme: Organization) -> None:
    sent = {"step": "lessons", "learned": "Ask earlier.", "carry_on": "The Monday call."}
    response = alices.post(f"{address}close/", sent)
    assert response.headers["Location"].endswith("close/?step=carry")
    assert "Ask earlier." in text(alices, f"{address}close/?step=lessons")


def test_the_end_closes_and_carries_over_into_the_next_quarter(
    alices: Client, address: str, at_65: KeyResult, acme: Organization, quarter: Cycle
) -> None:
    html = text(alices, f"{address}close/?step=carry")
    assert "Q1 2027 (new)" in html
    assert re.search(rf'value="{at_65.pk}"[^>]*checked', html)
    chosen = {"key_results": [str(at_65.pk)], "into": "next"}
    html = alices.post(f"{address}close/", {"step": "carry", **chosen}).content.decode()
    assert "goes on in <strong>Q1 2027 (new)</strong>" in html
    assert "Q4 2026 runs until 31 December 2026: 43 more days." in html
    with inside(acme):
        assert not Cycle.objects.get(pk=quarter.pk).is_closed
    response = alices.post(f"{address}close/", {"step": "end", **chosen}, follow=True)
    html = response.content.decode()
    assert "How Q4 2026 went" in html
    assert "1 key result carried over into Q1 2027." in html
    assert re.search(r"goes on in <a[^>]*>Q1 2027</a>", html)
    with inside(acme):
        following = KeyResult.objects.get(carried_from=at_65)
        assert (following.start, following.objective.cycle.name) == (65, "Q1 2027")
        assert KeyResult.objects.get(pk=at_65.pk).grade == pytest.approx(0.65)
        next_cycle = following.objective.cycle
    assert re.search(r"comes from <a[^>]*>Q4 2026</a>", text(alices, f"/acme/cycles/{next_cycle.pk}/"))


def test_who_closes_second_is_told_who_was_first(
    alices: Client, address: str, at_65: KeyResult, acme: Organization, quarter: Cycle, alice: Member
) -> None:
    with inside(acme):
        close_cycle(Actor(member=alice), quarter, now=NOW)
    for response in (
        alices.post(f"{address}close/", {"step": "end"}, follow=True),
        alices.get(f"{address}close/", follow=True),
    ):
        assert (
            "“Q4 2026” was closed by Alice on 18 November 2026. Nothing was changed again." in response.content.decode()
        )
        assert "How Q4 2026 went" in response.content.decode()


def test_a_cycle_that_did_not_begin_is_not_closed(alices: Client, acme: Organization, quarter: Cycle) -> None:
    with inside(acme):
        Cycle.objects.filter(pk=quarter.pk).update(state="planning")
    response = alices.get(f"/acme/cycles/{quarter.pk}/close/", follow=True)
    assert "is still being planned" in response.content.decode()


def test_carrying_over_needs_a_cycle_and_is_not_done_twice(
    alices: Client, address: str, at_65: KeyResult, acme: Organization, quarter: Cycle
) -> None:
    with inside(acme):
        close_cycle(SYSTEM, quarter, now=NOW)
    assert "Choose at least one." in alices.post(f"{address}carry/", {}).content.decode()
    response = alices.post(f"{address}carry/", {"key_results": [str(at_65.pk)], "into": ""})
    assert "Choose the cycle in which they go on." in response.content.decode()
    assert alices.post(f"{address}carry/", {"key_results": [str(at_65.pk)], "into": "next"}).status_code == 302
    with inside(acme):
        into = Cycle.objects.get(name="Q1 2027").pk
    response = alices.post(f"{address}carry/", {"key_results": [str(at_65.pk)], "into": str(into)})
    assert "was carried over into Q1 2027 already" in response.content.decode()


def test_lessons_can_be_put_better_afterwards(
    alices: Client, bobs: Client, address: str, acme: Organization, quarter: Cycle
) -> None:
    with inside(acme):
        close_cycle(SYSTEM, quarter, now=NOW, learned="Ask earlier.")
    assert bobs.post(address, {"learned": "Mine."}).status_code == 403
    html = alices.post(address, {"learned": "Ask much earlier.", "carry_on": ""}, follow=True).content.decode()
    assert "Ask much earlier." in html


def test_the_archive_finds_what_closed_cycles_had(
    alices: Client, acme: Organization, quarter: Cycle, at_65: KeyResult, objective: Objective
) -> None:
    assert "No cycle is closed yet" in text(alices, "/acme/cycles/archive/")
    with inside(acme):
        close_cycle(SYSTEM, quarter, now=NOW, learned="Ask earlier.\nMore.")
    html = text(alices, "/acme/cycles/archive/")
    assert "0 of 1 objective succeeded" in html
    assert "“Ask earlier.”" in html
    html = text(alices, "/acme/cycles/archive/?q=SHOPS")
    assert "Shops that sell us" in html
    assert "Win the region" in html  # the objective it belongs to
    assert "Nothing was called like that" in text(alices, "/acme/cycles/archive/?q=zeppelin")


def test_where_no_other_cycle_is_open_the_way_to_plan_one_is_shown(
    alices: Client, acme: Organization, quarter: Cycle, address: str, at_65: KeyResult
) -> None:
    with inside(acme):
        Cycle.objects.filter(pk=quarter.pk).update(length="custom")
    html = text(alices, f"{address}close/?step=carry")
    assert "No other cycle is planned" in html
    assert "/acme/cycles/new/" in html
    refused = alices.post(f"{address}close/", {"step": "carry", "key_results": [str(at_65.pk)]})
    assert "plan one first, or go on with nothing ticked" in refused.content.decode()
