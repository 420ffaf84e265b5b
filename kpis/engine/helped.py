"""Did it help? Three complete periods before an action was done against three after."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from kpis.engine.comparison import is_equal
from kpis.engine.definitions import Direction
from kpis.engine.signals import process_limits
from kpis.engine.values import Matrix

PERIODS = 3
TO_DIFFERENCE = math.sqrt(2 / PERIODS)  # how a difference of two means of three varies, against a single value


class Verdict(StrEnum):
    """What can be said of an action."""

    HELPED = "helped"
    WORSE = "worse"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Help:
    """The verdict and what it rests on.

    `before` and `after` are the means of the three values on either side, `gain` how much better it became in the KPI's
    unit (negative: worse), `needed` how large a gain or loss must be to be more than ordinary variation; NaN where they
    are not known. `awaits` is how many of the three values after are still to come.
    """

    verdict: Verdict
    before: float
    after: float
    gain: float
    needed: float
    awaits: int


def did_it_help(
    values: ArrayLike, *, done_in: int, direction: Direction, low: float = math.nan, high: float = math.nan
) -> Help:
    """Judges an action done in column `done_in` of one series (periods,) of complete periods, NaN where one is missing.

    Compared are the last three values before that period with the first three after it (of a seasonal KPI those of its
    chart, without their season); the period itself belongs to neither. With the natural limits of the baseline before
    (three standard deviations of a single value) the difference of two such means has limits of sqrt(2/3) of their
    distance from the centre: `helped` or `worse` if it lies beyond them, `cannot_tell` otherwise,
    with fewer than three values on either side, or fewer than six before. For `between` better is closer to
    `low`..`high`.
    """
    series = np.asarray(values, dtype=np.float64)
    earlier, later = _known(series[: max(done_in, 0)]), _known(series[max(done_in + 1, 0) :])
    before, after = earlier[-PERIODS:], later[:PERIODS]
    was, became = (_mean(_merits(three, direction, low, high)) for three in (before, after))
    limits = process_limits(earlier)
    needed = TO_DIFFERENCE * float(limits.upper - limits.centre)
    verdict = _verdict(was, became, needed)
    return Help(verdict, _mean(before), _mean(after), became - was, needed, PERIODS - len(after))


def _known(values: Matrix) -> Matrix:
    return values[~np.isnan(values)]


def _mean(three: Matrix) -> float:
    """NaN for fewer than three."""
    return sum(three.tolist()) / PERIODS if len(three) == PERIODS else math.nan


def _merits(values: Matrix, direction: Direction, low: float, high: float) -> Matrix:
    """The values such that more is better."""
    match direction:
        case Direction.INCREASE:
            return values
        case Direction.DECREASE:
            return -values
        case Direction.BETWEEN:
            return -np.maximum(np.maximum(low - values, values - high), 0.0)


def _verdict(was: float, became: float, needed: float) -> Verdict:
    gain = became - was
    if not abs(gain) > needed or is_equal(was, became) or is_equal(abs(gain), needed):
        return Verdict.CANNOT_TELL
    return Verdict.HELPED if gain > 0 else Verdict.WORSE
