"""How well a method would have forecast: at each of the last periods, from what was known then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpis.engine.comparison import Truths
from kpis.engine.forecast.histories import Histories
from kpis.engine.forecast.methods import Method
from kpis.engine.values import Integers, Matrix, total

LEADS = 3  # periods ahead that are forecast at each origin
ORIGINS = 36  # at most, or a season if it is longer


@dataclass(frozen=True, slots=True)
class Trial:
    """A method's errors in the backtest, in the unit of the histories.

    `error` (rows,) is the mean absolute one over all origins and leads; `shock` (rows,) the root of the mean squared
    one, each divided by the growth of its lead and, for a relative method, by what was forecast. NaN where the method
    had no forecast or nothing was tested.
    """

    error: Matrix
    shock: Matrix


def origins(histories: Histories, training: Integers, season_length: int) -> Truths:
    """(rows, columns) the columns at which is forecast: known values, after `training` (rows,) periods, of the last 36
    or a season's; never the last column, after which nothing is known."""
    columns = histories.values.shape[1]
    earliest = np.maximum(histories.start + training - 1, columns - 1 - max(ORIGINS, season_length))
    chosen = histories.known & (np.arange(columns) >= earliest[:, None])
    chosen[:, -1] = False
    return np.asarray(chosen)


def tried(method: Method, histories: Histories, origins: Truths) -> Trial:
    """Lets the method read the histories to their end, forecasting three periods at each origin."""
    rows, columns = histories.values.shape
    absolute, squares, counts = np.zeros(rows), np.zeros((rows, LEADS)), np.zeros((rows, LEADS))
    for column in range(columns):
        method.learn(column)
        if not origins[:, column].any():
            continue
        following = slice(column + 1, column + 1 + LEADS)
        actual, tested = histories.values[:, following], histories.known[:, following] & origins[:, column, None]
        width = actual.shape[1]
        path = method.ahead(width)
        error = np.where(tested, actual - path, 0.0)
        absolute += total(np.abs(error))
        squares[:, :width] += _relative_squares(error, path) if method.is_relative else error**2
        counts[:, :width] += tested
    return _summed(absolute, squares, counts, method.growth(LEADS))


def _relative_squares(error: Matrix, path: Matrix) -> Matrix:
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        return np.where(error == 0, 0.0, (error / path) ** 2)


def _summed(absolute: Matrix, squares: Matrix, counts: Matrix, growth: Matrix) -> Trial:
    tests = total(counts)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        shock = np.sqrt(total(squares / growth**2) / tests)
        return Trial(absolute / tests, shock)
