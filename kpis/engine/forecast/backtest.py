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


def tried(method: Method, histories: Histories, tests: Truths) -> Trial:
    """Lets the method read the histories to their end, forecasting three periods at each of the columns `tests`."""
    rows, columns = histories.values.shape
    paths, is_origin = np.full((rows, columns, LEADS), np.nan), np.any(tests, axis=0).tolist()
    for column in range(columns):
        method.learn(column)
        if is_origin[column]:
            paths[:, column] = method.ahead(LEADS)
    return _judged(method, histories, tests, paths)


def _judged(method: Method, histories: Histories, tests: Truths, paths: Matrix) -> Trial:
    """What came of the forecasts `paths` (rows, columns, leads) made at each column."""
    growth = method.growth(LEADS)
    absolute, squares, counts = (np.zeros(len(paths)) for _ in range(3))
    for lead in range(1, min(LEADS, paths.shape[1] - 1) + 1):
        path = paths[:, :-lead, lead - 1]
        tested = tests[:, :-lead] & histories.known[:, lead:]
        error = np.where(tested, histories.values[:, lead:] - path, 0.0)
        shocks = np.where(error == 0, 0.0, error / path) if method.is_relative else error
        absolute += total(np.abs(error))
        squares += total(shocks**2) / growth[:, lead - 1] ** 2
        counts += np.count_nonzero(tested, axis=1)
    return Trial(absolute / counts, np.sqrt(squares / counts))
