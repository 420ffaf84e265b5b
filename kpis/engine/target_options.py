"""Targets from history with their probabilities: keep the trend, stretch, best ever; and what to say of a typed one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from kpis.engine.definitions import Direction
from kpis.engine.forecast import Forecast, probability
from kpis.engine.targets import default_floor
from kpis.engine.units import Unit, UnitKind
from kpis.engine.values import Matrix

FEWEST: Final = 3  # values, below which there is no history
RECENT: Final = 12  # values, of which the usual one is the median and the red flag the worst
STEP: Final = 0.05  # further than usual, where there is no forecast
ONE_IN_FOUR: Final = 0.6744897501960817  # standard deviations above which lies a quarter of a normal distribution
FIGURES: Final = 3
TINIEST, HUGEST = 1e-300, 1e300  # between which numbers can be rounded
TOO_EASY, OUT_OF_REACH = 0.9, 0.1


class OptionKind(StrEnum):
    """What a suggestion aims at."""

    KEEP_THE_TREND = "keep_the_trend"
    STRETCH = "stretch"
    BEST_EVER = "best_ever"


class Explanation(StrEnum):
    """Where a suggestion's number comes from, the key of one sentence."""

    FORECAST = "forecast"  # what the forecast expects: reached every other time
    ONE_IN_FOUR = "one_in_four"  # what the forecast gives a chance of one in four
    USUAL = "usual"  # the median of the last twelve, there being no forecast
    STEP_FURTHER = "step_further"  # 5 % further than that
    BEST_SEEN = "best_seen"  # the best value there has been


class TargetWarning(StrEnum):
    """What is wrong with a target as a goal."""

    TOO_EASY = "too_easy"
    OUT_OF_REACH = "out_of_reach"


@dataclass(frozen=True, slots=True)
class TargetOption:
    """A suggested target with its floor (the red flag; `floor_is_worst`: the worst of the last twelve values instead of
    20 % from the target), the probability to reach it (None: no forecast) and a warning (None: none)."""

    kind: OptionKind
    target: float
    floor: float
    floor_is_worst: bool
    explanation: Explanation
    probability: float | None
    warning: TargetWarning | None


@dataclass(frozen=True, slots=True)
class TargetChance:
    """What to say of a typed target.

    `probability` to reach it (None: no forecast) and a warning; `best` the best value seen, in column `best_at`, and
    how far the target lies above it: `difference` in the KPI's unit (negative: below it) and `share` of the best, where
    that is positive. None for a range, and without history.
    """

    probability: float | None
    warning: TargetWarning | None
    best: float | None = None
    best_at: int | None = None
    difference: float | None = None
    share: float | None = None


def target_options(
    values: ArrayLike, forecast: Forecast, *, ahead: int, direction: Direction, unit: Unit
) -> tuple[TargetOption, ...]:
    """Up to three targets for the period `ahead` periods (1: the next) after the last of `values` (periods,).

    `forecast` is that of the same values. Keeping the trend is its mean, stretching what it reaches one time in four;
    without a forecast for that period they are the median of the last twelve values and a step further. Targets are
    rounded to three figures; a percentage that never exceeded 100 %, and a falling KPI that was never negative, stay
    within that. Options that come to the same number are given once. None for fewer than three values, or where a
    range is kept.
    """
    series = np.asarray(values, dtype=np.float64)
    known = series[~np.isnan(series)]
    if direction is Direction.BETWEEN or len(known) < FEWEST:
        return ()
    numbers = {
        **_expected(known, forecast, ahead, direction=direction, unit=unit),
        (OptionKind.BEST_EVER, Explanation.BEST_SEEN): _best(known, direction),
    }
    options: dict[float, TargetOption] = {}
    for (kind, explanation), number in numbers.items():
        target = three_figures(_attainable(number, known, direction, unit))
        floor, is_worst = usual_floor(target, known, direction=direction, unit=unit)
        if math.isfinite(target) and math.isfinite(floor) and target not in options:
            chance = _chance(forecast, ahead, direction, target=target)
            options[target] = TargetOption(kind, target, floor, is_worst, explanation, chance, warning_of(chance))
    return tuple(options.values())


def probability_of(
    values: ArrayLike,
    forecast: Forecast,
    *,
    ahead: int,
    direction: Direction,
    target: float = math.nan,
    low: float = math.nan,
    high: float = math.nan,
) -> TargetChance:
    """The chance of a typed target (`low` and `high` for `between`) and how it compares with the best of `values`."""
    series = np.asarray(values, dtype=np.float64)
    chance = _chance(forecast, ahead, direction, target=target, low=low, high=high)
    if direction is Direction.BETWEEN or np.isnan(series).all() or math.isnan(target):
        return TargetChance(chance, warning_of(chance))
    at = int(np.nanargmax(series) if direction is Direction.INCREASE else np.nanargmin(series))
    best = float(series[at])
    share = (target - best) / best if best > 0 else None
    return TargetChance(chance, warning_of(chance), best, at, target - best, share)


def warning_of(chance: float | None) -> TargetWarning | None:
    """Above 90 % a target is too easy, below 10 % out of reach."""
    if chance is None or OUT_OF_REACH <= chance <= TOO_EASY:
        return None
    return TargetWarning.TOO_EASY if chance > TOO_EASY else TargetWarning.OUT_OF_REACH


def usual_step(usual: float, known: Matrix, *, direction: Direction, unit: Unit) -> float:
    """How far beyond the usual value a target lies: 5 % of it, but for a rising percentage that never exceeded 100 % at
    most half of the way there."""
    step = STEP * abs(usual)
    if direction is Direction.INCREASE and unit.kind is UnitKind.PERCENT and known.max() <= 1:
        return min(step, (1 - usual) / 2)
    return step


def usual_floor(target: float, known: Matrix, *, direction: Direction, unit: Unit) -> tuple[float, bool]:
    """A floor for a suggested target, to three figures, and whether it is the worst of the last twelve `known` values.

    20 % on the wrong side of the target; for percentages and ratios, of which 20 % mean nothing, and for a target of 0
    the worst value, if that is worse than the target.
    """
    rises, recent = direction is Direction.INCREASE, known[-RECENT:]
    worst = three_figures(float(recent.min() if rises else recent.max()))
    if (unit.is_fraction or not target) and (worst < target if rises else worst > target):
        return worst, True
    return three_figures(default_floor(target, direction) if target else target - (1 if rises else -1)), False


def three_figures(number: float) -> float:
    """48,317 -> 48,300; 0.04217 -> 0.0422."""
    if not TINIEST < abs(number) < HUGEST:
        return number
    return round(number, FIGURES - 1 - math.floor(math.log10(abs(number))))


def _expected(
    known: Matrix, forecast: Forecast, ahead: int, *, direction: Direction, unit: Unit
) -> dict[tuple[OptionKind, Explanation], float]:
    better = 1 if direction is Direction.INCREASE else -1
    if 1 <= ahead <= forecast.horizon and math.isfinite(forecast.mean[ahead - 1]):
        mean, spread = float(forecast.mean[ahead - 1]), float(forecast.spread[ahead - 1])
        return {
            (OptionKind.KEEP_THE_TREND, Explanation.FORECAST): mean,
            (OptionKind.STRETCH, Explanation.ONE_IN_FOUR): mean + better * ONE_IN_FOUR * spread,
        }
    usual = median(known[-RECENT:].tolist())
    return {
        (OptionKind.KEEP_THE_TREND, Explanation.USUAL): usual,
        (OptionKind.STRETCH, Explanation.STEP_FURTHER): usual
        + better * usual_step(usual, known, direction=direction, unit=unit),
    }


def _best(known: Matrix, direction: Direction) -> float:
    return float(known.max() if direction is Direction.INCREASE else known.min())


def _attainable(number: float, known: Matrix, direction: Direction, unit: Unit) -> float:
    if direction is Direction.INCREASE:
        return min(number, 1.0) if unit.kind is UnitKind.PERCENT and known.max() <= 1 else number
    return max(number, 0.0) if known.min() >= 0 else number


def _chance(forecast: Forecast, ahead: int, direction: Direction, **bars: float) -> float | None:
    chance = float(probability(forecast, ahead, direction=direction, **bars))
    return None if math.isnan(chance) else chance
