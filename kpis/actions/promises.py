"""What was promised: targets of periods that are over or run, which do not change without a reason."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accounts.errors import refusal
from accounts.models import Organization
from kpis.calendars import calendar_of
from kpis.engine import definitions as engine
from kpis.engine.periods import Calendar, Frequency
from kpis.models import Kpi, Target
from kpis.models.choices import TargetPath
from kpis.target_changes import Course, Goal, Step, changed_steps, course, is_easier


@dataclass(frozen=True)
class TargetRow:
    """A target from the period that contains ``effective_from`` until the next row's.

    ``target`` with an optional ``floor`` for rising and falling KPIs, ``low`` and ``high`` for a range. ``due_on`` is
    by when it is to be reached, ``basis`` how the number was come by ("+20 % on Q2 2026"), and ``reason`` says why,
    where what was promised changes.
    """

    effective_from: dt.date
    target: float | None = None
    floor: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""
    due_on: dt.date | None = None
    basis: str = ""

    @classmethod
    def of(cls, row: Target) -> "TargetRow":
        return cls(row.effective_from, row.target, row.floor, row.low, row.high, row.reason, row.due_on, row.basis)

    @property
    def goal(self) -> Goal:
        return Goal(self.target, self.floor, self.low, self.high)


def targets_of(kpi: Kpi) -> list[Target]:
    """The rows as they are known today, oldest first."""
    return list(Target.objects.known().filter(kpi=kpi))


@dataclass(frozen=True)
class Timeline:
    """A KPI's periods, and where today is among them."""

    calendar: Calendar
    frequency: Frequency
    today: dt.date

    def ordinal(self, date: dt.date) -> int:
        return self.calendar.ordinal(self.frequency, date)

    def first_date(self, ordinal: int) -> dt.date:
        return self.calendar.first_date(self.frequency, ordinal)

    def course(self, rows: Iterable[TargetRow], kpi: Kpi, path: str) -> Course:
        starts = ((self.ordinal(row.effective_from), row.goal) for row in rows)
        return course(starts, direction=engine.Direction(kpi.direction), is_linear=path == TargetPath.LINEAR)

    def broken(self, steps: Iterable[Step], kpi: Kpi) -> Iterator[tuple[Step, str]]:
        """Steps that change what was promised, with the sentence that says which promise."""
        open_period = self.ordinal(self.today)
        for step in steps:
            if step.before is None or step.first > open_period:
                continue
            label = self.calendar.label(self.frequency, step.first)
            if step.first < open_period:
                yield step, f"This changes the target of {label}, which is over. Say why in a few words."
            elif is_easier(step.before, step.after, engine.Direction(kpi.direction)):
                yield step, f"This makes the target of {label} easier while it runs. Say why in a few words."


def refuse_unexplained_path(kpi: Kpi, path: str, organization: Organization, *, now: dt.datetime, reason: str) -> None:
    """Raise a ValidationError at ``reason`` where getting from one target to the next by ``path`` changes what was
    promised and no reason is given; ``kpi`` is as it is stored."""
    if path == kpi.target_path or reason.strip():
        return
    timeline = Timeline(calendar_of(organization), Frequency(kpi.frequency), organization.today(now))
    rows = [TargetRow.of(row) for row in targets_of(kpi)]
    courses = timeline.course(rows, kpi, kpi.target_path), timeline.course(rows, kpi, path)
    steps = changed_steps(*courses, running=timeline.ordinal(timeline.today))
    for _, sentence in timeline.broken(steps, kpi):
        raise refusal("reason", sentence, "reason_required")
