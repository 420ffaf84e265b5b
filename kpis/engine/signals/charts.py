"""One KPI's process behaviour chart: its limits, period by period, and its signals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from kpis.engine.forecast import forecast
from kpis.engine.signals.limits import moving_ranges, process_limits
from kpis.engine.signals.rules import Signal, Signals, signals
from kpis.engine.signals.seasonal import Adjusted, seasonally_adjusted
from kpis.engine.values import Matrix


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What the chart of one KPI shows; arrays have one entry per period.

    `charted` are the values drawn and judged: those given or, where `adjusted` is set, those without their season.
    `centre`, `lower`, `upper` and `range_limit` are NaN where no limits hold: before the baseline, and in a stretch
    between two changes with fewer than six values. `ranges` are the moving ranges, none across a change.
    """

    charted: Matrix
    centre: Matrix
    lower: Matrix
    upper: Matrix
    ranges: Matrix
    range_limit: Matrix
    signals: Signals
    adjusted: Adjusted | None = None

    @property
    def is_adjusted(self) -> bool:
        """Whether the season was taken out."""
        return self.adjusted is not None

    def at(self, period: int) -> tuple[Signal, ...]:
        """The signals of one period."""
        return self.signals.at(period)


def behaviour(
    values: ArrayLike,
    *,
    season_length: int,
    change_points: Iterable[int] = (),
    is_seasonal: bool | None = None,
) -> Behaviour:
    """The chart of one series (periods,) of complete periods, NaN where a value is missing.

    `change_points` are the columns at which the process was recorded to have changed, in any order: each begins a
    stretch with limits of its own, from all its values; the first stretch has those of its last 24, and none before
    them. A series whose backtest is clearly better with a season of `season_length` periods is charted without it;
    `is_seasonal` says so where a `Forecast` of the same values has found out already.
    """
    series = np.asarray(values, dtype=np.float64)
    if is_seasonal is None:
        is_seasonal = season_length > 1 and bool(forecast(series, season_length=season_length, horizon=1).is_seasonal)
    adjusted = _without_season(series, season_length) if is_seasonal else None
    charted = series if adjusted is None else adjusted.values
    chart = _blank(charted, adjusted)
    begins = sorted({0, *(change for change in change_points if 0 < change < len(charted))})
    for begin, end in pairwise([*begins, len(charted)]):
        _judge(chart, begin, end)
    return chart


def _without_season(series: Matrix, season_length: int) -> Adjusted | None:
    adjusted = seasonally_adjusted(series, season_length)
    return None if np.isnan(adjusted.indices).any() else adjusted


def _blank(charted: Matrix, adjusted: Adjusted | None) -> Behaviour:
    centre, lower, upper, ranges, range_limit = (np.full(len(charted), np.nan) for _ in range(5))
    flags = Signals(*(np.zeros(len(charted), dtype=np.int8) for _ in range(3)))
    return Behaviour(charted, centre, lower, upper, ranges, range_limit, flags, adjusted)


def _judge(chart: Behaviour, begin: int, end: int) -> None:
    """Fills in the stretch of columns `begin` up to `end`."""
    stretch = chart.charted[begin:end]
    limits = process_limits(stretch, baseline_from=0 if begin else None)
    chart.ranges[begin:end] = moving_ranges(stretch)
    first = begin + int(limits.begins)
    for line in ("centre", "lower", "upper", "range_limit"):
        getattr(chart, line)[first:end] = getattr(limits, line)
    found = signals(chart.charted[first:end], limits)
    for flags in fields(Signals):
        getattr(chart.signals, flags.name)[first:end] = getattr(found, flags.name)
