"""The functions of a formula that look at other periods than their own.

What lies before a formula's first period is missing, whatever part of the series is held in memory, and sums run from
the oldest period to the newest: so a part comes out bit for bit as the whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from kpis.engine.definitions import Aggregation, Problem
from kpis.engine.formula.cells import NO_SLOT, Cells, Problems, missing, settled
from kpis.engine.formula.syntax import Function
from kpis.engine.values import Matrix

Number = TypeVar("Number", np.float64, np.int32)


@dataclass(frozen=True, slots=True)
class Times:
    """Where formulas stand in time: `columns` periods in memory, the column `start` (formulas, 1) of each one's first
    period, and how many periods back `year` is."""

    columns: int
    start: NDArray[np.int64]
    year: int

    def begins(self, lag: int) -> NDArray[np.bool_]:
        """(formulas, columns) which periods have one `lag` periods before that is the first or later."""
        return np.asarray(np.arange(self.columns) >= self.start + lag)


def _earlier(cells: Cells, lag: int, times: Times) -> Cells:
    """The values of `lag` periods before."""
    if cells.slot == NO_SLOT:
        return cells  # a constant is the same in every period
    reaches = times.begins(lag)
    value = np.where(reaches, shifted(cells.value, lag, times, np.nan), np.nan)
    problem = _earlier_problem(cells, lag, times, reaches)
    coverage = None if cells.coverage is None else shifted(cells.coverage, lag, times, 1.0)
    return Cells(value, problem, coverage, cells.slot)


def _earlier_problem(cells: Cells, lag: int, times: Times, reaches: NDArray[np.bool_]) -> Problems | None:
    if cells.problem is None and reaches.all():
        return None
    held = np.zeros((1, 1), np.int32) if cells.problem is None else shifted(cells.problem, lag, times, 0)
    return np.where(reaches, held, missing(cells.slot)).astype(np.int32)


def shifted(values: NDArray[Number], lag: int, times: Times, fill: float) -> NDArray[Number]:
    """(formulas, columns) moved `lag` columns to the right, `fill` where nothing moves in."""
    rows = max(values.shape[0], len(times.start))
    full = np.broadcast_to(values, (rows, times.columns))
    moved = np.full_like(full, fill)
    if lag < times.columns:
        moved[:, lag:] = full[:, : times.columns - lag]
    return moved


def _prev(cells: Cells, periods: int, times: Times) -> Cells:
    return _earlier(cells, periods, times)


def _last_year(cells: Cells, _: int, times: Times) -> Cells:
    return _earlier(cells, times.year, times)


def _change(cells: Cells, _: int, times: Times) -> Cells:
    before = _earlier(cells, 1, times)
    return settled(cells.value - before.value, (cells, before))


def _growth(cells: Cells, _: int, times: Times) -> Cells:
    """(x - prev) / prev for a prev above 0; what grew from a debt or from nothing has no rate."""
    before = _earlier(cells, 1, times)
    value = np.where(before.value > 0, (cells.value - before.value) / before.value, np.nan)
    failure = np.where(before.value == 0, Problem.DIVISION_BY_ZERO, Problem.DOMAIN_ERROR)
    overflow = before.value > 0
    return settled(value, (cells, before), np.where(overflow, Problem.OVERFLOW, failure))


def _rolling_sum(cells: Cells, periods: int, times: Times) -> Cells:
    oldest = _earlier(cells, periods - 1, times)
    total, inputs = oldest.value + 0.0, [oldest]
    for lag in range(periods - 2, -1, -1):
        inputs.append(_earlier(cells, lag, times))
        total = total + inputs[-1].value
    return settled(total, tuple(inputs))


def _rolling_mean(cells: Cells, periods: int, times: Times) -> Cells:
    total = _rolling_sum(cells, periods, times)
    return Cells(total.value / periods, total.problem, total.coverage, total.slot)


TIMED: dict[str, Callable[[Cells, int, Times], Cells]] = {
    Function.PREV: _prev,
    Function.SAME_PERIOD_LAST_YEAR: _last_year,
    Function.CHANGE: _change,
    Function.GROWTH: _growth,
    Function.ROLLING_SUM: _rolling_sum,
    Function.ROLLING_MEAN: _rolling_mean,
}


def to_date(
    values: Matrix, coverage: Matrix, begins: NDArray[np.bool_], aggregation: NDArray[np.intp]
) -> tuple[Matrix, Matrix]:
    """Values so far in the running fiscal year or quarter, and the least of their coverages.

    `values` and `coverage` (rows, columns); `begins` (columns,) marks the first period of each year or quarter;
    `aggregation` (rows,) numbers `definitions.Aggregation`, by which each row is combined. Missing values are left out,
    and where there are none at all the result is missing.
    """
    rows = len(values)
    total, count = np.zeros(rows), np.zeros(rows)
    extreme, latest, least = np.full(rows, np.nan), np.full(rows, np.nan), np.ones(rows)
    result, covered = np.empty_like(values), np.empty_like(values)
    of = {each: aggregation == number for number, each in enumerate(Aggregation)}
    for column in range(values.shape[1]):
        if begins[column]:
            total, count, least = np.zeros(rows), np.zeros(rows), np.ones(rows)
            extreme, latest = np.full(rows, np.nan), np.full(rows, np.nan)
        value = values[:, column]
        known = ~np.isnan(value)
        total = np.where(known, total + value, total)
        count = count + known
        extreme = np.where(of[Aggregation.MAX], np.fmax(extreme, value), np.fmin(extreme, value))
        latest = np.where(known, value, latest)
        least = np.where(known, np.minimum(least, coverage[:, column]), least)
        result[:, column] = _combined(of, total, count, extreme, latest)
        covered[:, column] = np.where(count > 0, least, 0.0)
    return result, covered


def _combined(
    of: dict[Aggregation, NDArray[np.bool_]], total: Matrix, count: Matrix, extreme: Matrix, latest: Matrix
) -> Matrix:
    mean = np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)
    added = np.where(count > 0, total, np.nan)
    chosen = np.where(of[Aggregation.SUM], added, np.where(of[Aggregation.MEAN], mean, extreme))
    return np.where(of[Aggregation.LAST], latest, chosen)
