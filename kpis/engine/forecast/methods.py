"""What every forecasting method does, and the simple ones: naive, drift, seasonal naive.

Source of these three and of how their errors grow: R. J. Hyndman, G. Athanasopoulos, "Forecasting: principles and
practice", 3rd ed., sections 5.2 and 5.5. The seasonal drift joins the last two, and their errors.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from kpis.engine.forecast.histories import Histories
from kpis.engine.values import Integers, Matrix


class Method(Protocol):
    """A method at work on some histories, reading them column by column."""

    is_relative: bool  # whether its errors are proportional to what it forecasts

    def learn(self, column: int) -> None:
        """Takes note of the next column."""

    def ahead(self, periods: int) -> Matrix:
        """(rows, periods) the forecasts of the periods after the last column learned. NaN where there is none."""

    def growth(self, periods: int) -> Matrix:
        """(rows, periods) the standard deviation of the errors of 1, 2, ... periods ahead, in those of its shocks."""


class Naive:
    """The last known value, for ever. Errors grow as those of a random walk."""

    is_relative = False

    def __init__(self, histories: Histories) -> None:
        self.histories = histories
        self.latest = np.zeros(len(histories.values))

    def learn(self, column: int) -> None:
        known = self.histories.known[:, column]
        self.latest[known] = self.histories.values[known, column]

    def ahead(self, periods: int) -> Matrix:
        return np.repeat(self.latest[:, None], periods, axis=1)

    def growth(self, periods: int) -> Matrix:
        return np.repeat(np.sqrt(leads(periods))[None, :], len(self.latest), axis=0)


class Drift(Naive):
    """The line through the first and the last known value."""

    def __init__(self, histories: Histories) -> None:
        super().__init__(histories)
        self.earliest = histories.values[np.arange(len(histories.values)), histories.start]
        self.elapsed = np.zeros(len(histories.values))  # periods from the first known value to the last

    def learn(self, column: int) -> None:
        super().learn(column)
        known = self.histories.known[:, column]
        self.elapsed[known] = column - self.histories.start[known]

    def ahead(self, periods: int) -> Matrix:
        slope = (self.latest - self.earliest) / np.maximum(self.elapsed, 1)
        return self.latest[:, None] + slope[:, None] * leads(periods)

    def growth(self, periods: int) -> Matrix:
        ahead = leads(periods)
        return np.sqrt(ahead * (1 + ahead / np.maximum(self.elapsed, 1)[:, None]))


class SeasonalNaive:
    """The last known value at the same place of the season."""

    is_relative = False

    def __init__(self, histories: Histories, season_length: int) -> None:
        self.histories, self.column = histories, -1
        self.season = np.full((len(histories.values), season_length), np.nan)

    def learn(self, column: int) -> None:
        self.column = column
        known = self.histories.known[:, column]
        self.season[known, column % self.season.shape[1]] = self.histories.values[known, column]

    def ahead(self, periods: int) -> Matrix:
        return self.season[:, places(self.column, periods, self.season.shape[1])]

    def growth(self, periods: int) -> Matrix:
        return np.repeat(np.sqrt(self._seasons(periods))[None, :], len(self.season), axis=0)

    def _seasons(self, periods: int) -> Matrix:
        """1 for the first season ahead, 2 for the next."""
        return np.ceil(leads(periods) / self.season.shape[1])


class SeasonalDrift(SeasonalNaive):
    """That, and from season to season the mean change from one to the next so far."""

    def __init__(self, histories: Histories, season_length: int) -> None:
        super().__init__(histories, season_length)
        self.changed, self.changes = np.zeros(len(histories.values)), np.zeros(len(histories.values))

    def learn(self, column: int) -> None:
        change = self.histories.values[:, column] - self.season[:, column % self.season.shape[1]]
        counted = self.histories.known[:, column] & ~np.isnan(change)
        self.changed[counted] += change[counted]
        self.changes[counted] += 1
        super().learn(column)

    def ahead(self, periods: int) -> Matrix:
        drift = self.changed / np.maximum(self.changes, 1)
        return super().ahead(periods) + drift[:, None] * self._seasons(periods)

    def growth(self, periods: int) -> Matrix:
        seasons = self._seasons(periods)
        return np.asarray(np.sqrt(seasons * (1 + seasons / np.maximum(self.changes, 1)[:, None])))


def leads(periods: int) -> Matrix:
    """1, 2, ... `periods`."""
    return np.arange(1, periods + 1, dtype=np.float64)


def places(column: int, periods: int, season_length: int) -> Integers:
    """The places in the season of the `periods` columns after `column`."""
    return (column + 1 + np.arange(periods)) % season_length
