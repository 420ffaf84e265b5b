"""Taking the season out of a series, so that every December is not a signal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kpis.engine.comparison import Truths
from kpis.engine.values import Matrix, interpolated, known_span, total


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Series without their season.

    `values` have the shape of the series. `indices` (..., season_length) belong to the columns in turn, the first one
    to column 0: they were taken off, or divided out where `is_multiplicative`. Nothing was done to series without two
    full seasons: their indices are NaN.
    """

    values: Matrix
    indices: Matrix
    is_multiplicative: Truths


def seasonally_adjusted(values: ArrayLike, season_length: int) -> Adjusted:
    """Takes the season of `season_length` periods out of one series (periods,) or many (series, periods), NaN missing.

    Classical decomposition: the trend is the moving average over a season, centred; an index the mean distance from it
    (additive) or the mean ratio to it (multiplicative) of all periods at that place of the season, brought to a mean of
    0 or 1. Multiplicative where all values are positive and what is left unexplained, in the series' own unit, is
    smaller that way. Missing values are interpolated for the trend only. Raises ValueError for a season of less than
    two periods.

    Source: R. J. Hyndman, G. Athanasopoulos, "Forecasting: principles and practice", section "Classical decomposition".
    """
    if season_length < 2:
        raise ValueError(f"A season has at least two periods, not {season_length}.")
    matrix = np.asarray(values, dtype=np.float64)
    rows = np.atleast_2d(matrix)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        trend = _trend(interpolated(rows), season_length)
        additive = _indices(rows - trend, season_length)
        additive = additive - _mean(additive)
        multiplicative = _indices(rows / trend, season_length)
        multiplicative = multiplicative / _mean(multiplicative)
        tiled_sum, tiled_product = (_tiled(indices, rows.shape[-1]) for indices in (additive, multiplicative))
        errors = _squares(rows - trend - tiled_sum), _squares(rows - trend * tiled_product)
        is_multiplicative = ~np.any(rows <= 0, axis=-1) & (errors[1] < errors[0])
        adjusted = np.where(is_multiplicative[:, None], rows / tiled_product, rows - tiled_sum)
    indices = np.where(is_multiplicative[:, None], multiplicative, additive)
    is_known = np.isfinite(indices).all(axis=-1) & _has_two_seasons(rows, season_length)
    indices[~is_known] = np.nan
    adjusted = np.where(is_known[:, None], adjusted, rows)
    return Adjusted(
        adjusted.reshape(matrix.shape),
        indices.reshape(*matrix.shape[:-1], season_length),
        (is_multiplicative & is_known).reshape(matrix.shape[:-1]),
    )


def _has_two_seasons(rows: Matrix, season_length: int) -> Truths:
    first, end = known_span(~np.isnan(rows))
    return np.asarray(end - first >= 2 * season_length)


def _trend(rows: Matrix, season_length: int) -> Matrix:
    """The mean of a whole season around each column; an even season's ends count half. NaN where it does not fit."""
    trend = np.full(rows.shape, np.nan)
    half, columns = season_length // 2, rows.shape[-1]
    if columns <= 2 * half:
        return trend
    inner = np.zeros((len(rows), columns - 2 * half))
    for shift in range(2 * half + 1):
        weight = 0.5 if season_length % 2 == 0 and shift in (0, 2 * half) else 1.0
        inner += weight * rows[:, shift : shift + columns - 2 * half]
    trend[:, half : columns - half] = inner / season_length
    return trend


def _indices(detrended: Matrix, season_length: int) -> Matrix:
    """(series, season_length) the mean of what there is at each place of the season, NaN without two full seasons."""
    rows, columns = detrended.shape
    whole = -(-columns // season_length) * season_length
    padded = np.full((rows, whole), np.nan)
    padded[:, :columns] = detrended
    by_place = padded.reshape(rows, -1, season_length).swapaxes(1, 2)
    known = ~np.isnan(by_place)
    counts = np.count_nonzero(known, axis=-1)
    return np.where(counts > 0, total(np.where(known, by_place, 0.0)) / np.maximum(counts, 1), np.nan)


def _mean(indices: Matrix) -> Matrix:
    return np.asarray(total(indices)[:, None] / indices.shape[-1])


def _tiled(indices: Matrix, columns: int) -> Matrix:
    return indices[:, np.arange(columns) % indices.shape[-1]]


def _squares(unexplained: Matrix) -> Matrix:
    return total(np.where(np.isnan(unexplained), 0.0, unexplained**2))
