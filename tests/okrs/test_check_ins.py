"""Checking in: what is said counts, is corrected without being forgotten, and is refused where it makes no sense."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actors import SYSTEM, Actor
from accounts.errors import ConflictError
from accounts.models import AuditEntry, Member, Organization
from accounts.sentences import told
from okrs.actions.checking_in import check_in, correct_check_in, remove_check_in
from okrs.actions.closing import close_cycle
from okrs.actions.milestones import MilestoneSpec, mark_milestone
from okrs.models import CheckIn, CheckInRevision, Cycle, KeyResult
from tests.cast import NOW
from tests.okrs.conftest import MakeKeyResult, at, date, is_settled, view_of


def test_a_check_in_moves_its_key_result_in_the_same_transaction(make: MakeKeyResult) -> None:
    key_result = make()
    check_in(SYSTEM, key_result, now=NOW, value=40, confidence="on_track", comment=" Going well. ")
    view = view_of(key_result)
    assert (view.current, view.progress_raw, view.confidence) == (40, 0.4, "on_track")
    assert view.expected == pytest.approx(49 / 92)
    assert view.status == "at_risk"
    assert view.check_in
    assert view.check_in.comment == "Going well."


@pytest.mark.parametrize(
    ("fields", "value", "progress"),
    [
        ({"start": 20, "target": 100}, 0, -0.25),
        ({"start": 100, "target": 20}, 80, 0.25),
        ({"start": 100, "target": 60}, 50, 1.25),
        ({"start": 0, "target": 100, "checkpoints": [[50, 0.2]]}, 50, 0.2),
    ],
)
def test_progress_is_raw_and_shown_backwards_and_beyond(
    make: MakeKeyResult, fields: dict[str, object], value: float, progress: float
) -> None:
    key_result = make(**fields)
    check_in(SYSTEM, key_result, now=NOW, value=value, confidence="on_track")
    assert view_of(key_result).progress_raw == progress
    assert view_of(key_result).progress == min(max(progress, 0), 1)


def test_words_alone_leave_the_value_as_it_was(make: MakeKeyResult) -> None:
    key_result = make()
    check_in(SYSTEM, key_result, now=at("2026-11-06"), value=30, confidence="on_track")
    check_in(SYSTEM, key_result, now=NOW, confidence="off_track", comment="We lost the lease.")
    view = view_of(key_result)
    assert (view.current, view.confidence) == (30, "off_track")


def test_the_same_day_again_corrects_and_keeps_what_was_said(make: MakeKeyResult) -> None:
    key_result = make()
    first = check_in(SYSTEM, key_result, now=at("2026-11-06"), value=30, confidence="on_track")
    again = check_in(SYSTEM, key_result, now=NOW, on=date("2026-11-06"), value=20, confidence="at_risk")
    assert again.pk == first.pk
    assert CheckIn.objects.get().value == 20
    revision = CheckInRevision.objects.get()
    assert (revision.value, revision.recorded_at, revision.replaced_at) == (30, at("2026-11-06"), NOW)
    assert view_of(key_result).progress_raw == 0.2
    assert view_of(key_result, date("2026-11-07"), at("2026-11-07")).progress_raw == 0.3
    check_in(SYSTEM, key_result, now=NOW, on=date("2026-11-06"), value=20, confidence="at_risk")
    assert CheckInRevision.objects.count() == 1


def test_a_corrected_day_takes_the_value_along(make: MakeKeyResult, in_acme: Organization) -> None:
    key_result = make()
    said = check_in(SYSTEM, key_result, now=NOW, value=30, confidence="on_track")
    correct_check_in(SYSTEM, said, now=NOW, on=date("2026-11-13"))
    assert [(record.on, record.progress_raw) for record in view_of(key_result).trend] == [(date("2026-11-13"), 0.3)]
    check_in(SYSTEM, key_result, now=NOW, value=35, confidence="on_track")
    with pytest.raises(ValidationError, match="There is a check-in of 13 November 2026 already"):
        correct_check_in(SYSTEM, CheckIn.objects.newest_first()[0], now=NOW, on=date("2026-11-13"))
    assert is_settled(in_acme)


def test_a_check_in_taken_back_is_known_to_the_past_alone(make: MakeKeyResult) -> None:
    key_result = make()
    said = check_in(SYSTEM, key_result, now=at("2026-11-06"), value=30, confidence="on_track")
    remove_check_in(SYSTEM, said, now=NOW)
    assert view_of(key_result).current is None
    assert view_of(key_result, date("2026-11-10"), at("2026-11-10")).current == 30


@pytest.mark.parametrize(
    ("said", "field", "message"),
    [
        ({"on": date("2026-11-19")}, "on", "This day lies ahead"),
        ({"on": date("2026-09-30")}, "on", "Q4 2026 begins on 1 October 2026; check in as of that day or later."),
        ({"value": float("nan")}, "value", "Give a finite number."),
        ({"confidence": "sure"}, "confidence", "one of on_track, at_risk, off_track"),
        ({"comment": "x" * 5001}, "comment", "5,000 characters at most"),
        ({"comment": "\0"}, "comment", "NUL"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(
    make: MakeKeyResult, said: dict[str, object], field: str, message: str
) -> None:
    key_result = make()
    with pytest.raises(ValidationError, match=message) as refused:
        check_in(SYSTEM, key_result, now=NOW, **{"value": 1, "confidence": "on_track", **said})  # type: ignore[arg-type]
    assert field in refused.value.message_dict
    assert not CheckIn.objects.exists()


def test_milestones_take_no_values(make: MakeKeyResult) -> None:
    key_result = make(kind="milestones", milestones=[MilestoneSpec("Sign the lease")])
    with pytest.raises(ValidationError, match="It moves with its milestones"):
        check_in(SYSTEM, key_result, now=NOW, value=1, confidence="on_track")
    check_in(SYSTEM, key_result, now=NOW, confidence="at_risk", comment="The landlord hesitates.")
    assert view_of(key_result).confidence == "at_risk"


def test_after_the_cycle_is_closed_nothing_is_said_any_more(make: MakeKeyResult, quarter: Cycle) -> None:
    key_result = make()
    said = check_in(SYSTEM, key_result, now=NOW, value=30, confidence="on_track")
    close_cycle(SYSTEM, quarter, now=NOW)
    with pytest.raises(ConflictError, match="“Q4 2026” is closed"):
        check_in(SYSTEM, key_result, now=NOW, value=40, confidence="on_track")
    with pytest.raises(ConflictError, match="“Q4 2026” is closed"):
        correct_check_in(SYSTEM, said, now=NOW, value=40)
    with pytest.raises(ConflictError, match="“Q4 2026” is closed"):
        remove_check_in(SYSTEM, said, now=NOW)


def test_owners_check_in_on_what_they_own_and_viewers_on_nothing(
    make: MakeKeyResult, bob: Member, as_bob: Actor, vera: Member, as_vera: Actor
) -> None:
    own, others, veras = make(owner=bob), make("Another"), make("Vera's", owner=vera)
    said = check_in(as_bob, own, now=NOW, value=1, confidence="on_track")
    assert said.member == bob
    with pytest.raises(PermissionDenied):
        check_in(as_bob, others, now=NOW, value=1, confidence="on_track")
    with pytest.raises(PermissionDenied):
        check_in(as_vera, veras, now=NOW, value=1, confidence="on_track")


def test_the_audit_log_tells_of_it(make: MakeKeyResult, as_alice: Actor) -> None:
    key_result = make()
    check_in(as_alice, key_result, now=NOW, value=1, confidence="on_track")
    entry = AuditEntry.objects.filter(action="check_in.recorded").get()
    assert str(told(entry)) == "Alice checked in on Reach 100 shops"
    assert entry.changes["value"] == [None, 1]


class TestWhatIsOwed:
    def test_a_weekly_check_in_is_stale_after_three_days(self, make: MakeKeyResult) -> None:
        key_result = make()  # weekly, on Fridays
        check_in(SYSTEM, key_result, now=at("2026-11-06"), value=1, confidence="on_track")
        assert view_of(key_result, date("2026-11-12")).owed_since is None
        assert view_of(key_result, date("2026-11-13")).owed_since == date("2026-11-13")
        assert not view_of(key_result, date("2026-11-16")).stale
        assert view_of(key_result, date("2026-11-17")).stale

    def test_done_a_day_early_satisfies_the_coming_one(self, make: MakeKeyResult) -> None:
        key_result = make()
        check_in(SYSTEM, key_result, now=at("2026-11-12"), value=1, confidence="on_track")
        assert view_of(key_result, date("2026-11-13")).owed_since is None
        assert view_of(key_result, date("2026-11-13")).next_due == date("2026-11-20")

    def test_nothing_is_owed_for_the_time_before_it_was_set(self, make: MakeKeyResult) -> None:
        key_result = make(now=at("2026-11-10"))
        assert view_of(key_result, date("2026-11-12")).owed_since is None
        assert view_of(key_result, date("2026-11-12")).next_due == date("2026-11-13")
        assert view_of(key_result, date("2026-11-18")).owed_since == date("2026-11-13")


class TestKeeping:
    def test_what_is_kept_counts_the_periods_in_which_it_held(self, make: MakeKeyResult, in_acme: Organization) -> None:
        key_result = make(kind="at_least", low=95, cadence="monthly", cadence_day=31)
        assert view_of(key_result, date("2026-10-31")).expected == pytest.approx(1 / 3)
        check_in(SYSTEM, key_result, now=at("2026-10-31"), value=95, confidence="on_track")
        view = view_of(key_result, date("2026-11-10"))
        assert (view.progress_raw, view.expected, view.current) == (pytest.approx(1 / 3), pytest.approx(1 / 3), 95)
        assert view.status == "on_track"
        late = view_of(key_result, date("2026-11-30"))
        assert late.expected == pytest.approx(2 / 3)
        assert is_settled(in_acme)

    def test_a_value_said_early_counts_from_the_day_it_was_due(self, make: MakeKeyResult) -> None:
        key_result = make(kind="between", low=1, high=2, cadence="monthly", cadence_day=20)
        check_in(SYSTEM, key_result, now=at("2026-10-15"), value=2, confidence="on_track")
        assert view_of(key_result, date("2026-10-16")).progress_raw == 0
        assert view_of(key_result, date("2026-10-16")).current == 2
        assert view_of(key_result, date("2026-10-20")).progress_raw == pytest.approx(1 / 3)


def test_milestones_count_by_weight_from_the_day_they_are_done(make: MakeKeyResult) -> None:
    key_result = make(kind="milestones", milestones=[MilestoneSpec("Lease", 3), MilestoneSpec("Fittings", 1)])
    lease, fittings = key_result.milestones.in_order()
    mark_milestone(SYSTEM, lease, now=NOW, done_on=date("2026-10-12"))
    assert [(one.on, one.current, one.progress_raw) for one in view_of(key_result).trend] == [
        (date("2026-10-12"), 3, 0.75)
    ]
    mark_milestone(SYSTEM, fittings, now=NOW)
    assert view_of(key_result).status == "achieved"
    mark_milestone(SYSTEM, lease, now=at("2026-11-19"), done=False)
    assert view_of(key_result).progress_raw == 0.25
    assert view_of(key_result, as_of=NOW).progress_raw == 1


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (MilestoneSpec(" "), "Say what is to be done"),
        (MilestoneSpec("Lease", 0), "above 0"),
        (MilestoneSpec("Lease", 1, date("2026-11-19")), "This date lies ahead"),
        (MilestoneSpec("Lease", 1, date("2026-09-30")), "Q4 2026 begins on 1 October 2026"),
    ],
)
def test_a_milestone_that_makes_no_sense_is_refused_and_nothing_is_stored(
    make: MakeKeyResult, step: MilestoneSpec, message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        make(kind="milestones", milestones=[MilestoneSpec("Fine"), step], now=NOW)
    assert not KeyResult.objects.exists()
