"""Cycles: planned, begun, closed once, gone on with; made ahead by themselves."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actors import SYSTEM, Actor
from accounts.errors import ConflictError
from accounts.models import AuditEntry, Member, Organization, Wakeup
from accounts.sentences import SENTENCES
from okrs.actions.ahead import PLAN, create_cycles_ahead, set_rhythms
from okrs.actions.carrying import carry_over, clone_cycle
from okrs.actions.checking_in import check_in
from okrs.actions.closing import Grade, close_cycle, grade_key_result, propose_grades
from okrs.actions.cycles import activate_cycle, create_cycle, remove_cycle, update_cycle
from okrs.actions.initiatives import create_initiative, remove_initiative, update_initiative
from okrs.actions.key_results import create_key_result, remove_key_result, update_key_result
from okrs.actions.milestones import MilestoneSpec, mark_milestone, set_milestones
from okrs.actions.objectives import create_objective, remove_objective, update_objective
from okrs.models import Cycle, CycleRhythm, Initiative, KeyResult, Objective
from okrs.reading import load_cycle
from okrs.tasks import plan_cycles
from tests.cast import NOW
from tests.okrs.conftest import TODAY, MakeKeyResult, at, date, is_settled, view_of


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"ends_on": date("2027-01-01")}, "ends_on", "so it cannot end on 1 January 2027"),
        ({"ends_on": date("2026-12-01")}, "ends_on", "give a later date"),
        ({"ends_on": date("2031-01-01")}, "ends_on", "three years at most"),
        ({"name": "q4 2026"}, "name", "There is a cycle called “Q4 2026” already"),
        ({"name": ""}, "name", "cannot be blank"),
        ({"length": "month"}, "length", "not a valid choice"),
    ],
)
def test_what_makes_no_sense_is_refused(quarter: Cycle, fields: dict[str, object], field: str, message: str) -> None:
    given = {"name": "Q1 2027", "starts_on": date("2027-01-01"), "ends_on": date("2027-03-31"), **fields}
    with pytest.raises(ValidationError) as refused:
        create_cycle(SYSTEM, now=NOW, **given)  # type: ignore[arg-type]
    assert message in " ".join(refused.value.message_dict[field])
    assert Cycle.objects.get() == quarter


def test_a_page_opens_with_a_cycle_for_today_rather_than_a_later_one(in_acme: Organization) -> None:
    now, today = at("2026-11-24"), date("2026-11-24")
    spans = {"Q1 2027": ("2027-01-01", "2027-03-31"), "2027": ("2027-01-01", "2027-12-31")}
    for name, (starts, ends) in spans.items():
        create_cycle(SYSTEM, now=now, name=name, starts_on=date(starts), ends_on=date(ends))
    assert Cycle.objects.to_show(today).name == "Q1 2027"
    planned = create_cycle(SYSTEM, now=now, name="H2", starts_on=date("2026-07-01"), ends_on=date("2026-12-31"))
    assert Cycle.objects.to_show(today) == planned
    old = create_cycle(SYSTEM, now=now, name="Old", starts_on=date("2026-01-01"), ends_on=date("2026-06-30"))
    activate_cycle(SYSTEM, old, now=now)
    assert Cycle.objects.to_show(today) == old


def test_cycles_are_for_editors(quarter: Cycle, as_bob: Actor) -> None:
    for refused in (
        lambda: create_cycle(as_bob, now=NOW, name="X", starts_on=date("2027-01-01"), ends_on=date("2027-02-01")),
        lambda: update_cycle(as_bob, quarter, now=NOW, name="Mine"),
        lambda: activate_cycle(as_bob, quarter, now=NOW),
        lambda: close_cycle(as_bob, quarter, now=NOW),
        lambda: clone_cycle(as_bob, quarter, now=NOW, name="X", starts_on=TODAY, ends_on=date("2027-02-01")),
        lambda: set_rhythms(as_bob, {"quarter": 30}, now=NOW),
    ):
        with pytest.raises(PermissionDenied):
            refused()


def test_new_dates_move_what_is_expected_and_leave_no_check_in_outside(
    quarter: Cycle, make: MakeKeyResult, in_acme: Organization
) -> None:
    key_result = make(kind="at_least", low=1, cadence="monthly", cadence_day=31)
    check_in(SYSTEM, key_result, now=at("2026-10-31"), value=1, confidence="on_track")
    with pytest.raises(ValidationError, match="There is a check-in of 31 October 2026"):
        update_cycle(SYSTEM, quarter, now=NOW, starts_on=date("2026-11-01"))
    update_cycle(SYSTEM, quarter, now=NOW, ends_on=date("2026-11-30"))
    assert view_of(key_result).progress_raw == 0.5
    assert is_settled(in_acme)


def test_only_a_cycle_in_which_nothing_was_set_is_removed(in_acme: Organization, objective: Objective) -> None:
    with pytest.raises(ConflictError, match="1 objective was set in “Q4 2026”"):
        remove_cycle(SYSTEM, objective.cycle, now=NOW)
    other = create_cycle(SYSTEM, now=NOW, name="X", starts_on=date("2027-01-01"), ends_on=date("2027-02-01"))
    remove_cycle(SYSTEM, other, now=NOW)
    assert Cycle.objects.get().name == "Q4 2026"


class TestClosing:
    def test_every_key_result_is_graded_by_its_progress_or_with_a_reason(
        self, in_acme: Organization, quarter: Cycle, objective: Objective, make: MakeKeyResult
    ) -> None:
        first, second = make("First"), make("Second", weight=3)
        check_in(SYSTEM, first, now=NOW, value=120, confidence="on_track")
        check_in(SYSTEM, second, now=NOW, value=50, confidence="on_track")
        assert propose_grades(in_acme, quarter, TODAY) == {first.pk: Grade(1), second.pk: Grade(0.5)}
        with pytest.raises(ValidationError) as refused:
            close_cycle(SYSTEM, quarter, now=NOW, grades={second.pk: Grade(0.7), first.pk: Grade(2)})
        assert set(refused.value.message_dict) == {str(first.pk), str(second.pk)}
        assert "Its progress proposes 0.50; say in a few words" in refused.value.message_dict[str(second.pk)][0]
        close_cycle(SYSTEM, quarter, now=NOW, grades={second.pk: Grade(0.6, "Late, but good.")}, learned="Begin early.")
        rows = {row.pk: row for row in KeyResult.objects.all()}
        assert (rows[first.pk].proposed_grade, rows[first.pk].grade) == (1, 1)
        assert (rows[second.pk].proposed_grade, rows[second.pk].grade) == (0.5, 0.6)
        view = load_cycle(in_acme, Cycle.objects.get(), date("2027-03-01")).objectives[0]
        assert view.grade == pytest.approx(0.7)
        assert view.is_success
        assert view.expected == pytest.approx(49 / 92)  # as on the day it was closed
        assert Cycle.objects.get().learned == "Begin early."

    def test_who_comes_second_is_told_and_changes_nothing(self, quarter: Cycle, as_alice: Actor) -> None:
        close_cycle(as_alice, quarter, now=NOW)
        with pytest.raises(ConflictError, match="“Q4 2026” was closed by Alice on 18 November 2026"):
            close_cycle(SYSTEM, quarter, now=NOW)
        assert AuditEntry.objects.filter(action="cycle.closed").count() == 1

    def test_a_cycle_that_is_being_planned_is_not_closed(self, in_acme: Organization) -> None:
        planned = create_cycle(SYSTEM, now=NOW, name="X", starts_on=date("2027-01-01"), ends_on=date("2027-02-01"))
        with pytest.raises(ConflictError, match="still being planned"):
            close_cycle(SYSTEM, planned, now=NOW)

    def test_an_owner_decides_on_a_grade_ahead(
        self, quarter: Cycle, bob: Member, as_bob: Actor, make: MakeKeyResult
    ) -> None:
        own = make(owner=bob)
        with pytest.raises(ValidationError, match="say in a few words"):
            grade_key_result(as_bob, own, now=NOW, grade=0.4)
        grade_key_result(as_bob, own, now=NOW, grade=0.4, reason="Two shops open in January.")
        close_cycle(SYSTEM, quarter, now=NOW)
        graded = KeyResult.objects.get()
        assert (graded.grade, graded.grade_reason, graded.proposed_grade) == (0.4, "Two shops open in January.", 0)

    def test_nothing_in_a_closed_cycle_changes(self, quarter: Cycle, objective: Objective, make: MakeKeyResult) -> None:
        by_steps = make(kind="milestones", milestones=[MilestoneSpec("Lease")])
        step = by_steps.milestones.get()
        key_result = make()
        initiative = create_initiative(SYSTEM, key_result, now=NOW, title="Call")
        close_cycle(SYSTEM, quarter, now=NOW)
        for refused in (
            lambda: update_cycle(SYSTEM, quarter, now=NOW, name="Other"),
            lambda: activate_cycle(SYSTEM, quarter, now=NOW),
            lambda: remove_cycle(SYSTEM, quarter, now=NOW),
            lambda: create_objective(SYSTEM, quarter, now=NOW, title="More"),
            lambda: update_objective(SYSTEM, objective, now=NOW, title="More"),
            lambda: remove_objective(SYSTEM, objective, now=NOW),
            lambda: create_key_result(SYSTEM, objective, now=NOW, title="More", start=0, target=1),
            lambda: update_key_result(SYSTEM, key_result, now=NOW, title="More"),
            lambda: remove_key_result(SYSTEM, key_result, now=NOW),
            lambda: set_milestones(SYSTEM, by_steps, [], now=NOW),
            lambda: mark_milestone(SYSTEM, step, now=NOW),
            lambda: grade_key_result(SYSTEM, key_result, now=NOW, grade=0),
            lambda: create_initiative(SYSTEM, key_result, now=NOW, title="More"),
            lambda: update_initiative(SYSTEM, initiative, now=NOW, state="done"),
            lambda: remove_initiative(SYSTEM, initiative, now=NOW),
        ):
            with pytest.raises(ConflictError, match="“Q4 2026” is closed, so nothing in it changes any more"):
                refused()
        update_cycle(SYSTEM, quarter, now=NOW, learned="What we learned may still be written.")

    def test_its_past_reads_as_it_was(self, in_acme: Organization, quarter: Cycle, make: MakeKeyResult) -> None:
        check_in(SYSTEM, make(), now=at("2026-11-06"), value=30, confidence="on_track")
        close_cycle(SYSTEM, quarter, now=NOW)
        before = load_cycle(in_acme, quarter, date("2026-11-07"), at("2026-11-07"))
        assert (before.cycle.state, before.objectives[0].progress, before.objectives[0].grade) == ("active", 0.3, None)
        after = load_cycle(in_acme, quarter, date("2026-12-01"), at("2026-12-01"))
        assert (after.cycle.state, after.objectives[0].grade, after.on) == ("closed", 0.3, TODAY)


class TestGoingOn:
    @pytest.fixture
    def following(self, in_acme: Organization) -> Cycle:
        return create_cycle(SYSTEM, now=NOW, name="Q1 2027", starts_on=date("2027-01-01"), ends_on=date("2027-03-31"))

    def test_key_results_start_where_they_stand_and_know_where_they_come_from(
        self, quarter: Cycle, objective: Objective, make: MakeKeyResult, following: Cycle, in_acme: Organization
    ) -> None:
        key_result = make()
        steps = [MilestoneSpec("Lease"), MilestoneSpec("Fittings")]
        by_steps = make("Open", kind="milestones", milestones=steps)
        check_in(SYSTEM, key_result, now=NOW, value=30, confidence="on_track")
        mark_milestone(SYSTEM, by_steps.milestones.in_order()[0], now=NOW)
        close_cycle(SYSTEM, quarter, now=NOW)
        first, second = carry_over(SYSTEM, [key_result, by_steps], following, now=NOW)
        assert (first.start, first.target, first.carried_from, first.grade) == (30, 100, key_result, None)
        assert first.objective == second.objective
        assert (first.objective.title, first.objective.carried_from) == ("Win the region", objective)
        assert [step.title for step in second.milestones.all()] == ["Fittings"]
        with pytest.raises(ValidationError, match="was carried over into Q1 2027 already"):
            carry_over(SYSTEM, [key_result], following, now=NOW)
        with pytest.raises(ValidationError, match="belongs to Q1 2027 already"):
            carry_over(SYSTEM, [first], following, now=NOW)
        assert is_settled(in_acme)

    def test_a_clone_sets_everything_again_with_its_alignment(
        self, quarter: Cycle, objective: Objective, make: MakeKeyResult
    ) -> None:
        key_result = make(plan=[["2026-11-15", 20], ["2026-12-31", 100]])
        child = create_objective(SYSTEM, quarter, now=NOW, title="Open shops", parent=objective)
        create_objective(SYSTEM, quarter, now=NOW, title="Hire", parent_key_result=key_result)
        check_in(SYSTEM, key_result, now=NOW, value=30, confidence="on_track")
        cloned = clone_cycle(
            SYSTEM, quarter, now=NOW, name="Q1 2027", starts_on=date("2027-01-01"), ends_on=date("2027-03-31")
        )
        titles = {row.title: row for row in Objective.objects.filter(cycle=cloned)}
        assert set(titles) == {"Win the region", "Open shops", "Hire"}
        assert titles["Open shops"].parent == titles["Win the region"] != child.parent
        copy = titles["Win the region"].key_results.get()
        assert titles["Hire"].parent_key_result == copy
        assert (copy.start, copy.target, copy.check_ins.count()) == (0, 100, 0)
        assert copy.plan == [["2027-02-14", 20], ["2027-03-31", 100]]


class TestAhead:
    def test_cycles_are_made_ahead_in_their_rhythm_and_once(self, in_acme: Organization) -> None:
        set_rhythms(SYSTEM, {"quarter": 45, "year": 10}, now=NOW)
        assert Wakeup.objects.filter(kind=PLAN).exists()
        assert [str(cycle) for cycle in create_cycles_ahead(now=NOW)] == ["Q4 2026", "Q1 2027", "2026"]
        assert create_cycles_ahead(now=NOW) == []
        assert [cycle.name for cycle in create_cycles_ahead(now=at("2026-12-25"))] == ["2027"]
        assert {cycle.state for cycle in Cycle.objects.all()} == {"planning"}

    def test_a_cycle_with_those_days_or_that_name_is_left_alone(self, quarter: Cycle) -> None:
        update_cycle(SYSTEM, quarter, now=NOW, name="Autumn")
        create_cycle(SYSTEM, now=NOW, name="q1 2027", starts_on=date("2027-01-04"), ends_on=date("2027-03-26"))
        set_rhythms(SYSTEM, {"quarter": 60}, now=NOW)
        assert create_cycles_ahead(now=NOW) == []

    def test_the_task_comes_back_at_midnight_while_there_is_a_rhythm(self, in_acme: Organization) -> None:
        set_rhythms(SYSTEM, {"quarter": 30}, now=NOW)
        plan_cycles(str(in_acme.pk), now=NOW)
        assert Cycle.objects.get().name == "Q4 2026"
        assert Wakeup.objects.get(kind=PLAN).due_at == in_acme.next_midnight(NOW)
        set_rhythms(SYSTEM, {}, now=NOW)
        plan_cycles(str(in_acme.pk), now=NOW)
        assert not Wakeup.objects.filter(kind=PLAN).exists()

    @pytest.mark.parametrize(("length", "days"), [("custom", 30), ("month", 30), ("quarter", 400)])
    def test_other_rhythms_are_refused(self, in_acme: Organization, length: str, days: int) -> None:
        with pytest.raises(ValidationError):
            set_rhythms(SYSTEM, {length: days}, now=NOW)
        assert not CycleRhythm.objects.exists()


class TestInitiatives:
    def test_whoever_is_to_do_it_says_how_far_it_is(
        self, make: MakeKeyResult, bob: Member, as_bob: Actor, as_vera: Actor
    ) -> None:
        initiative = create_initiative(SYSTEM, make(), now=NOW, title="Call", owner=bob, due_on=date("2026-11-10"))
        assert initiative.days_overdue(TODAY) == 8
        done = update_initiative(as_bob, initiative, now=NOW, state="done")
        assert done.closed_on == TODAY
        assert update_initiative(as_bob, initiative, now=NOW, state="doing").closed_on is None
        for actor, changed in ((as_bob, {"title": "Write"}), (as_vera, {"state": "done"})):
            with pytest.raises(PermissionDenied):
                update_initiative(actor, initiative, now=NOW, **changed)
        remove_initiative(SYSTEM, initiative, now=NOW)
        assert not Initiative.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"title": ""}, "cannot be blank"),
            ({"state": "done", "closed_on": date("2026-11-19")}, "This date lies ahead"),
            ({"closed_on": TODAY}, "It is still “planned”"),
            ({"state": "lost"}, "not a valid choice"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, make: MakeKeyResult, fields: dict[str, object], message: str) -> None:
        key_result = make()
        with pytest.raises(ValidationError, match=message):
            create_initiative(SYSTEM, key_result, now=NOW, **{"title": "Call", **fields})  # type: ignore[arg-type]


def test_everything_recorded_here_has_a_sentence(make: MakeKeyResult, quarter: Cycle) -> None:
    key_result = make()
    check_in(SYSTEM, key_result, now=NOW, value=1, confidence="on_track")
    close_cycle(SYSTEM, quarter, now=NOW)
    assert set(AuditEntry.objects.values_list("action", flat=True)) <= SENTENCES.keys()
