"""How a KPI behaves: its process limits in its own numbers, season and all, and what is unusual in it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from kpis.engine.signals import Behaviour, Signal, behaviour
from kpis.engine.values import Matrix
from kpis.histories import History


@dataclass(frozen=True, slots=True)
class Judged:
    """One complete period of a process behaviour chart; numbers are None where no limits hold, or no value is."""

    ordinal: int
    period: dt.date
    value: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    moving_range: float | None
    range_limit: float | None
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class Behaving:
    """A chart together with the history it is of."""

    history: History
    chart: Behaviour

    @property
    def has_limits(self) -> bool:
        return bool(np.isfinite(self.chart.centre).any())

    def points(self) -> Iterator[Judged]:
        """Every period. Where the season was taken out to find the limits, it is put back into them, so that values
        stand as they were measured."""
        history, chart = self.history, self.chart
        centre, lower, upper = (self._with_season(line) for line in (chart.centre, chart.lower, chart.upper))
        for at in range(len(history.values)):
            ordinal = history.begins + at
            yield Judged(
                ordinal,
                history.calendar.first_date(history.frequency, ordinal),
                value=_number(history.values[at]),
                centre=_number(centre[at]),
                lower=_number(lower[at]),
                upper=_number(upper[at]),
                moving_range=_number(chart.ranges[at]),
                range_limit=_number(chart.range_limit[at]),
                signals=chart.at(at),
            )

    def _with_season(self, line: Matrix) -> Matrix:
        adjusted = self.chart.adjusted
        if adjusted is None:
            return line
        seasons = np.resize(adjusted.indices, len(line))
        return line * seasons if adjusted.is_multiplicative else line + seasons


def behaving(history: History, changed_on: Iterable[dt.date], *, is_seasonal: bool) -> Behaving:
    """The chart of a history; each date on which the process was recorded to change begins limits of its own."""
    columns = [history.calendar.ordinal(history.frequency, date) - history.begins for date in changed_on]
    season = history.season_length
    chart = behaviour(history.values, season_length=season, change_points=columns, is_seasonal=is_seasonal)
    return Behaving(history, chart)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
