"""The probability that a forecast gives to a target."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from kpis.engine.comparison import is_at_least
from kpis.engine.definitions import Direction
from kpis.engine.forecast.forecasting import Forecast
from kpis.engine.values import Matrix

_complements = np.vectorize(math.erfc, otypes=[np.float64])


def probability(
    forecast: Forecast,
    ahead: int,
    *,
    direction: Direction,
    target: ArrayLike = math.nan,
    low: ArrayLike = math.nan,
    high: ArrayLike = math.nan,
) -> Matrix:
    """The probability (0..1) that the value `ahead` periods (1: the next) after the last reaches the target.

    Normal around the forecast's mean with its spread: for `increase` the mass at or above `target`, for `decrease` at
    or below, for `between` from `low` to `high`. Targets and bounds are one number for all series or one each; NaN
    where they are missing, where no forecast is offered, and beyond its horizon. Without any spread it is 1 or 0.
    """
    if not 1 <= ahead <= forecast.horizon:
        return np.full(forecast.mean.shape[:-1], np.nan)
    mean, spread = forecast.mean[..., ahead - 1], forecast.spread[..., ahead - 1]
    match direction:
        case Direction.INCREASE:
            return _mass_from(target, mean, spread)
        case Direction.DECREASE:
            return _mass_from(mean, target, spread)
        case Direction.BETWEEN:
            inside = _mass_from(low, mean, spread) + _mass_from(mean, high, spread) - 1
            return np.clip(inside, 0.0, 1.0)


def _mass_from(bar: ArrayLike, centre: ArrayLike, spread: Matrix) -> Matrix:
    """The mass of a normal distribution from `bar` on: with the two exchanged, up to it."""
    x, mean = np.asarray(bar, dtype=np.float64), np.asarray(centre, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        mass = _complements((x - mean) / spread / math.sqrt(2)) / 2
    mass = np.where(spread == 0, is_at_least(mean, x), mass)
    return np.where(np.isnan(x) | np.isnan(mean), np.nan, mass)
