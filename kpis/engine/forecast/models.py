"""The methods that are tried on a series, by its length, and what each makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kpis.engine.comparison import Truths
from kpis.engine.forecast.backtest import Trial, tried
from kpis.engine.forecast.histories import Histories
from kpis.engine.forecast.methods import Drift, Method, SeasonalDrift, SeasonalNaive
from kpis.engine.forecast.smoothing import DAMPED, HOLT, SEASONAL, holt, holt_winters, line_lengths
from kpis.engine.values import Integers, Matrix

FEWEST_TESTED = 6  # periods
CELLS = 8192  # of rows x parameters at a time, so that they stay in the processor's cache

Maker: TypeAlias = Callable[[Histories], Method]


class Model(IntEnum):
    """The methods that are tried, the simplest first; arrays hold the number, the API shows `code`."""

    NONE = 0
    DRIFT = 1
    SEASONAL_NAIVE = 2
    SEASONAL_DRIFT = 3
    DAMPED_HOLT = 4
    HOLT = 5
    HOLT_WINTERS_ADDITIVE = 6
    HOLT_WINTERS_MULTIPLICATIVE = 7

    @property
    def code(self) -> str | None:
        """The method's name in lower case, None where none could be tried."""
        return self.name.lower() if self else None


PLAIN_MODELS = (Model.DRIFT, Model.DAMPED_HOLT, Model.HOLT)
SEASONAL_MODELS = tuple(model for model in Model if model and model not in PLAIN_MODELS)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one method made of histories: its trial, and mean and spread (a standard deviation) of what it forecasts,
    (rows, periods)."""

    trial: Trial
    mean: Matrix
    spread: Matrix


def training(histories: Histories, season_length: int) -> Integers:
    """(rows,) the periods before the first one at which is forecast in the backtest: what the methods start from."""
    seasons = np.where(_starts_seasons(histories, season_length), 2, _has_two_seasons(histories, season_length))
    return np.asarray(np.maximum(line_lengths(histories), seasons * season_length))


def attempts(
    histories: Histories, tests: Truths, season_length: int, periods: int
) -> Iterator[tuple[Model, NDArray[np.intp], Attempt]]:
    """Each model with the rows that it suits and its attempt at them, at the columns `tests` (rows, columns)."""
    for model, suits in _suitable(histories, season_length).items():
        rows = np.flatnonzero(suits)
        if rows.size:
            maker, cells = _maker(model, season_length)
            yield model, rows, attempt(maker, histories.take(rows), tests[rows], periods, cells=cells)


def attempt(maker: Maker, histories: Histories, tests: Truths, periods: int, *, cells: int = 1) -> Attempt:
    """Tries one method, whose grid has so many `cells`, on part of the rows after another."""
    step = max(1, CELLS // cells)
    parts = [slice(begin, begin + step) for begin in range(0, len(histories.values), step)]
    done = [_attempt(maker, histories.take(part), tests[part], periods) for part in parts]
    trial = Trial(*(np.concatenate([getattr(one.trial, name) for one in done]) for name in ("error", "shock")))
    return Attempt(trial, *(np.concatenate([getattr(one, name) for one in done]) for name in ("mean", "spread")))


def _attempt(maker: Maker, histories: Histories, tests: Truths, periods: int) -> Attempt:
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):  # a method that fails is not chosen
        method = maker(histories)
        trial = tried(method, histories, tests)
        mean = method.ahead(periods)
        spread = trial.shock[:, None] * method.growth(periods)
        return Attempt(trial, mean, spread * np.abs(mean) if method.is_relative else spread)


def _has_two_seasons(histories: Histories, season_length: int) -> Truths:
    return np.asarray((histories.spans >= 2 * season_length) & (season_length > 1))


def _starts_seasons(histories: Histories, season_length: int) -> Truths:
    """Long enough to start Holt-Winters from two seasons and try it on another."""
    tested = max(FEWEST_TESTED, season_length)
    return np.asarray((histories.spans >= 2 * season_length + tested) & (season_length > 1))


def _suitable(histories: Histories, season_length: int) -> dict[Model, Truths]:
    always = np.ones(len(histories.values), dtype=bool)
    two_seasons, starts_seasons = _has_two_seasons(histories, season_length), _starts_seasons(histories, season_length)
    is_positive = np.all(~histories.known | (histories.values > 0), axis=1)
    return {
        Model.DRIFT: always,
        Model.SEASONAL_NAIVE: two_seasons,
        Model.SEASONAL_DRIFT: two_seasons,
        Model.DAMPED_HOLT: always,
        Model.HOLT: always,
        Model.HOLT_WINTERS_ADDITIVE: starts_seasons,
        Model.HOLT_WINTERS_MULTIPLICATIVE: starts_seasons & is_positive,
    }


def _maker(model: Model, season_length: int) -> tuple[Maker, int]:
    """What makes a method of some histories, and how many cells its grid has."""
    match model:
        case Model.SEASONAL_NAIVE:
            return partial(SeasonalNaive, season_length=season_length), 1
        case Model.SEASONAL_DRIFT:
            return partial(SeasonalDrift, season_length=season_length), 1
        case Model.DAMPED_HOLT:
            return partial(holt, grid=DAMPED), len(DAMPED)
        case Model.HOLT:
            return partial(holt, grid=HOLT), len(HOLT)
        case Model.HOLT_WINTERS_ADDITIVE:
            return partial(holt_winters, season_length=season_length, is_multiplicative=False), len(SEASONAL)
        case Model.HOLT_WINTERS_MULTIPLICATIVE:
            return partial(holt_winters, season_length=season_length, is_multiplicative=True), len(SEASONAL)
        case _:
            return Drift, 1
