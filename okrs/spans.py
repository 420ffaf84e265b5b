"""The days of a cycle, from its first to its last, both included. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The days from ``starts_on`` to ``ends_on``. Raises ValueError where it would end before it begins."""

    starts_on: dt.date
    ends_on: dt.date

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise ValueError(f"It ends on {self.ends_on}, before it begins on {self.starts_on}. Swap the dates.")

    @property
    def days(self) -> int:
        """How many days there are, at least 1."""
        return (self.ends_on - self.starts_on).days + 1

    def days_elapsed(self, on: dt.date) -> int:
        """How many of them have passed on a date, that date included: 0 before the first, all after the last."""
        return min(max((on - self.starts_on).days + 1, 0), self.days)

    def elapsed(self, on: dt.date) -> float:
        """The same as a share, 0 to 1: on 15 April of 1 to 30 April 0.5."""
        return self.days_elapsed(on) / self.days

    def within(self, other: Span) -> Span | None:
        """The days that lie in the other one too, None if there are none."""
        first, last = max(self.starts_on, other.starts_on), min(self.ends_on, other.ends_on)
        return Span(first, last) if first <= last else None

    def share_of(self, other: Span) -> float:
        """The share of the other one's days that it holds, 0 to 1: the first quarter of 2026 holds 90 / 365 of it."""
        common = self.within(other)
        return common.days / other.days if common else 0.0

    def covers(self, other: Span) -> bool:
        """Whether it holds every day of the other one."""
        return self.starts_on <= other.starts_on and other.ends_on <= self.ends_on
