"""Reading: a constant number of statements however many there are, and what a page asks of it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM
from accounts.models import Member, Organization
from okrs.actions.checking_in import check_in
from okrs.actions.cycles import activate_cycle, create_cycle
from okrs.actions.key_results import create_key_result
from okrs.actions.milestones import MilestoneSpec
from okrs.actions.objectives import create_objective
from okrs.models import Cycle, Objective
from okrs.reading import CycleView, load_cycle, load_key_results, load_objectives, load_overview, load_owed
from tests.cast import NOW, make_kpi, record
from tests.okrs.conftest import TODAY, MakeKeyResult, at, date, view_of
from tests.okrs.test_linked import score


def fill(cycle: Cycle, owner: Member, number: int) -> list[Objective]:
    """So many objectives, each aligned to the first, with key results of every kind."""
    organization = Organization.objects.get()
    kpi = make_kpi(organization, f"kpi_{number}")
    record(organization, kpi, {"2026-09-10": 1, "2026-10-10": 2})
    score(organization)
    objectives: list[Objective] = []
    for place in range(number):
        top = objectives[0] if objectives else None
        made = create_objective(SYSTEM, cycle, now=NOW, title=f"{place} of {number}", owner=owner, parent=top)
        objectives.append(made)
        by_hand = create_key_result(SYSTEM, made, now=NOW, title="By hand", start=0, target=10)
        check_in(SYSTEM, by_hand, now=NOW, value=place + 1, confidence="on_track")
        create_key_result(SYSTEM, made, now=NOW, title="Kept", kind="at_least", low=1)
        create_key_result(SYSTEM, made, now=NOW, title="Steps", kind="milestones", milestones=[MilestoneSpec("One")])
        create_key_result(SYSTEM, made, now=NOW, title="Linked", kpi=kpi, target=9)
        create_key_result(SYSTEM, made, now=NOW, title="Linked and kept", kpi=kpi, kind="at_least", low=1)
    return objectives


@pytest.mark.parametrize("as_of", [None, NOW])
def test_a_cycle_is_read_in_as_many_statements_at_1_objective_as_at_7(
    in_acme: Organization, quarter: Cycle, alice: Member, as_of: dt.datetime | None
) -> None:
    counts = []
    for number in (1, 7):
        fill(quarter, alice, number)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            view = load_cycle(in_acme, quarter, TODAY, as_of)
            assert [one.status for one in view.objectives]
            assert [(one.confidence, one.stale, one.next_due, one.trend) for one in view.key_results]
            assert view.progress > 0
            for one in view.objectives:
                one.series()
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 24


def test_single_ones_and_lists_are_read_so_too(in_acme: Organization, quarter: Cycle, alice: Member) -> None:
    few, many = fill(quarter, alice, 1), fill(quarter, alice, 5)
    counts = []
    for objectives in (few, many):
        with CaptureQueriesContext(connection) as queries:
            views = load_objectives(in_acme, [one.pk for one in objectives], TODAY, upwards=True)
            load_key_results(in_acme, [one.id for view in views.values() for one in view.key_results], TODAY)
        counts.append(len(queries))
    assert counts[0] == counts[1]


class TestOverview:
    def test_it_says_of_every_day_what_the_whole_cycle_says(
        self, in_acme: Organization, quarter: Cycle, make: MakeKeyResult, alice: Member
    ) -> None:
        fill(quarter, alice, 2)
        make("Planned", plan=[["2026-10-31", 80]])
        late, after = make("Set late in the evening", now=at("2026-11-10")), make("Spoken of after the end")
        check_in(SYSTEM, late, now=NOW, on=date("2026-11-12"), value=20, confidence="at_risk")
        for on in ("2026-10-09", "2027-01-04"):
            check_in(SYSTEM, after, now=at("2027-01-10"), on=date(on), value=30, confidence="off_track")
        for day in map(date, ("2026-09-20", "2026-10-02", "2026-11-18", "2026-12-31", "2027-01-20")):
            whole, overview = load_cycle(in_acme, quarter, day), load_overview(in_acme, quarter, day)
            assert overview.progress == pytest.approx(whole.progress, abs=1e-12)
            assert told(overview) == told(whole), day

    def test_it_reads_of_many_in_as_many_statements_as_of_few_and_the_rest_only_where_it_is_asked_for(
        self, in_acme: Organization, quarter: Cycle, alice: Member
    ) -> None:
        counts = []
        for number in (1, 7):
            fill(quarter, alice, number)
            with CaptureQueriesContext(connection) as glanced:
                view = load_overview(in_acme, quarter, TODAY)
                by_hand = [one for one in view.key_results if one.title == "By hand"]
                assert [(one.progress, one.expected, one.confidence, one.stale, one.weight) for one in by_hand]
                assert [(one.title, one.owner_id, one.current, one.id, one.objective_id) for one in view.key_results]
            with CaptureQueriesContext(connection) as asked:
                assert view.progress > 0
                assert [one.trend for one in view.key_results]
                assert [(one.key_result.unit, one.start, one.milestones) for one in view.key_results]
            counts.append((len(glanced), len(asked)))
        assert counts[0] == counts[1]
        assert counts[0][0] <= 14  # also what is expected of the kept one that a KPI moves


def told(view: CycleView) -> list[object]:
    """What an overview needs to know, and what it might be asked."""
    columns = "id progress expected pace status confidence is_contradicted stale".split()
    further = "title owner_id weight is_linked cycle on span start current trend next_due owed_since check_in".split()
    return [
        *([_rounded(getattr(one, name)) for name in columns] for one in view.objectives),
        *([_rounded(getattr(one, name)) for name in (*columns, *further)] for one in view.key_results),
    ]


def _rounded(value: object) -> object:
    """Sums in another order differ in their last bits."""
    return round(value, 12) if isinstance(value, float) else value


def test_a_cycle_tells_how_many_are_in_which_status(in_acme: Organization, quarter: Cycle, alice: Member) -> None:
    fill(quarter, alice, 3)
    view = load_cycle(in_acme, quarter, TODAY)
    assert sum(view.counts.values()) == 3
    assert [one.objective.title for one in view.tops] == ["0 of 3"]
    assert view.expected == pytest.approx(49 / 92)
    assert set(view.by_id) == {one.id for one in view.objectives}


def test_a_stated_confidence_two_steps_from_what_is_computed_is_a_contradiction(make: MakeKeyResult) -> None:
    key_result = make()
    check_in(SYSTEM, key_result, now=NOW, value=5, confidence="on_track")
    assert (view_of(key_result).status, view_of(key_result).is_contradicted) == ("off_track", True)
    check_in(SYSTEM, key_result, now=NOW, value=5, confidence="at_risk")
    assert not view_of(key_result).is_contradicted


class TestOwed:
    def test_a_member_owes_what_is_due_in_active_cycles_the_longest_overdue_first(
        self, in_acme: Organization, make: MakeKeyResult, alice: Member, bob: Member
    ) -> None:
        early, late = make("Early"), make("Late")
        make("Bob's", owner=bob)
        check_in(SYSTEM, early, now=at("2026-11-06"), value=1, confidence="on_track")
        kpi = make_kpi(in_acme, "sales")
        make("By data", kpi=kpi, target=5)
        owed = load_owed(in_acme, alice, TODAY)
        assert [(view.key_result, str(view.owed_since)) for view in owed] == [
            (late, "2026-10-02"),
            (early, "2026-11-13"),
        ]
        check_in(SYSTEM, late, now=NOW, value=1, confidence="on_track")
        assert [view.key_result for view in load_owed(in_acme, alice, TODAY)] == [early]

    def test_nothing_is_owed_before_a_cycle_begins_or_while_it_is_planned(
        self, in_acme: Organization, alice: Member
    ) -> None:
        cycle = create_cycle(SYSTEM, now=NOW, name="X", starts_on=date("2026-12-01"), ends_on=date("2027-02-01"))
        objective = create_objective(SYSTEM, cycle, now=NOW, title="Later", owner=alice)
        create_key_result(SYSTEM, objective, now=NOW, title="Soon", start=0, target=1)
        assert load_owed(in_acme, alice, date("2026-12-10")) == []
        activate_cycle(SYSTEM, cycle, now=NOW)
        assert load_owed(in_acme, alice, TODAY) == []
        assert len(load_owed(in_acme, alice, date("2026-12-10"))) == 1
