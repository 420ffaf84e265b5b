"""Which check-ins are owed on a key result. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kpis.engine.cadence import Cadence, next_due, owed
from okrs.spans import Span


@dataclass(frozen=True, slots=True)
class Owing:
    """Check-ins are due at a ``cadence`` within a cycle, from the day ``set_on`` which the key result was set (None:
    before the cycle). They were ``done`` on these days, of which the last is enough: it makes up for all before."""

    cadence: Cadence
    span: Span
    set_on: dt.date | None = None
    done: Sequence[dt.date] = ()

    @property
    def begins_on(self) -> dt.date:
        """From when on they are due: the cycle's first day, or that on which it was set, if that was later."""
        return max(self.span.starts_on, self.set_on or self.span.starts_on)

    def by(self, until: dt.date) -> list[dt.date]:
        """The dates up to a day on which a check-in is due that nothing satisfies, oldest first."""
        return owed(self.cadence, self.done, self.begins_on, self._within(until))

    def since(self, today: dt.date) -> dt.date | None:
        """The earliest date on which a check-in was due that is owed still; None where none is."""
        return next(iter(self.by(today)), None)

    def next_due(self, today: dt.date) -> dt.date | None:
        """When the next check-in is due; None after the last of the cycle."""
        due = next_due(self.cadence, self.done, self.begins_on, self._within(today))
        return due if due <= self.span.ends_on else None

    def _within(self, today: dt.date) -> dt.date:
        return min(today, self.span.ends_on)
