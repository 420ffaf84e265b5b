"""Targets: which rows are taken, when a change needs a reason, and that the original stays known."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actors import Actor
from accounts.models import AuditEntry, Member, Organization
from kpis.actions.definitions import update_kpi
from kpis.actions.targets import TargetRow, set_targets, targets_of
from kpis.models import Kpi, StaleMark, Target
from kpis.presenting.target_history import changes_of
from tests.cast import NOW, make_kpi

pytestmark = pytest.mark.usefixtures("in_acme")

# Now is 18 November 2026: October is over, November runs, December lies ahead.
OCTOBER, NOVEMBER, DECEMBER = (dt.date(2026, month, 1) for month in (10, 11, 12))


@pytest.fixture
def sales(in_acme: Organization) -> Kpi:
    return make_kpi(in_acme, "sales")


def refused(actor: Actor, kpi: Kpi, *rows: TargetRow, reason: str = "") -> list[tuple[str, Any, Any]]:
    """(message, row, field) of each refusal; and nothing was stored."""
    before = list(Target.objects.values_list("id", "replaced_at")), AuditEntry.objects.count()
    with pytest.raises(ValidationError) as raised:
        set_targets(actor, kpi, rows, now=NOW, reason=reason)
    assert (list(Target.objects.values_list("id", "replaced_at")), AuditEntry.objects.count()) == before
    errors = raised.value.error_dict["targets"]
    return [(error.messages[0], error.params["index"], error.params["field"]) for error in errors]


def test_targets_are_stored_audited_and_make_scores_stale_from_their_first_period(as_alice: Actor, sales: Kpi) -> None:
    set_targets(as_alice, sales, [TargetRow(dt.date(2026, 10, 15), target=700, floor=500)], now=NOW)
    row = Target.objects.get()
    assert (row.effective_from, row.target, row.floor, row.set_by) == (dt.date(2026, 10, 15), 700, 500, as_alice.member)
    assert AuditEntry.objects.get().changes == {"targets": [[], ["2026-10-15: target 700, floor 500"]]}
    mark = StaleMark.objects.get()
    assert (mark.kpi_id, mark.first_date, mark.last_date) == (sales.pk, OCTOBER, None)


@pytest.mark.parametrize(
    ("definition", "rows", "expected"),
    [
        ({}, [TargetRow(OCTOBER, target=1), TargetRow(dt.date(2026, 10, 9), target=2)],
         ("October 2026 has two targets; give it one.", 1, "effective_from")),
        ({"unit": "percent"}, [TargetRow(OCTOBER, target=0.5)],
         ("Give a floor (the red flag): 20 % of a percentage or ratio means nothing.", 0, "floor")),
        ({}, [TargetRow(OCTOBER, target=0)], ("Give a floor (the red flag): 20 % of 0 means nothing.", 0, "floor")),
        ({}, [TargetRow(OCTOBER, target=700, floor=700)],
         ("Floor and target are both 700; they must differ.", 0, "floor")),
        ({}, [TargetRow(OCTOBER, target=700, floor=800)],
         ("The floor (800) must lie below the target (700).", 0, "floor")),
        ({"direction": "decrease"}, [TargetRow(OCTOBER, target=2, floor=1)],
         ("The floor (1) must lie above the target (2).", 0, "floor")),
        ({"direction": "between"}, [TargetRow(OCTOBER, low=5, high=5)], ("Low (5) must lie below high (5).", 0, "low")),
        ({"direction": "between"}, [TargetRow(OCTOBER, low=5)],
         ("Keeping a value between two bounds needs both a low and a high.", 0, "low")),
        ({}, [TargetRow(OCTOBER, target=float("nan"))], ("The target is a number, not nan.", 0, "target")),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_scored_are_refused(
    in_acme: Organization, as_alice: Actor, definition: dict[str, str], rows: list[TargetRow], expected: Any
) -> None:
    assert refused(as_alice, make_kpi(in_acme, "defects", **definition), *rows) == [expected]


def test_the_first_target_may_reach_back_without_a_reason(as_alice: Actor, sales: Kpi) -> None:
    assert len(set_targets(as_alice, sales, [TargetRow(dt.date(2025, 1, 1), target=700)], now=NOW)) == 1


def test_changing_the_target_of_a_period_that_is_over_needs_a_reason(as_alice: Actor, sales: Kpi) -> None:
    set_targets(as_alice, sales, [TargetRow(OCTOBER, target=700)], now=NOW)
    message = "This changes the target of October 2026, which is over. Say why in a few words."
    assert refused(as_alice, sales, TargetRow(OCTOBER, target=800)) == [(message, 0, "reason")]
    set_targets(as_alice, sales, [TargetRow(OCTOBER, target=800, reason="A store was added")], now=NOW)
    kept = Target.objects.order_by("recorded_at", "id").values_list("target", "reason", "replaced_at")
    assert list(kept) == [(700, "", NOW), (800, "A store was added", None)]


def test_an_old_reason_does_not_excuse_a_new_change(as_alice: Actor, sales: Kpi) -> None:
    old = TargetRow(dt.date(2026, 9, 1), target=700, reason="As agreed in August")
    set_targets(as_alice, sales, [old, TargetRow(OCTOBER, target=900)], now=NOW)
    message = "This changes the target of October 2026, which is over. Say why in a few words."
    assert refused(as_alice, sales, old) == [(message, 0, "reason")]
    set_targets(as_alice, sales, [old], now=NOW, reason="October was a slip")
    assert [(row.target, row.reason) for row in targets_of(sales)] == [(700, "As agreed in August")]
    assert AuditEntry.objects.latest("id").changes["reason"] == [None, "October was a slip"]


@pytest.mark.parametrize(
    ("direction", "before", "easier", "harder"),
    [
        ("increase", {"target": 700}, {"target": 650}, {"target": 750}),
        ("increase", {"target": 700, "floor": 500}, {"target": 700, "floor": 400}, {"target": 700, "floor": 600}),
        ("decrease", {"target": 2}, {"target": 3}, {"target": 1}),
        ("between", {"low": 5, "high": 7}, {"low": 4, "high": 7}, {"low": 6, "high": 7}),
    ],
)  # fmt: skip
def test_making_the_running_period_easier_needs_a_reason_making_it_harder_does_not(
    in_acme: Organization,
    as_alice: Actor,
    direction: str,
    before: dict[str, float],
    easier: dict[str, float],
    harder: dict[str, float],
) -> None:
    kpi = make_kpi(in_acme, "kpi", direction=direction)
    set_targets(as_alice, kpi, [TargetRow(NOVEMBER, **before)], now=NOW)
    message = "This makes the target of November 2026 easier while it runs. Say why in a few words."
    assert refused(as_alice, kpi, TargetRow(NOVEMBER, **easier)) == [(message, 0, "reason")]
    set_targets(as_alice, kpi, [TargetRow(NOVEMBER, **harder)], now=NOW)
    assert targets_of(kpi)[0].reason == ""


def test_the_future_is_free(as_alice: Actor, sales: Kpi) -> None:
    set_targets(as_alice, sales, [TargetRow(OCTOBER, target=700), TargetRow(DECEMBER, target=900)], now=NOW)
    StaleMark.objects.all().delete()
    set_targets(as_alice, sales, [TargetRow(OCTOBER, target=700), TargetRow(DECEMBER, target=100)], now=NOW)
    assert [row.target for row in targets_of(sales)] == [700, 100]
    assert StaleMark.objects.get().first_date == DECEMBER


def test_removing_what_was_promised_needs_a_reason(as_alice: Actor, sales: Kpi) -> None:
    set_targets(as_alice, sales, [TargetRow(OCTOBER, target=700)], now=NOW)
    message = "This changes the target of October 2026, which is over. Say why in a few words."
    assert refused(as_alice, sales) == [(message, None, "reason")]
    assert set_targets(as_alice, sales, [], now=NOW, reason="Not a goal any more") == []


def test_a_reason_given_for_all_is_kept_with_the_new_rows_only(as_alice: Actor, sales: Kpi) -> None:
    set_targets(as_alice, sales, [TargetRow(dt.date(2026, 9, 1), target=600), TargetRow(OCTOBER, target=700)], now=NOW)
    rows = [TargetRow(dt.date(2026, 9, 1), target=600), TargetRow(OCTOBER, target=650)]
    set_targets(as_alice, sales, rows, now=NOW, reason="Strike")
    assert [(row.target, row.reason) for row in targets_of(sales)] == [(600, ""), (650, "Strike")]


def test_the_same_targets_again_write_nothing(as_alice: Actor, sales: Kpi) -> None:
    row = TargetRow(OCTOBER, target=700, reason="Why not")
    set_targets(as_alice, sales, [row], now=NOW)
    set_targets(as_alice, sales, [TargetRow(OCTOBER, target=700)], now=NOW)
    assert (Target.objects.count(), AuditEntry.objects.count()) == (1, 1)


def test_a_contributor_sets_targets_of_what_they_own(in_acme: Organization, bob: Member, sales: Kpi) -> None:
    own = make_kpi(in_acme, "own", owner=bob)
    assert set_targets(Actor(member=bob), own, [TargetRow(OCTOBER, target=1)], now=NOW)
    with pytest.raises(PermissionDenied):
        set_targets(Actor(member=bob), sales, [TargetRow(OCTOBER, target=1)], now=NOW)
    assert not targets_of(sales)


def test_by_when_and_how_it_was_come_by_are_kept(as_alice: Actor, sales: Kpi) -> None:
    row = TargetRow(OCTOBER, target=700, due_on=dt.date(2027, 6, 30), basis="+20 % on Q2 2026")
    set_targets(as_alice, sales, [row], now=NOW)
    stored = Target.objects.get()
    assert (stored.due_on, stored.basis) == (dt.date(2027, 6, 30), "+20 % on Q2 2026")
    said = "2026-10-01: target 700, by 2027-06-30, +20 % on Q2 2026"
    assert AuditEntry.objects.get().changes == {"targets": [[], [said]]}
    later = TargetRow(OCTOBER, target=700, due_on=dt.date(2027, 12, 31))
    set_targets(as_alice, sales, [later], now=NOW)  # the same number, so nothing that was promised changes
    assert [row.due_on for row in targets_of(sales)] == [dt.date(2027, 12, 31)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (TargetRow(dt.date(1066, 10, 14), target=1),
         ("There is no period on 1066-10-14; give a date from 1900-01-01 to 2200-12-31.", 0, "effective_from")),
        (TargetRow(OCTOBER, target=1, due_on=dt.date(9999, 1, 1)),
         ("There is no period on 9999-01-01; give a date from 1900-01-01 to 2200-12-31.", 0, "due_on")),
        (TargetRow(OCTOBER, target=1, due_on=dt.date(2026, 9, 30)),
         ("It holds from 1 October 2026 on, so it cannot be due on 30 September 2026; give a later date.",
          0, "due_on")),
    ],
)  # fmt: skip
def test_a_target_for_a_period_that_does_not_exist_is_refused(
    as_alice: Actor, sales: Kpi, row: TargetRow, expected: Any
) -> None:
    assert refused(as_alice, sales, row) == [expected]


def test_the_path_changes_with_the_rows_or_not_at_all(as_alice: Actor, sales: Kpi) -> None:
    rows = [TargetRow(DECEMBER, target=700), TargetRow(dt.date(2027, 6, 1), target=1000)]
    with pytest.raises(ValidationError):
        set_targets(as_alice, sales, [TargetRow(DECEMBER)], now=NOW, path="linear")
    assert Kpi.objects.get(pk=sales.pk).target_path == "step"
    set_targets(as_alice, sales, rows, now=NOW, path="linear")
    assert Kpi.objects.get(pk=sales.pk).target_path == "linear"


def test_a_straight_line_that_bends_in_a_period_that_is_over_needs_a_reason(as_alice: Actor, sales: Kpi) -> None:
    start, end = TargetRow(dt.date(2026, 8, 1), target=600), TargetRow(DECEMBER, target=1000)
    set_targets(as_alice, sales, [start, end], now=NOW, path="linear")
    message = "This changes the target of September 2026, which is over. Say why in a few words."
    assert refused(as_alice, sales, start, TargetRow(DECEMBER, target=900)) == [(message, 1, "reason")]
    StaleMark.objects.all().delete()
    set_targets(as_alice, sales, [start, TargetRow(DECEMBER, target=900, reason="Fewer stores")], now=NOW)
    assert StaleMark.objects.get().first_date == dt.date(2026, 9, 1)


def test_turning_steps_into_a_straight_line_needs_a_reason_where_periods_are_over(as_alice: Actor, sales: Kpi) -> None:
    rows = [TargetRow(dt.date(2026, 8, 1), target=600), TargetRow(DECEMBER, target=1000)]
    set_targets(as_alice, sales, rows, now=NOW)
    with pytest.raises(ValidationError):
        set_targets(as_alice, sales, rows, now=NOW, path="linear")
    set_targets(as_alice, sales, rows, now=NOW, path="linear", reason="It grows every month")
    assert Kpi.objects.get(pk=sales.pk).target_path == "linear"


def test_another_path_that_changes_a_promise_asks_why_like_another_target(as_alice: Actor, sales: Kpi) -> None:
    set_targets(as_alice, sales, [TargetRow(dt.date(2026, 7, 1), target=100), TargetRow(DECEMBER, target=200)], now=NOW)
    with pytest.raises(ValidationError) as raised:
        update_kpi(as_alice, sales, now=NOW, target_path="linear")
    error = raised.value.error_dict["reason"][0]
    assert error.code == "reason_required"
    assert error.messages == ["This changes the target of August 2026, which is over. Say why in a few words."]
    assert Kpi.objects.get().target_path == "step"
    update_kpi(as_alice, sales, now=NOW, target_path="linear", reason="It grows little by little")
    entry = AuditEntry.objects.filter(action="kpi.changed").get()
    assert entry.changes == {"target_path": ["step", "linear"], "reason": [None, "It grows little by little"]}
    told = changes_of(Kpi.objects.get(), Organization.objects.get())[0]
    assert told.reason == "It grows little by little"
    assert ("one target to the next", "in steps", "in a straight line") in told.rows


def test_another_path_that_changes_only_what_lies_ahead_asks_nothing(as_alice: Actor, sales: Kpi) -> None:
    update_kpi(as_alice, sales, now=NOW, target_path="linear")
    later = [TargetRow(DECEMBER, target=100), TargetRow(dt.date(2027, 6, 1), target=200)]
    set_targets(as_alice, sales, later, now=NOW)
    assert update_kpi(as_alice, sales, now=NOW, target_path="step").target_path == "step"
