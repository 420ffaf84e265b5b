"""Period values from measurements, and carried forward. Missing is NaN, never zero.

Sums run sequentially, dates ascending (`numpy.bincount` and loops over columns, not `numpy.sum`, whose pairwise
summation depends on how much is summed at once), so that a part of a series comes out bit for bit as in the whole.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kpis.engine.definitions import Aggregation

Matrix: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]


def aggregate(cells: Integers, values: Matrix, aggregation: Aggregation) -> tuple[Integers, Matrix]:
    """Measurements to period values.

    `cells` (n,) numbers the period (and KPI) of each measurement, ascending, dates ascending within; `values` (n,) are
    finite. Returns the distinct cells and a value for each; a sum too large for a double is `inf`.
    """
    starts = np.flatnonzero(np.diff(cells, prepend=-1 if not cells.size else cells[0] - 1))
    if starts.size == cells.size:
        return cells, values
    with np.errstate(over="ignore"):
        return cells[starts], _aggregate_runs(starts, values, aggregation)


def _aggregate_runs(starts: NDArray[np.intp], values: Matrix, aggregation: Aggregation) -> Matrix:
    """One value for each run of `values`, the runs beginning at `starts`."""
    lengths = np.diff(starts, append=values.size)
    match aggregation:
        case Aggregation.LAST:
            return values[starts + lengths - 1]
        case Aggregation.MIN:
            return np.minimum.reduceat(values, starts)
        case Aggregation.MAX:
            return np.maximum.reduceat(values, starts)
    runs = np.repeat(np.arange(starts.size), lengths)
    sums = np.bincount(runs, weights=values).astype(np.float64, copy=False)
    return sums if aggregation is Aggregation.SUM else sums / lengths


def carry_forward(values: Matrix, periods: Integers, until: Integers) -> tuple[Matrix, Integers]:
    """Fills missing values with the latest one up to `periods` (rows,) columns before, no further than column `until`.

    `values` is (rows, columns). Returns the filled matrix and each value's age in periods, 0 for its own and missing.
    """
    columns = np.arange(values.shape[1])
    known = ~np.isnan(values)
    latest = np.maximum.accumulate(np.where(known, columns, -1), axis=1)
    age = columns - latest
    carried = ~known & (latest >= 0) & (age <= periods[:, None]) & (columns <= until[:, None])
    filled = np.where(carried, np.take_along_axis(values, np.maximum(latest, 0), axis=1), values)
    return filled, np.where(carried, age, 0)


def interpolated(rows: Matrix) -> Matrix:
    """(series, periods) with missing values between two known ones on the straight line from one to the other."""
    columns = np.arange(rows.shape[-1])
    known = ~np.isnan(rows)
    before = np.maximum.accumulate(np.where(known, columns, -1), axis=-1)
    after = np.minimum.accumulate(np.where(known, columns, rows.shape[-1])[:, ::-1], axis=-1)[:, ::-1]
    inside = ~known & (before >= 0) & (after < rows.shape[-1])
    left = np.take_along_axis(rows, np.where(inside, before, 0), axis=-1)
    right = np.take_along_axis(rows, np.where(inside, after, 0), axis=-1)
    share = (columns - before) / np.maximum(after - before, 1)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.where(inside, left + share * (right - left), rows)


def known_span(known: NDArray[np.bool_]) -> tuple[Integers, Integers]:
    """(series,) the column of the first known value of (series, periods) and the one after the last; where nothing is
    known, the number of columns and 0."""
    columns = np.arange(known.shape[1])
    first = np.where(known, columns, known.shape[1]).min(axis=1, initial=known.shape[1])
    return first.astype(np.int64), np.where(known, columns + 1, 0).max(axis=1, initial=0).astype(np.int64)


def total(values: Matrix) -> Matrix:
    """The sum over the last axis, sequentially, so that a series comes out bit for bit as among others."""
    if not values.shape[-1]:
        return np.zeros(values.shape[:-1])
    return np.asarray(np.cumsum(values, axis=-1)[..., -1])
