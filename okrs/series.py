"""Progress day by day: what a line over a cycle is drawn from. Pure.

A series has one number for each day of the cycle, from its first to ``through`` (a later day than the cycle's last is
taken for that); ``None`` before the first record, so that a line begins where something was known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from okrs.progress import clamped
from okrs.shares import Stake, shares
from okrs.spans import DAY, Span

Series: TypeAlias = list[float | None]


def days(span: Span, through: dt.date) -> Iterator[dt.date]:
    """The days of a cycle up to a date."""
    for number in range(span.days_elapsed(through)):
        yield span.starts_on + number * DAY


def filled(records: Iterable[tuple[dt.date, float | None]], span: Span, through: dt.date) -> Series:
    """The latest value of each day, carried forward from the (date, value) that were recorded, in any order.

    One from before the cycle holds from its first day on. Of several on a date the last one given counts; a record
    without a value (words only) changes nothing.
    """
    dated = {on: value for on, value in records if value is not None}
    waiting = sorted(dated, reverse=True)
    series: Series = []
    latest: float | None = None
    for day in days(span, through):
        while waiting and waiting[-1] <= day:
            latest = dated[waiting.pop()]
        series.append(latest)
    return series


def objective_series(parts: Sequence[tuple[Stake, Series]], span: Span, through: dt.date) -> Series:
    """The progress of an objective, day by day, from its parts' series of the same days.

    ``None`` while no part has a record; from then on a part without one counts 0, as it does in the objective.
    """
    counting = shares([stake for stake, _ in parts], span)
    series: Series = []
    for number in range(span.days_elapsed(through)):
        known = [values[number] for _, values in parts]
        nothing = all(value is None for value in known)
        series.append(None if nothing else clamped(counting.mean([clamped(value or 0.0) for value in known])))
    return series


def objective_expected_series(
    parts: Sequence[tuple[Stake, Sequence[float | None]]], span: Span, through: dt.date
) -> list[float]:
    """The expected progress of an objective, day by day, from that of its parts (None: nothing yet); without parts the
    days elapsed."""
    counting = shares([stake for stake, _ in parts], span)
    if counting.total <= 0:
        return [span.elapsed(day) for day in days(span, through)]
    expected_of_parts = zip(*(values for _, values in parts), strict=True)
    return [
        clamped(counting.mean([value or 0.0 for value in values]) + counting.uncovered_elapsed(day))
        for day, values in zip(days(span, through), expected_of_parts, strict=True)
    ]
