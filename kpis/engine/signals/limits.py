"""The limits of a process behaviour chart (XmR): what its values have varied by while nothing special happened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpis.engine.values import Matrix, total

BASELINE = 24  # points, unless the process is known to have changed since
FEWEST = 6  # points, below which limits mean nothing
TO_LIMITS = 2.66  # mean moving ranges from the centre to a limit: 3 / 1.128
TO_RANGE_LIMIT = 3.268  # mean moving ranges: D4 for two points


@dataclass(frozen=True, slots=True)
class Limits:
    """Centre line, natural process limits and the upper limit of the moving ranges, one of each per series.

    Arrays of the shape of the values without their last axis, NaN where there are fewer than six points. `begins` is
    the column of the baseline's first point, the number of columns where there is none.
    """

    centre: Matrix
    lower: Matrix
    upper: Matrix
    range_limit: Matrix
    begins: NDArray[np.int64]


def process_limits(values: ArrayLike, *, baseline_from: int | None = None) -> Limits:
    """Limits of one series (periods,) or many (series, periods) of complete periods, NaN where a value is missing.

    The baseline is the last 24 values that are there or, with `baseline_from`, all those from that column on: the one
    at which the process was last known to change. The centre is their mean; the limits lie 2.66 mean moving ranges to
    both sides of it, the range limit is 3.268 mean moving ranges. A moving range is the distance between two
    consecutive values that are there, however many are missing between them.

    Source: D. J. Wheeler, "Making sense of data", SPC Press 2003.
    """
    matrix = np.asarray(values, dtype=np.float64)
    first = baseline_from or 0
    rows = np.atleast_2d(matrix)[:, first:]
    order = np.argsort(~np.isnan(rows), axis=-1, kind="stable")  # what is missing first, the rest in its order
    if baseline_from is None:
        order = order[:, -BASELINE:]
    present = np.take_along_axis(rows, order, axis=-1)
    counts = np.count_nonzero(~np.isnan(present), axis=-1)
    centre, spread = _mean_and_range(present, counts)
    begins = first + _first_column(order, counts, rows.shape[-1])
    shape = matrix.shape[:-1]
    distance = TO_LIMITS * spread
    return Limits(
        centre=centre.reshape(shape),
        lower=(centre - distance).reshape(shape),
        upper=(centre + distance).reshape(shape),
        range_limit=(TO_RANGE_LIMIT * spread).reshape(shape),
        begins=begins.astype(np.int64).reshape(shape),
    )


def moving_ranges(values: ArrayLike) -> Matrix:
    """The distance of each value from the last one before it that is there; NaN for the first and missing ones."""
    matrix = np.asarray(values, dtype=np.float64)
    rows = np.atleast_2d(matrix)
    known = ~np.isnan(rows)
    columns = np.where(known, np.arange(rows.shape[-1]), -1)
    latest = np.maximum.accumulate(columns, axis=-1)
    before = np.concatenate([np.full((len(rows), 1), -1), latest], axis=-1)[:, :-1]
    earlier = np.take_along_axis(rows, np.maximum(before, 0), axis=-1)
    with np.errstate(over="ignore", invalid="ignore"):
        ranges = np.where(before >= 0, np.abs(rows - earlier), np.nan)
    return ranges.reshape(matrix.shape)


def _mean_and_range(present: Matrix, counts: NDArray[np.intp]) -> tuple[Matrix, Matrix]:
    """Mean and mean moving range of the last `counts` columns of each row, NaN for fewer than six.

    Measured from the last value, so that a constant series has exactly its value as its mean.
    """
    if not present.shape[-1]:
        return np.full(len(present), np.nan), np.full(len(present), np.nan)
    last, missing = present[:, -1], np.isnan(present)
    with np.errstate(over="ignore", invalid="ignore"):
        distance = np.where(missing, 0.0, present - last[:, None])
        steps = np.where(missing[:, :-1], 0.0, np.abs(np.diff(present, axis=-1)))
        centre = last + total(distance) / np.maximum(counts, 1)
        spread = total(steps) / np.maximum(counts - 1, 1)
        is_sound = (counts >= FEWEST) & np.isfinite(np.abs(centre) + TO_RANGE_LIMIT * spread)
    return np.where(is_sound, centre, np.nan), np.where(is_sound, spread, np.nan)


def _first_column(order: NDArray[np.intp], counts: NDArray[np.intp], columns: int) -> NDArray[np.intp]:
    """The column of the first of the last `counts` of each row of `order`; `columns` where there is none."""
    bounded = np.pad(order, ((0, 0), (0, 1)), constant_values=columns)
    return np.asarray(bounded[np.arange(len(order)), order.shape[-1] - counts])
