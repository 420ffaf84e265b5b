"""Exponential smoothing: Holt's linear trend, damped, and Holt-Winters, on a grid of parameters at once.

The recursions in error-correction form, the growth of their errors and the damped trend are those of R. J. Hyndman,
G. Athanasopoulos, "Forecasting: principles and practice", 3rd ed., sections 8.2 to 8.7, after C. C. Holt (1957) and
P. R. Winters (1960). The parameters are those of the grid with the least squared one-step errors so far, so that at any
column a method knows nothing of what comes later.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from kpis.engine.forecast.histories import Histories
from kpis.engine.forecast.methods import places
from kpis.engine.values import Integers, Matrix, interpolated, total

FIRST_LINE, FIRST_LINE_LEAST = 10, 4  # periods through which the line is laid that a trend starts from


@dataclass(frozen=True, slots=True)
class Grid:
    """Parameters to try, parallel (cells,): of level, trend, season and damping (1: none).

    `trend` is the book's beta, alpha times beta*, and `season` its gamma.
    """

    level: Matrix
    trend: Matrix
    season: Matrix
    damping: Matrix

    @classmethod
    def of(cls, levels: str, trends: str, seasons: str = "0", dampings: str = "1") -> Grid:
        """All combinations of alpha, beta*, gamma / (1 - alpha) and phi, each written with spaces between them."""
        numbers = [[float(word) for word in words.split()] for words in (levels, trends, seasons, dampings)]
        alpha, beta, gamma, phi = np.array(list(product(*numbers))).T
        return cls(alpha, alpha * beta, (1 - alpha) * gamma, phi)

    def __len__(self) -> int:
        return len(self.level)


# Finer grids forecast no better, coarser ones worse.
HOLT = Grid.of("0.05 0.15 0.35 0.7 0.95", "0.01 0.1 0.3")
DAMPED = Grid.of("0.05 0.15 0.35 0.7 0.95", "0.01 0.1 0.3", dampings="0.8 0.95")
SEASONAL = Grid.of("0.05 0.15 0.35 0.7", "0.01 0.1", "0.05 0.2 0.5")


@dataclass(frozen=True, slots=True)
class Start:
    """The states before a series' first column: `level` and `trend` (rows,), `seasons` (rows, season_length) by column
    modulo the season's length, or None."""

    level: Matrix
    trend: Matrix
    seasons: Matrix | None = None


class Smoothing:
    """One method of the family on some histories. A missing value changes no state: the method goes on by itself."""

    def __init__(self, histories: Histories, grid: Grid, start: Start, *, is_multiplicative: bool = False) -> None:
        self.histories, self.grid, self.column = histories, grid, -1
        self.begun = histories.begun
        self.is_relative = is_multiplicative
        self.level = np.repeat(start.level[:, None], len(grid), axis=1)
        self.trend = np.repeat(start.trend[:, None], len(grid), axis=1)
        self.squares = np.zeros_like(self.level)  # of the one-step errors
        self.seasons: Matrix | None = None  # (season_length, rows, cells)
        if start.seasons is not None:
            self.seasons = np.repeat(start.seasons.T[:, :, None], len(grid), axis=2)

    def learn(self, column: int) -> None:
        self.column = column
        active = self.begun[column]
        level, trend = self.level[:active], self.trend[:active]
        trend *= self.grid.damping
        level += trend
        value, known = self.histories.values[:active, column, None], self.histories.known[:active, column, None]
        season = None if self.seasons is None else self.seasons[column % len(self.seasons), :active]
        error = (value - self._combined(level, season)) * known
        self.squares[:active] += error * error
        self._correct(level, trend, season, error)

    def _combined(self, level: Matrix, season: Matrix | None) -> Matrix:
        if season is None:
            return level
        return level * season if self.is_relative else level + season

    def _correct(self, level: Matrix, trend: Matrix, season: Matrix | None, error: Matrix) -> None:
        in_level, in_season = error, error
        if self.is_relative and season is not None:
            in_level, in_season = error / season, error / level
        level += self.grid.level * in_level
        trend += self.grid.trend * in_level
        if season is not None:
            season += self.grid.season * in_season

    def best(self) -> NDArray[np.intp]:
        """(rows,) the cell of the grid with the least squared errors so far."""
        return np.asarray(np.argmin(np.where(np.isnan(self.squares), np.inf, self.squares), axis=1))

    def ahead(self, periods: int) -> Matrix:
        rows, best = np.arange(len(self.level)), self.best()
        sums = _damped_sums(self.grid.damping[best], periods)
        path: Matrix = self.level[rows, best][:, None] + sums * self.trend[rows, best][:, None]
        if self.seasons is None:
            return path
        season = self.seasons[places(self.column, periods, len(self.seasons))[:, None], rows, best].T
        return self._combined(path, season)

    def growth(self, periods: int) -> Matrix:
        best = self.best()
        shocks = self.grid.level[best][:, None] + self.grid.trend[best][:, None] * _damped_sums(
            self.grid.damping[best], periods
        )
        if self.seasons is not None:
            shocks[:, len(self.seasons) - 1 :: len(self.seasons)] += self.grid.season[best][:, None]
        before = np.concatenate([np.zeros((len(best), 1)), shocks[:, : periods - 1]], axis=1)
        return np.asarray(np.sqrt(1 + np.cumsum(before**2, axis=1)))


def _damped_sums(damping: Matrix, periods: int) -> Matrix:
    """(rows, periods) phi, phi + phi^2, ..."""
    powers = np.cumprod(np.repeat(damping[:, None], periods, axis=1), axis=1)
    return np.cumsum(powers, axis=1)


def holt(histories: Histories, grid: Grid) -> Smoothing:
    """Holt's method, damped if the grid is."""
    return Smoothing(histories, grid, first_line(histories))


def holt_winters(histories: Histories, season_length: int, *, is_multiplicative: bool) -> Smoothing:
    """Holt-Winters' method on its grid."""
    start = first_seasons(histories, season_length, is_multiplicative=is_multiplicative)
    return Smoothing(histories, SEASONAL, start, is_multiplicative=is_multiplicative)


def line_lengths(histories: Histories) -> Integers:
    """(rows,) the number of periods through which the line is laid from which a trend starts."""
    return np.clip(histories.spans // 2, FIRST_LINE_LEAST, FIRST_LINE)


def first_line(histories: Histories) -> Start:
    """Level and trend from the least-squares line through the first ten periods, or the first half of fewer than 20.

    As in R. J. Hyndman et al., "Forecasting with exponential smoothing", Springer 2008, section 2.6.
    """
    lengths = line_lengths(histories)
    values = _first_columns(histories, FIRST_LINE)
    at = np.arange(FIRST_LINE, dtype=np.float64)
    counted = at < lengths[:, None]
    middle = (lengths - 1) / 2
    distance = np.where(counted, at - middle[:, None], 0.0)
    mean = total(np.where(counted, values, 0.0)) / lengths
    slope = total(distance * np.where(counted, values, 0.0)) / total(distance**2)
    return Start(mean - slope * (middle + 1), slope)


def first_seasons(histories: Histories, season_length: int, *, is_multiplicative: bool) -> Start:
    """Level, trend and season from the first two seasons: the trend is the difference of their means; an index the mean
    over both of its distance from, or ratio to, the trend line.

    As in NIST/SEMATECH e-Handbook of Statistical Methods, section 6.4.3.5, with the trend within a season taken out.
    """
    values = _first_columns(histories, 2 * season_length).reshape(-1, 2, season_length)
    means = total(values) / season_length
    trend = (means[:, 1] - means[:, 0]) / season_length
    from_middle = np.arange(season_length) - (season_length - 1) / 2
    line = means[:, :, None] + trend[:, None, None] * from_middle
    ratios = values / line if is_multiplicative else values - line
    indices = (ratios[:, 0] + ratios[:, 1]) / 2
    if is_multiplicative:
        indices = indices * season_length / total(indices)[:, None]
    level = means[:, 0] - trend * ((season_length - 1) / 2 + 1)
    turned = (np.arange(season_length) - histories.start[:, None]) % season_length
    return Start(level, trend, np.take_along_axis(indices, turned, axis=1))


def _first_columns(histories: Histories, columns: int) -> Matrix:
    """(rows, columns) each row's first values, missing ones interpolated; the last column's value beyond the end."""
    values = interpolated(np.where(histories.known, histories.values, np.nan))
    at = np.minimum(histories.start[:, None] + np.arange(columns), values.shape[1] - 1)
    return np.take_along_axis(values, at, axis=1)
