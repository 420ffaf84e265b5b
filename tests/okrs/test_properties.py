"""Whatever happens, in whatever order: stored progress is what a rebuild gives, and the past reads as it was."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from accounts.actors import SYSTEM
from accounts.errors import ConflictError
from accounts.models import Member, Organization
from kpis.actions.definitions import create_kpi, update_kpi
from kpis.actions.links import LinkSpec, set_parents
from kpis.actions.measurements import record_measurements
from kpis.compute import compute
from kpis.ingest import Batch
from kpis.models import Kpi
from kpis.models.measurements import Via
from okrs.actions.checking_in import check_in, correct_check_in, remove_check_in
from okrs.actions.closing import close_cycle
from okrs.actions.cycles import activate_cycle, create_cycle, update_cycle
from okrs.actions.following import follow_announced
from okrs.actions.key_results import create_key_result, link_kpi, remove_key_result, update_key_result
from okrs.actions.milestones import MilestoneSpec, mark_milestone
from okrs.actions.objectives import create_objective, update_objective
from okrs.following.rebuild import differences, rebuild
from okrs.models import CheckIn, Cycle, KeyResult, Milestone
from okrs.reading import CycleView, load_cycle, load_overview
from tests.lots import examples

BEGAN = dt.datetime(2026, 10, 1, 8, tzinfo=dt.UTC)
FIRST = dt.date(2026, 10, 1)
KEY_RESULTS, KPIS = 7, 3
DAYS = st.integers(0, 40)

STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("check_in"),
            st.integers(0, 2),
            st.integers(0, 40),
            st.none() | st.integers(-5, 120),
            st.integers(0, 2),
        ),
        st.tuples(st.just("correct"), st.integers(0, 9), DAYS, st.integers(-5, 120)),
        st.tuples(st.just("take_back"), st.integers(0, 9)),
        st.tuples(st.just("push"), st.integers(0, KPIS - 1), st.integers(-40, 60), st.integers(-5, 120)),
        st.tuples(st.just("mark"), st.integers(0, 2), DAYS, st.booleans()),
        st.tuples(st.just("target"), st.integers(0, KEY_RESULTS - 1), st.integers(-20, 200)),
        st.tuples(st.just("bounds"), st.integers(0, KEY_RESULTS - 1), st.integers(-20, 100)),
        st.tuples(st.just("weigh"), st.integers(0, KEY_RESULTS - 1), st.integers(1, 5)),
        st.tuples(st.just("link"), st.integers(0, KEY_RESULTS - 1), st.none() | st.integers(0, KPIS - 1)),
        st.tuples(
            st.just("cadence"), st.integers(0, KEY_RESULTS - 1), st.sampled_from(["weekly", "biweekly", "monthly"])
        ),
        st.tuples(st.just("aggregate"), st.integers(0, KPIS - 1), st.sampled_from(["sum", "last", "mean"])),
        st.tuples(st.just("average"), st.integers(0, 1), st.sampled_from(["key_results", "children", "both"])),
        st.tuples(st.just("reschedule"), st.integers(60, 100)),
        st.tuples(st.just("remove"), st.integers(0, KEY_RESULTS - 1)),
        st.tuples(st.just("wait"), st.integers(1, 20)),
        st.tuples(st.just("close")),
    ),
    min_size=3,
    max_size=12,
)


@given(STEPS)
@example([("remove", 3), ("mark", 0, 5, True), ("wait", 1)])  # too late: refused as everything on what is removed
@examples(12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_stored_progress_is_what_a_rebuild_gives(
    in_acme: Organization, alice: Member, steps: list[tuple[Any, ...]]
) -> None:
    before = transaction.savepoint()
    try:
        world = _World(in_acme, alice)
        for step, *arguments in steps:
            world.take(step, arguments)
        world.settle()
        assert differences(in_acme, now=world.now) == []
        assert rebuild(in_acme, now=world.now) == 0
    finally:
        transaction.savepoint_rollback(before)


@given(STEPS)
@example([("close",), ("push", 0, -10, 50), ("wait", 1)])  # what is closed does not move any more, nor begin to
@examples(6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_past_instant_reads_as_it_was(in_acme: Organization, alice: Member, steps: list[tuple[Any, ...]]) -> None:
    before = transaction.savepoint()
    try:
        world = _World(in_acme, alice)
        remembered = []
        for step, *arguments in steps:
            world.take(step, arguments)
            world.settle()
            remembered.append((world.now, world.shown(None)))
            world.now += dt.timedelta(minutes=1)
        for instant, shown in remembered:
            world.now = instant
            assert world.shown(instant) == shown
    finally:
        transaction.savepoint_rollback(before)


class _World:
    """Two objectives, one aligned to the other, with key results of every kind; three that KPIs move, by the last
    complete month, by a daily stock, by a sum, and one that is kept by the weeks of a roll-up."""

    def __init__(self, organization: Organization, owner: Member) -> None:
        self.organization, self.now = organization, BEGAN
        define = {"now": BEGAN, "unit": "number", "direction": "increase"}
        self.kpis = [
            create_kpi(SYSTEM, name=name, frequency=frequency, source="measured", aggregation=aggregation, **define)
            for name, frequency, aggregation in (
                ("Months", "monthly", "sum"), ("Days", "daily", "last"), ("Flow", "weekly", "sum"),
            )
        ]  # fmt: skip
        weeks = create_kpi(SYSTEM, name="Weeks", frequency="weekly", source="rollup", **define)
        set_parents(SYSTEM, self.kpis[2], [LinkSpec(weeks)], now=BEGAN)
        cycle = create_cycle(SYSTEM, now=BEGAN, name="Autumn", starts_on=FIRST, ends_on=FIRST + dt.timedelta(days=75))
        self.cycle = activate_cycle(SYSTEM, cycle, now=BEGAN)
        self.objectives = [create_objective(SYSTEM, cycle, now=BEGAN, title="Win", owner=owner)]
        self.objectives.append(
            create_objective(SYSTEM, cycle, now=BEGAN, title="Help", owner=owner, parent=self.objectives[0])
        )
        steps = [MilestoneSpec("One", 2), MilestoneSpec("Two"), MilestoneSpec("Three")]
        self.key_results = [
            self._set(0, "By hand", start=0, target=100),
            self._set(1, "Back", start=100, target=20, plan=[["2026-10-31", 90]]),
            self._set(0, "Kept", kind="at_least", low=50),
            self._set(1, "Steps", kind="milestones", milestones=steps),
            self._set(0, "Month by month", kpi=self.kpis[0], target=100),
            self._set(1, "Day by day", kpi=self.kpis[1], target=100),
            self._set(0, "Week by week", kpi=weeks, kind="between", low=10, high=100),
        ]
        self._set(1, "All in all", kpi=self.kpis[2], target=300, reads="cycle_to_date")

    def take(self, step: str, arguments: list[Any]) -> None:
        """One step; what is refused changes nothing."""
        try:
            with transaction.atomic():
                getattr(self, step)(*arguments)
        except (ValidationError, ConflictError):
            pass

    def settle(self) -> None:
        """What the workers do."""
        self.organization.refresh_from_db()
        while (computed := compute(self.organization, now=self.now)) and computed.kpis:
            self.organization.refresh_from_db()
        follow_announced(now=self.now)

    def shown(self, as_of: dt.datetime | None) -> list[Any]:
        today = self.organization.today(self.now)
        shown = _shown(load_cycle(self.organization, self.cycle, today, as_of))
        if as_of is None:
            overview = _shown(load_overview(self.organization, Cycle.objects.get(pk=self.cycle.pk), today))
            assert _rounded(overview) == _rounded(shown)
        return shown

    def check_in(self, number: int, day: int, value: int | None, sure: int) -> None:
        said = ("on_track", "at_risk", "off_track")[sure]
        check_in(SYSTEM, self._at(number), now=self.now, on=_day(day), value=value, confidence=said)

    def correct(self, number: int, day: int, value: int) -> None:
        if said := self._said(number):
            correct_check_in(SYSTEM, said, now=self.now, on=_day(day), value=value)

    def take_back(self, number: int) -> None:
        if said := self._said(number):
            remove_check_in(SYSTEM, said, now=self.now)

    def push(self, number: int, day: int, value: int) -> None:
        batch = Batch([self.kpis[number].pk], [_day(day)], [float(value)], [""], received=1)
        record_measurements(SYSTEM, batch, organization=self.organization, via=Via.API, now=self.now)

    def mark(self, number: int, day: int, done: bool) -> None:
        milestone = Milestone.objects.in_order()[number]
        mark_milestone(SYSTEM, milestone, now=self.now, done=done, done_on=_day(day) if done else None)

    def target(self, number: int, value: int) -> None:
        update_key_result(SYSTEM, self._at(number), now=self.now, target=value, reason="We know better.")

    def bounds(self, number: int, value: int) -> None:
        update_key_result(SYSTEM, self._at(number), now=self.now, low=value, reason="We know better.")

    def weigh(self, number: int, weight: int) -> None:
        update_key_result(SYSTEM, self._at(number), now=self.now, weight=weight)

    def link(self, number: int, kpi: int | None) -> None:
        chosen = None if kpi is None else Kpi.objects.get(pk=self.kpis[kpi].pk)
        link_kpi(SYSTEM, self._at(number), chosen, now=self.now, reason="It is measured there.")

    def cadence(self, number: int, cadence: str) -> None:
        update_key_result(SYSTEM, self._at(number), now=self.now, cadence=cadence)

    def aggregate(self, number: int, aggregation: str) -> None:
        update_kpi(SYSTEM, self.kpis[number], now=self.now, aggregation=aggregation)

    def average(self, number: int, source: str) -> None:
        update_objective(SYSTEM, self.objectives[number], now=self.now, progress_from=source)

    def reschedule(self, days: int) -> None:
        update_cycle(SYSTEM, self.cycle, now=self.now, ends_on=FIRST + dt.timedelta(days=days))

    def remove(self, number: int) -> None:
        remove_key_result(SYSTEM, self._at(number), now=self.now)

    def wait(self, days: int) -> None:
        self.now += dt.timedelta(days=days)

    def close(self) -> None:
        close_cycle(SYSTEM, self.cycle, now=self.now)

    def _set(self, objective: int, title: str, **fields: Any) -> KeyResult:
        return create_key_result(SYSTEM, self.objectives[objective], now=BEGAN, title=title, **fields)

    def _at(self, number: int) -> KeyResult:
        return KeyResult.ever.select_related("objective").get(pk=self.key_results[number].pk)

    def _said(self, number: int) -> CheckIn | None:
        said = list(CheckIn.objects.order_by("id"))
        return said[number % len(said)] if said else None


def _day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


def _shown(view: CycleView) -> list[Any]:
    return [*_objectives(view), *_key_results(view)]


def _rounded(rows: list[Any]) -> list[Any]:
    """Sums in another order differ in their last bits."""
    return [[round(value, 12) if isinstance(value, float) else value for value in row] for row in rows]


def _objectives(view: CycleView) -> list[Any]:
    columns = ("id", "progress", "expected", "status", "confidence", "grade")
    return [[getattr(one, name) for name in columns] for one in view.objectives]


def _key_results(view: CycleView) -> list[Any]:
    columns = ("id", "start", "current", "progress_raw", "expected", "status", "confidence", "stale", "next_due")
    return [[*(getattr(one, name) for name in columns), one.trend, one.grade] for one in view.key_results]
