"""Cycles by length, in an organization's fiscal calendar. Pure.

Named as the periods of KPIs are (``kpis.engine.periods``): "Q1 2026", "H1 2026", "2026" where the fiscal year is the
calendar year, else "Q1 FY26/27", "H1 FY26/27", "FY26/27". Custom cycles have the bounds and the name they are given.
What one cycle is of another is ``Span.share_of``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from kpis.engine.periods import Calendar, Frequency
from okrs.spans import DAY, Span

RegularLength: TypeAlias = Literal["quarter", "half", "year"]
Length: TypeAlias = Literal["quarter", "half", "year", "custom"]

QUARTERS_IN: Final[dict[RegularLength, int]] = {"quarter": 1, "half": 2, "year": 4}


@dataclass(frozen=True, slots=True)
class CalendarCycle:
    """A cycle as the calendar has it: what it is called, and its days."""

    name: str
    span: Span
    length: RegularLength


def cycle_on(date: dt.date, length: RegularLength, fiscal_year_start: int = 1) -> CalendarCycle:
    """The cycle of a length that holds a date. Raises ValueError for a month that is not 1 to 12."""
    calendar, quarters = Calendar(fiscal_year_start), QUARTERS_IN[length]
    ordinal = calendar.ordinal(Frequency.QUARTERLY, date) // quarters
    first, last = ordinal * quarters, ordinal * quarters + quarters - 1
    span = Span(calendar.first_date(Frequency.QUARTERLY, first), calendar.last_date(Frequency.QUARTERLY, last))
    return CalendarCycle(_name(calendar, length, ordinal), span, length)


def cycle_after(cycle: CalendarCycle, fiscal_year_start: int = 1) -> CalendarCycle:
    """The one of the same length that follows."""
    return cycle_on(cycle.span.ends_on + DAY, cycle.length, fiscal_year_start)


def cycles_ahead(
    on: dt.date, length: RegularLength, fiscal_year_start: int = 1, *, ahead: int = 1
) -> list[CalendarCycle]:
    """The cycle of a length that runs on a date, and those after it, so that the next one can be planned in time."""
    cycles = [cycle_on(on, length, fiscal_year_start)]
    for _ in range(ahead):
        cycles.append(cycle_after(cycles[-1], fiscal_year_start))
    return cycles


def cycles_to_create(
    on: dt.date,
    lengths: Iterable[RegularLength],
    existing: Collection[Span],
    fiscal_year_start: int = 1,
    *,
    ahead: int = 1,
) -> list[CalendarCycle]:
    """Those of ``cycles_ahead`` for each length whose days no existing cycle has, in order of their first day, the
    longer before the shorter."""
    wanted = [cycle for length in lengths for cycle in cycles_ahead(on, length, fiscal_year_start, ahead=ahead)]
    missing = [cycle for cycle in wanted if cycle.span not in existing]
    return sorted(missing, key=lambda cycle: (cycle.span.starts_on, -cycle.span.days))


def length_of(span: Span, fiscal_year_start: int = 1) -> Length:
    """The length that a cycle's days have in the calendar, ``custom`` if none."""
    lengths = (length for length in QUARTERS_IN if cycle_on(span.starts_on, length, fiscal_year_start).span == span)
    return next(lengths, "custom")


def _name(calendar: Calendar, length: RegularLength, ordinal: int) -> str:
    if length == "half":
        return f"H{ordinal % 2 + 1} {calendar.label(Frequency.YEARLY, ordinal // 2)}"
    return calendar.label(Frequency.QUARTERLY if length == "quarter" else Frequency.YEARLY, ordinal)
