"""Cadences: when check-ins and reviews are due, what satisfies them, and how they were kept. Pure.

Two questions are kept apart. *Is it owed?* What was done early enough before a due date (``Cadence.opens_on``) or later
satisfies it: due 1 February, done 31 January, the next is due 1 March; done 15 January it is still due 1 February. *Was
it kept?* What was done from the day after the previous due date to the due date plus grace is on time, before the next
due date late, else it was missed; so of a month with something in it the record is good, though the next reminder comes
all the same. What makes up for a date missed counts for the next one too only if it is early enough for that.
"""

from __future__ import annotations

import calendar
import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Rhythm: TypeAlias = Literal["weekly", "biweekly", "monthly", "quarterly"]
Kept: TypeAlias = Literal["on_time", "late", "missed"]

DAY: Final = dt.timedelta(days=1)
EARLY_DAYS: Final[dict[Rhythm, int]] = {"weekly": 1, "biweekly": 3, "monthly": 7, "quarterly": 7}
WEEKS: Final[dict[Rhythm, int]] = {"weekly": 1, "biweekly": 2}  # from one due date to the next
LEAD_IS_TOLD_AFTER: Final = 2  # working days overdue
A_MONDAY: Final = dt.date(2026, 1, 5)
MONDAY_TO_FRIDAY: Final = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The days on which people work: ``weekdays`` (0 Monday to 6 Sunday) without ``holidays``."""

    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    holidays: frozenset[dt.date] = frozenset()

    def __post_init__(self) -> None:
        if not self.weekdays & set(range(7)):
            raise ValueError("At least one day of the week is a working day.")

    def __contains__(self, date: dt.date) -> bool:
        return date.weekday() in self.weekdays and date not in self.holidays

    def on_or_before(self, date: dt.date) -> dt.date:
        """The date itself where it is a working day, else the last one before."""
        while date not in self:
            date -= DAY
        return date

    def before(self, date: dt.date) -> dt.date:
        """The last working day before a date."""
        return self.on_or_before(date - DAY)

    def after(self, date: dt.date, count: int = 1) -> dt.date:
        """The working day that is ``count`` working days after a date."""
        while count:
            date += DAY
            count -= date in self
        return date


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often something is due.

    ``weekday`` (0 Monday to 6 Sunday) is for weekly and biweekly ones; every two weeks it falls into the weeks (Monday
    to Sunday) an even number of weeks from that of ``anchor``. ``day`` (1 to 31; in shorter months the last day) is for
    monthly and quarterly ones; of a quarter it lies in its ``month_of_quarter`` (1 to 3), by default at the very end.
    Quarters follow the month (1 to 12) in which the fiscal year starts. Reminders go on ``working`` days. Raises
    ValueError with what would be right.
    """

    rhythm: Rhythm
    weekday: int = 4
    day: int = 31
    anchor: dt.date = A_MONDAY
    month_of_quarter: int = 3
    fiscal_year_start: int = 1
    working: WorkingDays = WorkingDays()

    def __post_init__(self) -> None:
        for name, value, (least, most) in (
            ("weekday", self.weekday, (0, 6)),
            ("day", self.day, (1, 31)),
            ("month of the quarter", self.month_of_quarter, (1, 3)),
            ("first month of the fiscal year", self.fiscal_year_start, (1, 12)),
        ):
            if not least <= value <= most:
                raise ValueError(f"The {name} is a number from {least} to {most}, not {value}.")

    def opens_on(self, due: dt.date) -> dt.date:
        """From when on what is done satisfies a due date: some days before, in any case from its reminder on."""
        return min(due - EARLY_DAYS[self.rhythm] * DAY, reminder_on(due, self.working))

    def due_from(self, date: dt.date) -> dt.date:
        """The first due date on or after a date."""
        match self.rhythm:
            case "weekly":
                return date + (self.weekday - date.weekday()) % 7 * DAY
            case "biweekly":
                first = self.anchor + (self.weekday - self.anchor.weekday()) * DAY
                return date + (first - date).days % 14 * DAY
        return next(due for due in self._in_months(date) if due >= date)

    def due_after(self, date: dt.date) -> dt.date:
        """The first due date after a date."""
        return self.due_from(date + DAY)

    def due_before(self, date: dt.date) -> dt.date:
        """The last due date before a date."""
        if self.rhythm in WEEKS:
            return self.due_from(date) - 7 * WEEKS[self.rhythm] * DAY
        due = self.due_from(date - dt.timedelta(days=100))
        while (following := self.due_after(due)) < date:
            due = following
        return due

    def due_dates(self, first: dt.date, last: dt.date) -> Iterator[dt.date]:
        """The due dates from one date to another, both included: of a cycle those on which its check-ins are due."""
        due = self.due_from(first)
        while due <= last:
            yield due
            due = self.due_after(due)

    def next_due(self, done_on: dt.date) -> dt.date:
        """The first due date which what was done on a date does not satisfy."""
        due = self.due_after(done_on)
        while self.opens_on(due) <= done_on:
            due = self.due_after(due)
        return due

    def _in_months(self, date: dt.date) -> Iterator[dt.date]:
        year, month = date.year, date.month
        while True:
            if self.rhythm == "monthly" or (month - self.fiscal_year_start) % 3 == self.month_of_quarter - 1:
                yield dt.date(year, month, min(self.day, calendar.monthrange(year, month)[1]))
            year, month = year + month // 12, month % 12 + 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a due date was kept: when, and how; ``done_on`` None: it was missed."""

    due_on: dt.date
    done_on: dt.date | None
    kept: Kept


def owed(cadence: Cadence, done: Iterable[dt.date], since: dt.date, today: dt.date) -> list[dt.date]:
    """The due dates from ``since`` to today that nothing satisfies, ascending.

    What is done once makes up for all before it, so the first of them is since when it is overdue.
    """
    known = [done_on for done_on in done if done_on <= today]
    first = max(since, cadence.next_due(max(known))) if known else since
    return list(cadence.due_dates(first, today)) if first <= today else []


def next_due(cadence: Cadence, done: Iterable[dt.date], since: dt.date, today: dt.date) -> dt.date:
    """The due date to be met next: the latest that is owed, else the first ahead that nothing satisfies."""
    known = [done_on for done_on in done if done_on <= today]
    unsatisfied = owed(cadence, known, since, today)
    if unsatisfied:
        return unsatisfied[-1]
    ahead = cadence.due_after(today)
    return max(ahead, cadence.due_from(since), cadence.next_due(max(known)) if known else ahead)


def reminder_on(due_on: dt.date, working: WorkingDays) -> dt.date:
    """When a reminder goes: on the due date, or the working day before one that is none."""
    return working.on_or_before(due_on)


def reminded_of(day: dt.date, working: WorkingDays) -> tuple[dt.date, dt.date]:
    """The first and the last of the due dates to be reminded of on a working day: those whose reminder goes on it, and
    those of the working day before, should nobody have been there to send it."""
    return working.before(day), working.after(day) - DAY


def lead_told_on(due_on: dt.date, working: WorkingDays) -> dt.date:
    """When the department's lead is told that something is overdue: once, two working days after it was due."""
    return working.after(due_on, LEAD_IS_TOLD_AFTER)


def outcomes(
    cadence: Cadence, done: Iterable[dt.date], first: dt.date, today: dt.date, grace_days: int = 0
) -> list[Outcome]:
    """How the due dates from ``first`` on were kept, as far as that is decided today: one that nothing has met is left
    out until the next is due, one ahead is in once it is satisfied.

    Grace ends at the latest on the eve of the next due date.
    """
    dates = sorted({done_on for done_on in done if done_on <= today})
    found: list[Outcome] = []
    made_up: dt.date | None = None  # the date after it with which the due date before was met, late or within grace
    for due in cadence.due_dates(first, cadence.due_from(today)):
        outcome = _outcome(cadence, dates, due, grace_days, made_up)
        if _is_decided(cadence, outcome, today):
            found.append(outcome)
        made_up = outcome.done_on if outcome.done_on and outcome.done_on > due else None
    return found


def _outcome(
    cadence: Cadence, dates: Sequence[dt.date], due: dt.date, grace_days: int, made_up: dt.date | None
) -> Outcome:
    eve = cadence.due_after(due) - DAY
    graced = min(due + grace_days * DAY, eve)
    for done_on in dates[bisect_right(dates, cadence.due_before(due)) : bisect_right(dates, eve)]:
        if done_on > graced:
            return Outcome(due, done_on, "late")
        if done_on != made_up or done_on >= cadence.opens_on(due):
            return Outcome(due, done_on, "on_time")
    return Outcome(due, None, "missed")


def _is_decided(cadence: Cadence, outcome: Outcome, today: dt.date) -> bool:
    if outcome.done_on is None:
        return cadence.due_after(outcome.due_on) <= today
    return outcome.due_on <= today or outcome.done_on >= cadence.opens_on(outcome.due_on)
