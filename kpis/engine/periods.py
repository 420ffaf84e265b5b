"""Periods: days, weeks, months, quarters and years as consecutive integers.

A period of a frequency is an *ordinal*: an int64 counting periods, 0 being the one that holds 1970-01-01 (quarters and
years of a fiscal calendar are shifted so that they stay consecutive). Ordinals of one frequency can be subtracted and
used as columns; ordinals of different frequencies have nothing to do with each other. All conversions take scalars or
arrays of any shape and return `numpy.int64` ordinals or `datetime64[D]` dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ordinals: TypeAlias = NDArray[np.int64]
Dates: TypeAlias = NDArray[np.datetime64]

UNIX_EPOCH = dt.date(1970, 1, 1).toordinal()
THURSDAY = 3  # 1970-01-01, counted from Monday = 0
MONTHS_IN = {"monthly": 1, "quarterly": 3, "yearly": 12}
DAYS_IN = {"daily": 1, "weekly": 7}


class Frequency(StrEnum):
    """How often a KPI has a value, from the finest to the coarsest."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"

    @property
    def rank(self) -> int:
        """0 for daily to 4 for yearly: a larger rank is a coarser frequency."""
        return FREQUENCIES.index(self)

    def is_coarser_than(self, other: Frequency) -> bool:
        """Whether periods of this frequency are longer than those of `other`."""
        return self.rank > other.rank

    @property
    def default_due_after_days(self) -> int:
        """Days after a period's end by which its data is due, unless the KPI says otherwise."""
        return DEFAULT_DUE_AFTER_DAYS[self]


FREQUENCIES = tuple(Frequency)
DEFAULT_DUE_AFTER_DAYS = {
    Frequency.DAILY: 1,
    Frequency.WEEKLY: 2,
    Frequency.MONTHLY: 5,
    Frequency.QUARTERLY: 10,
    Frequency.YEARLY: 10,
}


class PeriodState(StrEnum):
    """Where a period stands on a day: it lies ahead, runs, or has ended with its data, awaiting it, or without it."""

    UPCOMING = "upcoming"
    OPEN = "open"
    COMPLETE = "complete"
    EXPECTED = "expected"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Calendar:
    """An organization's calendar.

    `fiscal_year_start` is the month (1-12) in which quarters and years begin; `week_starts_on` the first day of a week,
    0 (Monday) to 6 (Sunday), as `datetime.date.weekday()` counts. Raises ValueError for anything else.
    """

    fiscal_year_start: int = 1
    week_starts_on: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.fiscal_year_start <= 12:
            raise ValueError(f"The fiscal year starts in a month from 1 to 12, not {self.fiscal_year_start}.")
        if not 0 <= self.week_starts_on <= 6:
            raise ValueError(f"The week starts on a day from 0 (Monday) to 6 (Sunday), not {self.week_starts_on}.")

    def ordinals(self, frequency: Frequency, dates: ArrayLike) -> Ordinals:
        """The periods that hold `dates` (`datetime64[D]` or anything NumPy converts to it), in the same shape."""
        days = np.asarray(dates, dtype="datetime64[D]")
        if frequency in DAYS_IN:
            return (days.astype(np.int64) + self._day_shift(frequency)) // DAYS_IN[frequency]
        months = days.astype("datetime64[M]").astype(np.int64)
        return (months - self._month_shift(frequency)) // MONTHS_IN[frequency]

    def first_dates(self, frequency: Frequency, ordinals: ArrayLike) -> Dates:
        """The first date (`datetime64[D]`) of each period: its name in the API and in storage."""
        numbers = np.asarray(ordinals, dtype=np.int64)
        if frequency in DAYS_IN:
            return (numbers * DAYS_IN[frequency] - self._day_shift(frequency)).astype("datetime64[D]")
        months = numbers * MONTHS_IN[frequency] + self._month_shift(frequency)
        return months.astype("datetime64[M]").astype("datetime64[D]")

    def last_dates(self, frequency: Frequency, ordinals: ArrayLike) -> Dates:
        """The last date (`datetime64[D]`) of each period."""
        following = np.asarray(ordinals, dtype=np.int64) + 1
        return self.first_dates(frequency, following) - np.timedelta64(1, "D")

    def ordinal(self, frequency: Frequency, date: dt.date) -> int:
        """The period that holds one date."""
        return int(self.ordinals(frequency, np.datetime64(date, "D")))

    def first_date(self, frequency: Frequency, ordinal: int) -> dt.date:
        """The first date of one period."""
        return as_date(self.first_dates(frequency, ordinal))

    def last_date(self, frequency: Frequency, ordinal: int) -> dt.date:
        """The last date of one period."""
        return as_date(self.last_dates(frequency, ordinal))

    def due_on(self, frequency: Frequency, ordinal: int, due_after_days: int) -> dt.date:
        """The day by whose end a period's data is expected: its last date plus `due_after_days`."""
        return self.last_date(frequency, ordinal) + dt.timedelta(days=due_after_days)

    def state(
        self, frequency: Frequency, ordinal: int, today: dt.date, *, due_after_days: int, has_data: bool
    ) -> PeriodState:
        """Where a period stands on `today`. A running period is OPEN with or without data."""
        if today < self.first_date(frequency, ordinal):
            return PeriodState.UPCOMING
        if today <= self.last_date(frequency, ordinal):
            return PeriodState.OPEN
        if has_data:
            return PeriodState.COMPLETE
        is_late = today > self.due_on(frequency, ordinal, due_after_days)
        return PeriodState.LATE if is_late else PeriodState.EXPECTED

    def label(self, frequency: Frequency, ordinal: int) -> str:
        """The period's name in English: "21 November 2026", "Week of 16 November 2026", "October 2026", "Q4 2026",
        "2026"; in a fiscal calendar "Q3 FY26/27" and "FY26/27"."""
        first = self.first_date(frequency, ordinal)
        match frequency:
            case Frequency.DAILY:
                return _day_label(first)
            case Frequency.WEEKLY:
                return f"Week of {_day_label(first)}"
            case Frequency.MONTHLY:
                return f"{first:%B} {first.year}"
            case Frequency.QUARTERLY:
                return f"Q{ordinal % 4 + 1} {self._year_label(ordinal // 4)}"
            case Frequency.YEARLY:
                return self._year_label(ordinal)

    def _year_label(self, year: int) -> str:
        first = self.first_date(Frequency.YEARLY, year)
        if self.fiscal_year_start == 1:
            return str(first.year)
        return f"FY{first.year % 100:02d}/{(first.year + 1) % 100:02d}"

    def _day_shift(self, frequency: Frequency) -> int:
        return THURSDAY - self.week_starts_on if frequency is Frequency.WEEKLY else 0

    def _month_shift(self, frequency: Frequency) -> int:
        return 0 if frequency is Frequency.MONTHLY else self.fiscal_year_start - 1


def as_date(date: Any) -> dt.date:
    """One `datetime64[D]` (scalar or zero-dimensional array) as a `datetime.date`."""
    converted = np.asarray(date, dtype="datetime64[D]").item()
    if not isinstance(converted, dt.date):
        raise ValueError(f"{date!r} is not a date between the years 1 and 9999.")
    return converted


def as_dates(dates: Sequence[dt.date]) -> Dates:
    """Dates as an array, several times as fast as NumPy makes it of them."""
    days = np.fromiter(map(dt.date.toordinal, dates), dtype=np.int64, count=len(dates))
    return (days - UNIX_EPOCH).astype("datetime64[D]")


def _day_label(date: dt.date) -> str:
    return f"{date.day} {date:%B} {date.year}"


def mixed_ordinals(calendar: Calendar, ranks: NDArray[np.intp], dates: Dates) -> Ordinals:
    """The periods that hold `dates` (n,), each of its own frequency: `ranks` (n,) as in `Frequency.rank`."""
    periods = np.empty(len(ranks), dtype=np.int64)
    for rank, at in _by_rank(ranks):
        periods[at] = calendar.ordinals(FREQUENCIES[rank], dates[at])
    return periods


def mixed_first_dates(calendar: Calendar, ranks: NDArray[np.intp], periods: Ordinals) -> Dates:
    """The first dates of `periods` (n,), each of its own frequency."""
    dates = np.empty(len(ranks), dtype="datetime64[D]")
    for rank, at in _by_rank(ranks):
        dates[at] = calendar.first_dates(FREQUENCIES[rank], periods[at])
    return dates


def mixed_last_dates(calendar: Calendar, ranks: NDArray[np.intp], periods: Ordinals) -> Dates:
    """The last dates of `periods` (n,), each of its own frequency."""
    return mixed_first_dates(calendar, ranks, periods + 1) - np.timedelta64(1, "D")


def _by_rank(ranks: NDArray[np.intp]) -> Iterator[tuple[int, NDArray[np.intp] | slice]]:
    if ranks.size and ranks.min() == ranks.max():
        yield int(ranks[0]), slice(None)
        return
    for rank in np.flatnonzero(np.bincount(ranks)):
        yield int(rank), np.flatnonzero(ranks == rank)
