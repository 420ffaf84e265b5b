"""Key results: what makes sense, why promises change, what their past was."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actors import SYSTEM, Actor
from accounts.errors import ConflictError
from accounts.models import Member, Organization
from okrs.actions.checking_in import check_in
from okrs.actions.key_results import (
    create_key_result,
    remove_key_result,
    reorder_key_results,
    update_key_result,
)
from okrs.actions.objectives import create_objective
from okrs.models import Cycle, KeyResult, KeyResultVersion, Objective, ProgressRecord
from okrs.reading import load_objective
from tests.cast import NOW
from tests.okrs.conftest import TODAY, MakeKeyResult, at, date, is_settled, view_of


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"start": 100, "target": 100}, "target", "choose “keep at least” or “keep at most” instead"),
        ({"start": 0.1 + 0.2, "target": 0.3}, "target", "no way to go"),
        ({"start": 0}, "target", "Say what it is to reach."),
        ({"target": 5}, "start", "Say where it starts, or link a KPI"),
        ({"start": 0, "target": float("inf")}, "target", "Give a finite number."),
        ({"start": 0, "target": 5, "low": 1}, "low", "“From a start to a target” has none; leave this out"),
        ({"kind": "at_least"}, "low", "Say what it is to be at least."),
        ({"kind": "at_most"}, "high", "Say what it is to be at most."),
        ({"kind": "between", "low": 2, "high": 2}, "high", "must be above the lowest, 2"),
        ({"kind": "between", "low": 2}, "high", "Say up to which value."),
        ({"kind": "at_least", "low": 1, "plan": [["2026-11-01", 1]]}, "plan", "needs no plan"),
        ({"kind": "at_least", "low": 1, "checkpoints": [[1, 0.5]]}, "checkpoints", "leave them out"),
        ({"kind": "wish"}, "kind", "not a valid choice"),
        ({"start": 0, "target": 5, "weight": 0}, "weight", "above 0"),
        ({"start": 0, "target": 5, "weight": float("nan")}, "weight", "above 0"),
        ({"start": 0, "target": 5, "unit": "currency:XXQ"}, "unit", "not a currency"),
        ({"start": 0, "target": 5, "title": ""}, "title", "cannot be blank"),
        ({"start": 0, "target": 5, "cadence": "weekly", "cadence_day": 7}, "cadence_day", "from 0 (Monday) to 6"),
        ({"start": 0, "target": 5, "cadence": "monthly", "cadence_day": 0}, "cadence_day", "from 1 to 31"),
        ({"start": 0, "target": 5, "reads": "latest"}, "reads", "Only what is linked to a KPI"),
        ({"start": 0, "target": 5, "checkpoints": [[6, 0.5]]}, "checkpoints", "go from start to target"),
        ({"start": 0, "target": 5, "checkpoints": [[1, True]]}, "checkpoints", "Each checkpoint is a value"),
        ({"start": 0, "target": 5, "checkpoints": {"1": 2}}, "checkpoints", "Checkpoints are a list"),
        ({"start": 0, "target": 5, "plan": [["2027-01-01", 1]]}, "plan", "lies outside the cycle"),
        ({"start": 0, "target": 5, "plan": [["2026-11-02", 1], ["2026-11-01", 2]]}, "plan", "the earliest first"),
        ({"start": 0, "target": 5, "plan": [["soon", 1]]}, "plan", "is a date, such as 2026-11-30, and a number"),
        ({"start": 0, "target": 5, "plan": "later"}, "plan", "A plan is a list"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(
    objective: Objective, fields: dict[str, object], field: str, message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        create_key_result(SYSTEM, objective, now=NOW, **{"title": "Fine", **fields})  # type: ignore[arg-type]
    assert message in " ".join(refused.value.message_dict[field])
    assert not KeyResult.objects.exists()


def test_everything_that_is_wrong_is_said_at_once(objective: Objective) -> None:
    with pytest.raises(ValidationError) as refused:
        create_key_result(SYSTEM, objective, now=NOW, title="", weight=0, cadence_day=9)
    assert set(refused.value.message_dict) == {"title", "weight", "start", "target", "cadence_day"}


def test_the_owner_is_the_objectives_unless_named(objective: Objective, alice: Member, bob: Member) -> None:
    assert create_key_result(SYSTEM, objective, now=NOW, title="A", start=0, target=1).owner == alice
    assert create_key_result(SYSTEM, objective, now=NOW, title="B", start=0, target=1, owner=bob).owner == bob


def test_a_plan_says_what_is_expected(make: MakeKeyResult) -> None:
    key_result = make(start=0, target=100, plan=[["2026-11-30", 20]])
    assert view_of(key_result, date("2026-11-30")).expected == pytest.approx(0.2)
    assert view_of(key_result, date("2026-12-31")).expected == 1


def test_changing_what_was_promised_needs_a_reason_once_somebody_checked_in(
    make: MakeKeyResult, in_acme: Organization, as_alice: Actor
) -> None:
    key_result = make()
    update_key_result(SYSTEM, key_result, now=at("2026-10-02"), target=80)
    check_in(SYSTEM, key_result, now=at("2026-11-06"), value=40, confidence="on_track")
    update_key_result(SYSTEM, key_result, now=at("2026-11-07"), title="Shops")
    with pytest.raises(ValidationError, match="say in a few words why it changes"):
        update_key_result(SYSTEM, key_result, now=NOW, target=160)
    update_key_result(as_alice, key_result, now=NOW, target=160, reason="We bought a chain.")
    assert view_of(key_result).progress_raw == 0.25
    assert view_of(key_result, as_of=at("2026-11-08")).progress_raw == 0.5
    versions = list(KeyResultVersion.objects.filter(key_result=key_result).newest_first())
    assert [version.definition["target"] for version in versions] == [160, 80, 80, 100]
    assert (versions[0].reason, versions[0].member) == ("We bought a chain.", as_alice.member)
    assert is_settled(in_acme)


def test_another_kind_forgets_the_numbers_it_does_not_have(make: MakeKeyResult) -> None:
    key_result = make(start=0, target=100, checkpoints=[[50, 0.2]], plan=[["2026-11-01", 10]])
    kept = update_key_result(SYSTEM, key_result, now=NOW, kind="at_least", low=95)
    assert (kept.start, kept.target, kept.low, kept.checkpoints, kept.plan) == (None, None, 95, [], [])


def test_owners_of_the_objective_and_of_the_key_result_change_it_and_others_do_not(
    quarter: Cycle, make: MakeKeyResult, bob: Member, as_bob: Actor, as_vera: Actor
) -> None:
    others, own = make(), make("Own", owner=bob)
    bobs = create_objective(SYSTEM, quarter, now=NOW, title="Bob's", owner=bob)
    under_bob = make("Under", objective=bobs)
    for allowed in (own, under_bob):
        update_key_result(as_bob, allowed, now=NOW, target=99)
    for actor, refused in ((as_bob, others), (as_vera, own)):
        with pytest.raises(PermissionDenied):
            update_key_result(actor, refused, now=NOW, target=99)
        with pytest.raises(PermissionDenied):
            remove_key_result(actor, refused, now=NOW)
    with pytest.raises(PermissionDenied):
        create_key_result(as_bob, others.objective, now=NOW, title="Mine", start=0, target=1)


def test_a_removed_key_result_counts_no_more_and_stays_in_the_past(
    make: MakeKeyResult, in_acme: Organization, objective: Objective
) -> None:
    key_result = make()
    check_in(SYSTEM, key_result, now=at("2026-11-06"), value=30, confidence="on_track")
    remove_key_result(SYSTEM, key_result, now=NOW)
    assert load_objective(in_acme, objective, TODAY).status == "no_data"
    assert load_objective(in_acme, objective, TODAY, at("2026-11-07")).progress == 0.3
    assert not ProgressRecord.objects.exists()
    with pytest.raises(ConflictError, match="was removed"):
        check_in(SYSTEM, key_result, now=NOW, value=1, confidence="on_track")


def test_key_results_of_one_objective_have_an_order(make: MakeKeyResult, objective: Objective) -> None:
    first, second = make("First"), make("Second")
    reorder_key_results(SYSTEM, [second, first], now=NOW)
    assert list(objective.key_results.in_order()) == [second, first]
