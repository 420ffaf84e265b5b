"""Forecasts of many series at once: every method is tried on each, and the one that would have erred least is used."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpis.engine.comparison import Truths, is_at_most
from kpis.engine.forecast.backtest import origins
from kpis.engine.forecast.histories import Histories, Prepared, prepare, recent
from kpis.engine.forecast.methods import Naive
from kpis.engine.forecast.models import (
    FEWEST_TESTED,
    PLAIN_MODELS,
    SEASONAL_MODELS,
    Model,
    attempt,
    attempts,
    training,
)
from kpis.engine.values import Matrix, known_span

FEWEST = 12  # known values
LONGEST_GAP = 6  # periods since the last known value
FURTHEST = 2  # a forecast reaches no further than the history's length divided by this
SIMPLER = 0.95  # a more elaborate method must err at least 5 % less
CLEARLY = 0.8  # a series is seasonal if that makes its errors at least 20 % smaller
QUANTILE = 1.2815515655446004  # standard deviations within which lie 80 % of a normal distribution


class Refused(IntEnum):
    """Why no forecast is offered; arrays hold the number, the API shows `code`."""

    NO = 0
    TOO_SHORT = 1
    TOO_SPARSE = 2
    OUTDATED = 3
    WORSE_THAN_NAIVE = 4

    @property
    def code(self) -> str | None:
        """The reason's name in lower case, None where a forecast is offered."""
        return self.name.lower() if self else None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Forecasts of the periods after the last column, for one series or many.

    `mean`, `low`, `high` (the 80 % interval) and `spread` (its standard deviation) are (..., horizon), NaN where no
    forecast is offered and further ahead than half of the history is long. The rest has one entry per series: `model`
    (of `Model`) the method that erred least in the backtest, `refused` (of `Refused`), `error` and `naive_error` the
    mean absolute errors of that method and of repeating the last value, in the KPI's unit, and `is_seasonal`, whether
    a season makes the errors clearly smaller.
    """

    mean: Matrix
    low: Matrix
    high: Matrix
    spread: Matrix
    model: NDArray[np.uint8]
    refused: NDArray[np.uint8]
    error: Matrix
    naive_error: Matrix
    is_seasonal: Truths

    @property
    def is_offered(self) -> Truths:
        """Which series have a forecast."""
        return np.asarray(self.refused == Refused.NO)

    @property
    def horizon(self) -> int:
        """How many periods are forecast."""
        return int(self.mean.shape[-1])

    def within(self, least: float = -np.inf, most: float = np.inf) -> Forecast:
        """The same with mean and interval cut to what can be (counts not below 0, shares not above 1)."""
        mean, low, high = (np.clip(line, least, most) for line in (self.mean, self.low, self.high))
        return replace(self, mean=mean, low=low, high=high)


def forecast(values: ArrayLike, *, season_length: int, horizon: int) -> Forecast:
    """Forecasts one series (periods,) or many (series, periods) of complete periods, NaN where a value is missing.

    `season_length` (1: none) is that of their frequency. Only the last 120 periods (five seasons, if longer) are looked
    at. What is missing before the first value is cut, what is missing in between is stepped over (interpolated only
    where a method starts), and where the last periods are missing the forecast reaches across them.

    Each of `Model` is fitted by the least squared one-step errors on a grid of parameters, and tried by a rolling
    origin: at each of the last 36 periods (or of a season) from what was known then, parameters included, one to three
    periods ahead. The one with the least mean absolute error is used, an elaborate one only if it errs 5 % less than
    any simpler one. A seasonal one needs two full seasons, Holt-Winters a third to be tried on.

    The interval is normal around the mean. Its standard deviation is that of the backtest's errors, each scaled to one
    shock by how the method's errors grow with the lead (R. J. Hyndman, G. Athanasopoulos, "Forecasting: principles and
    practice", 3rd ed., sections 5.5 and 8.7; for multiplicative seasons the additive growth of relative errors), grown
    again to the horizon, and widened by Student's t for the number of origins.

    Not offered (`Refused`): fewer than twelve values or too few to try a method on, half of the periods missing, the
    last value more than six periods old, or errors larger than those of repeating the last value; and nothing further
    ahead than half of the history is long. Raises ValueError for a horizon or season below 1.
    """
    if horizon < 1 or season_length < 1:
        raise ValueError(f"Horizon ({horizon}) and season ({season_length}) are at least one period.")
    matrix = np.asarray(values, dtype=np.float64)
    rows = recent(np.atleast_2d(matrix), season_length)
    refused = _refusals(rows)
    found = _blank(refused, horizon)
    usable = np.flatnonzero(refused == Refused.NO)
    if usable.size:
        _fill(found, usable, prepare(rows[usable]), season_length)
    return _shaped(found, matrix.shape[:-1])


def _refusals(rows: Matrix) -> NDArray[np.uint8]:
    """What can be said before anything is tried."""
    known = np.isfinite(rows)
    count, (first, end) = np.count_nonzero(known, axis=1), known_span(known)
    refused = np.where(rows.shape[1] - end > LONGEST_GAP, Refused.OUTDATED, Refused.NO)
    refused = np.where(2 * count < end - first, Refused.TOO_SPARSE, refused)
    return np.where(count < FEWEST, Refused.TOO_SHORT, refused).astype(np.uint8)


def _blank(refused: NDArray[np.uint8], horizon: int) -> Forecast:
    rows = len(refused)
    mean, low, high, spread = (np.full((rows, horizon), np.nan) for _ in range(4))
    return Forecast(
        mean,
        low,
        high,
        spread,
        model=np.zeros(rows, dtype=np.uint8),
        refused=refused,
        error=np.full(rows, np.nan),
        naive_error=np.full(rows, np.nan),
        is_seasonal=np.zeros(rows, dtype=bool),
    )


def _shaped(found: Forecast, shape: tuple[int, ...]) -> Forecast:
    arrays = {field.name: getattr(found, field.name) for field in fields(Forecast)}
    return Forecast(**{name: array.reshape(shape + array.shape[1:]) for name, array in arrays.items()})


def _fill(found: Forecast, at: NDArray[np.intp], prepared: Prepared, season_length: int) -> None:
    """Tries everything on the prepared series and writes what was found to the rows `at`."""
    histories, periods = prepared.histories, found.horizon + int(prepared.gap.max())
    tests = origins(histories, training(histories, season_length), season_length)
    errors, means, spreads = _tries(histories, tests, season_length, periods)
    chosen = _chosen(errors)
    rows, naive_error = at[prepared.order], attempt(Naive, histories, tests, 1).trial.error
    error = np.take_along_axis(errors, chosen[None, :], axis=0)[0]
    mean, spread = (np.take_along_axis(lines, chosen[None, :, None], axis=0)[0] for lines in (means, spreads))
    counts = np.count_nonzero(tests, axis=1)
    found.refused[rows] = _verdict(error, naive_error, counts, mean)
    found.model[rows] = np.where(np.isfinite(error), chosen, Model.NONE)
    found.is_seasonal[rows] = _is_seasonal(errors, naive_error)
    found.error[rows] = _unscaled(np.where(np.isfinite(error), error, np.nan), prepared)
    found.naive_error[rows] = _unscaled(naive_error, prepared)
    _write(found, rows, prepared, mean=mean, spread=spread * _widening(counts)[:, None])


def _tries(histories: Histories, tests: Truths, season_length: int, periods: int) -> tuple[Matrix, Matrix, Matrix]:
    """By model: errors (models, rows), infinite where it was not tried; means and spreads (models, rows, periods)."""
    rows = len(histories.values)
    errors = np.full((len(Model), rows), np.inf)
    means, spreads = (np.full((len(Model), rows, periods), np.nan) for _ in range(2))
    for model, on, made in attempts(histories, tests, season_length, periods):
        errors[model, on] = np.where(np.isfinite(made.trial.error), made.trial.error, np.inf)
        means[model, on], spreads[model, on] = made.mean, made.spread
    return errors, means, spreads


def _chosen(errors: Matrix) -> NDArray[np.intp]:
    """(rows,) the model with the least error, an elaborate one only if it errs 5 % less than any simpler one."""
    best, chosen = errors[Model.DRIFT], np.full(errors.shape[1], Model.DRIFT, dtype=np.intp)
    for model in Model:
        is_better = errors[model] < SIMPLER * best
        best, chosen = np.where(is_better, errors[model], best), np.where(is_better, model, chosen)
    return chosen


def _is_seasonal(errors: Matrix, naive_error: Matrix) -> Truths:
    with_season, without = (errors[list(models)].min(axis=0) for models in (SEASONAL_MODELS, PLAIN_MODELS))
    return np.asarray(with_season < CLEARLY * np.fmin(without, naive_error))


def _verdict(error: Matrix, naive_error: Matrix, counts: NDArray[np.intp], mean: Matrix) -> NDArray[np.uint8]:
    is_fit = is_at_most(error, naive_error) & np.isfinite(mean[:, 0])
    refused = np.where(is_fit, Refused.NO, Refused.WORSE_THAN_NAIVE)
    return np.where(counts < FEWEST_TESTED, Refused.TOO_SPARSE, refused).astype(np.uint8)


def _write(found: Forecast, rows: NDArray[np.intp], prepared: Prepared, *, mean: Matrix, spread: Matrix) -> None:
    """The periods after the last column, which for a series that ends earlier are further ahead."""
    ahead = prepared.gap[:, None] + np.arange(found.horizon)
    with np.errstate(over="ignore", invalid="ignore"):
        mean, spread = (_unscaled(np.take_along_axis(lines, ahead, axis=1), prepared) for lines in (mean, spread))
        low, high = mean - QUANTILE * spread, mean + QUANTILE * spread
        is_shown = np.isfinite(high - low) & (FURTHEST * (ahead + 1) <= prepared.histories.spans[:, None])
    is_shown &= (found.refused[rows] == Refused.NO)[:, None]
    for line, numbers in ((found.mean, mean), (found.low, low), (found.high, high), (found.spread, spread)):
        line[rows] = np.where(is_shown, numbers, np.nan)


def _unscaled(numbers: Matrix, prepared: Prepared) -> Matrix:
    """(rows,) or (rows, periods) in the KPIs' units again."""
    exponent = prepared.exponent.reshape(-1, *[1] * (numbers.ndim - 1))
    with np.errstate(over="ignore"):
        return np.asarray(np.ldexp(numbers, exponent))


def _widening(counts: NDArray[np.intp]) -> Matrix:
    """How much further Student's t reaches than the normal distribution, for a spread known from so many origins.

    The first terms of its expansion: M. Abramowitz, I. A. Stegun, "Handbook of mathematical functions", 26.7.5.
    """
    z, freedom = QUANTILE, np.maximum(counts - 1, 1)
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return np.asarray((z + first / freedom + second / freedom**2) / z)
