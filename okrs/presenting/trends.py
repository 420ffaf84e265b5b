"""The days of a cycle at which its sparklines and expected lines are drawn."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

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
