"""What comes next, if things go on as they are: a KPI's forecast with its interval, its backtest and its chances."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from kpis.engine.definitions import Direction
from kpis.engine.forecast import Forecast, Model, Refused, forecast, probability
from kpis.engine.periods import Frequency
from kpis.engine.units import Unit, UnitKind
from kpis.engine.values import Matrix
from kpis.histories import History
from kpis.models import Target
from kpis.series import Point, series
from kpis.standpoint import Standpoint

# How far ahead it is shown: about as far as one plans.
AHEAD: Final = {
    Frequency.DAILY: 14,
    Frequency.WEEKLY: 8,
    Frequency.MONTHLY: 6,
    Frequency.QUARTERLY: 4,
    Frequency.YEARLY: 2,
}
FURTHEST: Final = 120
COUNTED: Final = (UnitKind.NUMBER, UnitKind.CUSTOM, UnitKind.DURATION)


@dataclass(frozen=True, slots=True)
class Ahead:
    """One period that is forecast: what is expected, and what holds four times out of five."""

    ordinal: int
    period: dt.date
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """The forecast of the periods after a history; ``shown`` is the same, cut to what can be."""

    history: History
    forecast: Forecast
    shown: Forecast

    @property
    def is_offered(self) -> bool:
        return bool(self.forecast.is_offered) and bool(np.isfinite(self.forecast.mean[0]))

    @property
    def model(self) -> Model:
        return Model(int(self.forecast.model))

    @property
    def refused(self) -> Refused:
        return Refused(int(self.forecast.refused))

    @property
    def error(self) -> float | None:
        return _number(self.forecast.error)

    @property
    def naive_error(self) -> float | None:
        return _number(self.forecast.naive_error)

    def ahead(self, periods: int) -> Iterator[Ahead]:
        """The next periods, as far as a forecast reaches."""
        history = self.history
        for at in range(min(periods, self.shown.horizon)):
            mean, low, high = (float(line[at]) for line in (self.shown.mean, self.shown.low, self.shown.high))
            if np.isfinite(mean):
                ordinal = history.last + 1 + at
                first = history.calendar.first_date(history.frequency, ordinal)
                yield Ahead(ordinal, first, mean, low, high)

    def chance(self, ordinal: int, direction: str, goal: Mapping[str, Any]) -> float | None:
        """The probability to reach ``target``, or to lie from ``low`` to ``high``, in a period; None where nothing can
        be said of it."""
        bounds = {name: np.nan if goal[name] is None else goal[name] for name in ("target", "low", "high")}
        found = probability(self.forecast, ordinal - self.history.last, direction=Direction(direction), **bounds)
        return _number(found)


def outlook_of(history: History, unit: str, *, periods: int) -> Outlook:
    """The forecast of at most so many periods."""
    horizon = max(1, min(periods, FURTHEST))
    found = forecast(history.values, season_length=history.season_length, horizon=horizon)
    return Outlook(history, found, found.within(*_possible(Unit.parse(unit), history.values)))


def due_ahead(targets: Iterable[Target], history: History) -> int | None:
    """The period by which the next target is to be reached, if that can be looked at."""
    dues = [history.calendar.ordinal(history.frequency, row.due_on) for row in targets if row.due_on]
    ahead = [ordinal for ordinal in dues if history.last < ordinal <= history.last + FURTHEST]
    return min(ahead) if ahead else None


def goals_ahead(standpoint: Standpoint, history: History, last: int) -> dict[int, Point]:
    """The targets of the periods after a history up to ``last``, by ordinal."""
    calendar, frequency = history.calendar, history.frequency
    dates = (calendar.first_date(frequency, ordinal) for ordinal in (history.last + 1, last))
    organization, today, known = standpoint.organization, standpoint.today, standpoint.known
    points = series(standpoint.kpi, organization, frequency, *dates, today=today, known=known)
    return {calendar.ordinal(frequency, point["period"]): point for point in points}


def _possible(unit: Unit, values: Matrix) -> tuple[float, float]:
    """Counts that never were below zero do not get there, nor do shares beyond the whole."""
    known = values[np.isfinite(values)]
    is_positive = bool((known >= 0).all())
    if unit.kind is UnitKind.PERCENT and is_positive and (known <= 1).all():
        return 0.0, 1.0
    return (0.0, np.inf) if is_positive and unit.kind in (*COUNTED, UnitKind.RATIO) else (-np.inf, np.inf)


def _number(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None
