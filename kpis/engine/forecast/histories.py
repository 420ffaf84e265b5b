"""Series made ready for forecasting: aligned at their last value, scaled, the longest first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.comparison import Truths
from kpis.engine.values import Integers, Matrix, known_span

RECENT, RECENT_SEASONS = 120, 5  # periods, or seasons if they are longer, beyond which history is not looked at


@dataclass(frozen=True, slots=True)
class Histories:
    """Series (rows, columns) whose last known value stands in the last column, ordered by `start`.

    `values` are 0 where they are not `known`; `start` (rows,) is the column of the first known one. Values are scaled
    by a power of two to at most 1, which loses nothing, so that squares of large numbers do not overflow.
    """

    values: Matrix
    known: Truths
    start: Integers

    def take(self, rows: NDArray[np.intp] | slice) -> Histories:
        """Some of them, in their order."""
        return Histories(self.values[rows], self.known[rows], self.start[rows])

    @property
    def spans(self) -> Integers:
        """(rows,) periods from the first known value to the last."""
        return np.asarray(self.values.shape[1] - self.start)

    @property
    def begun(self) -> list[int]:
        """By column, how many rows have begun in it or before."""
        found: list[int] = np.searchsorted(self.start, np.arange(self.values.shape[1]), side="right").tolist()
        return found


@dataclass(frozen=True, slots=True)
class Prepared:
    """What `prepare` makes of a matrix: its rows in the order of `order`, each shifted right by `gap` columns (what is
    missing at its end) and divided by 2 to the power `exponent`."""

    histories: Histories
    order: NDArray[np.intp]
    gap: Integers
    exponent: NDArray[np.int32]


def recent(rows: Matrix, season_length: int) -> Matrix:
    """The last 120 periods, or five seasons."""
    return rows[:, -max(RECENT, RECENT_SEASONS * season_length) :]


def prepare(rows: Matrix) -> Prepared:
    """Makes (series, periods) ready, each of which has a known value."""
    known = np.isfinite(rows)
    first, end = known_span(known)
    gap = rows.shape[1] - end
    columns = np.arange(rows.shape[1]) - gap[:, None]
    known = np.take_along_axis(known, np.maximum(columns, 0), axis=1) & (columns >= 0)
    values = np.where(known, np.take_along_axis(rows, np.maximum(columns, 0), axis=1), 0.0)
    exponent = np.frexp(np.abs(values).max(axis=1))[1]
    start = first + gap
    order = np.argsort(start, kind="stable")
    scaled = np.ldexp(values, -exponent[:, None])
    return Prepared(
        Histories(scaled[order], known[order], start[order]),
        order,
        gap[order],
        exponent.astype(np.int32)[order],
    )
