"""Where a key result stood from each day on, in columns: of thousands of them most are asked for the latest alone."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import cached_property

from okrs.following.facts import Record


@dataclass(frozen=True)
class History:
    """One value and one progress from each of the ``days`` on, oldest first."""

    days: Sequence[dt.date] = ()
    values: Sequence[float | None] = ()
    progress: Sequence[float] = ()

    @classmethod
    def of(cls, records: Iterable[Record]) -> "History":
        rows = list(records)
        return cls([row.on for row in rows], [row.current for row in rows], [row.progress_raw for row in rows])

    @cached_property
    def records(self) -> list[Record]:
        return list(map(Record, self.days, self.values, self.progress))

    @property
    def dated(self) -> list[tuple[dt.date, float | None]]:
        return list(zip(self.days, self.values, strict=True))

    @property
    def current(self) -> float | None:
        """The latest value; None where there is none."""
        return self.values[-1] if self.values else None

    @property
    def reached(self) -> float:
        """The latest progress; 0 where nothing is known."""
        return self.progress[-1] if self.progress else 0.0

    def until(self, day: dt.date) -> "History":
        """What of it was so on a day already."""
        if not self.days or self.days[-1] <= day:
            return self
        count = bisect_right(self.days, day)
        return History(self.days[:count], self.values[:count], self.progress[:count])

    def on(self, days: Iterable[dt.date]) -> list[float | None]:
        """The progress on each of these days; None before the first."""
        reached = (None, *self.progress)
        return [reached[bisect_right(self.days, day)] for day in days]


NOTHING_YET: Final = History()
