"""Where progress stood at a few days of a cycle: what its sparkline is drawn from.

The same as reading whole series day by day, at a hundredth of the work: a list shows hundreds.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from kpis.drawing.sparkline import sparkline
from okrs.progress import clamped
from okrs.reading import KeyResultView, ObjectiveView
from okrs.shares import Stake, shares
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


def objective_trend(view: ObjectiveView, dates: Sequence[dt.date]) -> list[float | None]:
    """The progress of an objective at these days; None while nothing was known of any part."""
    own = [(_stake(one, view), part_trend(one, dates)) for one in view.counting]
    counting = shares([stake for stake, _ in own], view.span)
    trend: list[float | None] = []
    for place in range(len(dates)):
        known = [values[place] for _, values in own]
        nothing = all(value is None for value in known)
        trend.append(None if nothing else clamped(counting.mean([clamped(value or 0.0) for value in known])))
    return trend


def part_trend(view: KeyResultView | ObjectiveView, dates: Sequence[dt.date]) -> list[float | None]:
    """The progress of a key result or an objective at these days."""
    if isinstance(view, ObjectiveView):
        return objective_trend(view, dates)
    records = view.trend
    known = [record.on for record in records]
    places = [bisect_right(known, date) for date in dates]
    return [records[place - 1].progress_raw if place else None for place in places]


def expected_on(view: KeyResultView | ObjectiveView, on: dt.date) -> float:
    """The progress that a key result or an objective should have on a day."""
    if isinstance(view, KeyResultView):
        return view.facts.expected(on)
    counting = shares([_stake(one, view) for one in view.counting], view.span)
    if counting.total <= 0:
        return view.span.elapsed(on)
    wanted = counting.mean([expected_on(one, on) for one in view.counting])
    return clamped(wanted + counting.uncovered_elapsed(on))


def spark(view: KeyResultView | ObjectiveView) -> SafeString:
    """The course of its progress so far as a line no higher than a word."""
    values = part_trend(view, sampled_days(view.span, view.on))
    return mark_safe(sparkline(values, width=WIDTH))  # noqa: S308 - numbers only


def _stake(one: KeyResultView | ObjectiveView, view: ObjectiveView) -> Stake:
    if isinstance(one, KeyResultView):
        return Stake(one.key_result.weight)
    return Stake(one.objective.weight, None if one.span == view.span else one.span)
