"""Objectives: set, aligned without circles, averaged, removed without being forgotten."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actors import SYSTEM, Actor
from accounts.errors import ConflictError
from accounts.models import AuditEntry, Member, Organization
from okrs.actions.checking_in import check_in
from okrs.actions.cycles import create_cycle
from okrs.actions.key_results import create_key_result
from okrs.actions.objectives import (
    align_objective,
    create_objective,
    remove_objective,
    reorder_objectives,
    update_objective,
)
from okrs.models import Cycle, KeyResult, Objective, ProgressRecord
from okrs.reading import NotThereYetError, load_cycle, load_objective, load_objectives
from tests.cast import NOW
from tests.okrs.conftest import TODAY, MakeKeyResult, at, date


@pytest.fixture
def year(in_acme: Organization) -> Cycle:
    return create_cycle(
        SYSTEM, now=at("2026-01-01"), name="2026", starts_on=date("2026-01-01"), ends_on=date("2026-12-31")
    )


def set_one(cycle: Cycle, title: str, **fields: object) -> Objective:
    return create_objective(SYSTEM, cycle, now=at("2026-10-01"), title=title, **fields)


def measure(objective: Objective, value: float, *, weight: float = 1, target: float = 100) -> KeyResult:
    key_result = create_key_result(
        SYSTEM, objective, now=at("2026-10-01"), title=f"Reach {value}", start=0, target=target, weight=weight
    )
    check_in(SYSTEM, key_result, now=NOW, value=value, confidence="on_track")
    return key_result


def test_an_objective_is_the_weighted_mean_of_its_key_results_each_within_bounds(
    in_acme: Organization, objective: Objective
) -> None:
    measure(objective, 0, weight=1)
    measure(objective, 200, weight=1)
    assert load_objective(in_acme, objective, TODAY).progress == 0.5
    measure(objective, 100, weight=2)
    assert load_objective(in_acme, objective, TODAY).progress == 0.75


def test_without_anything_to_average_there_is_no_data(in_acme: Organization, objective: Objective) -> None:
    view = load_objective(in_acme, objective, TODAY)
    assert (view.progress, view.status) == (0, "no_data")


def test_children_count_as_asked_and_those_of_key_results_only_stand_beneath(
    in_acme: Organization, quarter: Cycle, objective: Objective
) -> None:
    own = measure(objective, 20)
    child = set_one(quarter, "Open shops", parent=objective)
    measure(child, 60)
    beneath = set_one(quarter, "Hire", parent_key_result=own)
    measure(beneath, 100)
    assert load_objective(in_acme, objective, TODAY).progress == 0.2
    update_objective(SYSTEM, objective, now=NOW, progress_from="children")
    assert load_objective(in_acme, objective, TODAY).progress == 0.6
    update_objective(SYSTEM, objective, now=NOW, progress_from="both")
    view = load_objective(in_acme, objective, TODAY)
    assert view.progress == pytest.approx(0.4)
    assert [one.objective.title for one in view.aligned] == ["Open shops", "Hire"]


def test_a_child_of_a_shorter_cycle_counts_by_its_share(in_acme: Organization, year: Cycle, quarter: Cycle) -> None:
    of_the_year = set_one(year, "Grow", progress_from="children")
    child = set_one(quarter, "Win the region", parent=of_the_year)
    measure(child, 100)
    assert load_objective(in_acme, of_the_year, TODAY).progress == pytest.approx(92 / 365)


def test_aligning_in_a_circle_is_refused_with_the_path(quarter: Cycle, objective: Objective) -> None:
    shops = set_one(quarter, "Open shops", parent=objective)
    key_result = measure(shops, 1)
    hire = set_one(quarter, "Hire", parent_key_result=key_result)
    with pytest.raises(ValidationError) as refused:
        align_objective(SYSTEM, objective, now=NOW, to=hire)
    assert refused.value.message_dict["parent"] == [
        "“Win the region” cannot be aligned to “Hire”, which serves it: "
        "Win the region → Hire → Open shops → Win the region."
    ]
    with pytest.raises(ValidationError, match="cannot be aligned to itself"):
        align_objective(SYSTEM, objective, now=NOW, to=objective)
    with pytest.raises(ValidationError, match="Open shops → Hire → Open shops"):
        align_objective(SYSTEM, shops, now=NOW, to=create_key_result_of(hire))


def create_key_result_of(objective: Objective) -> KeyResult:
    return measure(objective, 1)


def test_aligned_to_one_thing_only_and_to_a_cycle_that_overlaps(
    in_acme: Organization, quarter: Cycle, objective: Objective
) -> None:
    key_result = measure(objective, 1)
    with pytest.raises(ValidationError, match="leave one of them out"):
        set_one(quarter, "Hire", parent=objective, parent_key_result=key_result)
    later = create_cycle(SYSTEM, now=NOW, name="Q1 2027", starts_on=date("2027-01-01"), ends_on=date("2027-03-31"))
    with pytest.raises(ValidationError, match="Q4 2026, which has no day in common with Q1 2027"):
        set_one(later, "Hire", parent=objective)
    child = set_one(quarter, "Hire", parent=objective)
    moved = align_objective(SYSTEM, child, now=NOW, to=key_result)
    assert (moved.parent, moved.parent_key_result) == (None, key_result)
    assert align_objective(SYSTEM, child, now=NOW, to=None).parent_key_result is None
    assert AuditEntry.objects.filter(action="objective.aligned").count() == 2


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": " "}, "cannot be blank"),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"weight": 0}, "above 0"),
        ({"weight": -1}, "above 0"),
        ({"weight": float("inf")}, "above 0"),
        ({"kind": "wild"}, "not a valid choice"),
        ({"description": "\0"}, "NUL"),
    ],
)
def test_what_makes_no_sense_is_refused(quarter: Cycle, fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        create_objective(SYSTEM, quarter, now=NOW, **{"title": "Fine", **fields})
    assert not Objective.objects.exists()


def test_contributors_set_and_change_their_own(
    quarter: Cycle, objective: Objective, bob: Member, as_bob: Actor, as_vera: Actor
) -> None:
    own = create_objective(as_bob, quarter, now=NOW, title="Bake", owner=bob)
    update_objective(as_bob, own, now=NOW, title="Bake bread")
    create_key_result(as_bob, own, now=NOW, title="Loaves", start=0, target=9)
    for refused in (
        lambda: create_objective(as_bob, quarter, now=NOW, title="For nobody"),
        lambda: update_objective(as_bob, objective, now=NOW, title="Mine"),
        lambda: remove_objective(as_bob, objective, now=NOW),
        lambda: reorder_objectives(as_bob, [own, objective], now=NOW),
        lambda: create_objective(as_vera, quarter, now=NOW, title="Watch", owner=as_vera.member),
    ):
        with pytest.raises(PermissionDenied):
            refused()


def test_what_others_are_aligned_to_is_not_removed(quarter: Cycle, objective: Objective) -> None:
    key_result = measure(objective, 1)
    child = set_one(quarter, "Open shops", parent_key_result=key_result)
    with pytest.raises(ConflictError, match="“Open shops” is aligned to “Win the region”"):
        remove_objective(SYSTEM, objective, now=NOW)
    remove_objective(SYSTEM, child, now=NOW)
    remove_objective(SYSTEM, objective, now=NOW)
    assert not Objective.objects.exists()
    assert not KeyResult.objects.exists()
    assert not ProgressRecord.objects.exists()


def test_the_past_knows_what_was_removed_and_what_was_not_there_yet(
    in_acme: Organization, quarter: Cycle, objective: Objective, make: MakeKeyResult
) -> None:
    check_in(SYSTEM, make(), now=at("2026-11-06"), value=30, confidence="on_track")
    update_objective(SYSTEM, objective, now=at("2026-11-10"), title="Win it all")
    remove_objective(SYSTEM, objective, now=at("2026-11-12"))
    then = load_cycle(in_acme, quarter, date("2026-11-09"), at("2026-11-09"))
    assert [(view.objective.title, view.progress) for view in then.objectives] == [("Win the region", 0.3)]
    later = load_cycle(in_acme, quarter, date("2026-11-11"), at("2026-11-11"))
    assert [view.objective.title for view in later.objectives] == ["Win it all"]
    assert load_cycle(in_acme, quarter, TODAY, NOW).objectives == []
    with pytest.raises(NotThereYetError):
        load_objective(in_acme, objective, date("2026-09-01"), at("2026-09-01"))


def test_upwards_loads_each_step_of_the_way(in_acme: Organization, quarter: Cycle, objective: Objective) -> None:
    update_objective(SYSTEM, objective, now=NOW, progress_from="children")
    child = set_one(quarter, "Open shops", parent=objective)
    other = set_one(quarter, "Close none", parent=objective)
    measure(child, 50)
    measure(other, 100)
    for as_of in (None, NOW):
        views = load_objectives(in_acme, [child.pk], TODAY, as_of, upwards=True)
        assert views[objective.pk].progress == 0.75
        assert list(load_objectives(in_acme, [child.pk], TODAY, as_of)) == [child.pk]


def test_objectives_of_one_cycle_have_an_order(quarter: Cycle, objective: Objective) -> None:
    other = set_one(quarter, "Open shops")
    reorder_objectives(SYSTEM, [other, objective], now=NOW)
    assert list(Objective.objects.in_order()) == [other, objective]
    with pytest.raises(ValidationError, match="stands in the order twice"):
        reorder_objectives(SYSTEM, [other, other], now=NOW)


def test_objectives_series_is_drawn_day_by_day(in_acme: Organization, objective: Objective) -> None:
    measure(objective, 40)
    series = load_objective(in_acme, objective, TODAY).series()
    assert len(series) == 49
    assert (series[-2], series[-1]) == (None, 0.4)
