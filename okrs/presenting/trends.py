"""Where progress stood at a few days of a cycle: what its sparkline is drawn from.

The same as reading whole series day by day, at a hundredth of the work: a list shows hundreds.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe

from kpis.drawing.sparkline import sparkline
from okrs.progress import clamped
from okrs.reading import KeyResultView, ObjectiveView
from okrs.spans import Span

POINTS: Final = 13
WIDTH: Final = 88


def sampled_days(span: Span, through: dt.date, count: int = POINTS) -> list[dt.date]:
    """Up to ``count`` days of a cycle, evenly apart, from its first to ``through``."""
    elapsed = span.days_elapsed(through)
    if elapsed <= 0:
        return []
    places = {round(number * (elapsed - 1) / max(count - 1, 1)) for number in range(count)}
    return [span.starts_on + dt.timedelta(days=place) for place in sorted(places)]


class Trends:
    """The progress of key results and objectives at some days, each read once however many others it counts in."""

    def __init__(self, dates: Sequence[dt.date], known: Mapping[UUID, list[float | None]] | None = None) -> None:
        """``known`` are those of objectives that were rolled up together."""
        self.dates = tuple(dates)
        self._found = dict(known or {})

    def of(self, view: KeyResultView | ObjectiveView) -> list[float | None]:
        """One for each of the days; None while nothing was known, of an objective of none of its parts."""
        if view.id not in self._found:
            own = view.progress_on(self.dates) if isinstance(view, KeyResultView) else self._rolled_up(view)
            self._found[view.id] = own
        return self._found[view.id]

    def _rolled_up(self, view: ObjectiveView) -> list[float | None]:
        counting = view.shares
        if counting.total <= 0:
            return [None] * len(self.dates)
        known, reached = [False] * len(self.dates), [0.0] * len(self.dates)
        for weight, one in zip(counting.weights, view.counting, strict=True):
            for place, value in enumerate(self.of(one)):
                if value is not None:
                    known[place] = True
                    reached[place] += weight * (0.0 if value < 0 else 1.0 if value > 1 else value)
        return [
            clamped(sum_ / counting.total) if is_known else None for is_known, sum_ in zip(known, reached, strict=True)
        ]


def expected_on(view: KeyResultView | ObjectiveView, on: dt.date) -> float:
    """The progress that a key result or an objective should have on a day."""
    if isinstance(view, KeyResultView):
        return view.facts.expected(on)
    counting = view.shares
    if counting.total <= 0:
        return view.span.elapsed(on)
    wanted = counting.mean([expected_on(one, on) for one in view.counting])
    return clamped(wanted + counting.uncovered_elapsed(on))


def spark(values: Sequence[float | None]) -> SafeString:
    """A course of progress as a line no higher than a word."""
    return mark_safe(sparkline(values, width=WIDTH))  # noqa: S308 - numbers only
