"""A target from history: the usual month, and a step better. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor as whole_below
from math import isfinite, log10
from statistics import median
from typing import Final

from kpis.engine.definitions import Direction
from kpis.engine.targets import default_floor
from kpis.engine.units import Unit

LOOKS_BACK: Final = 12
STEP: Final = 0.05
FIGURES: Final = 3
FEWEST: Final = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A target with its floor (the red flag), and what they come from."""

    target: float
    floor: float
    usual: float
    periods: int


def suggest(values: Sequence[float | None], *, direction: Direction, unit: Unit) -> Suggestion | None:
    """A target from the last twelve ``values`` (oldest first, None: missing) of a rising or falling KPI.

    The target is their median and 5 % of it in the good direction, rounded to three figures; a percentage that never
    exceeded 100 % goes at most half of the way there. The floor lies 20 % on the other side of the target, for
    percentages and ratios at the worst of those values. None for fewer than three values, or where a range is kept.
    """
    known = [value for value in values[-LOOKS_BACK:] if value is not None and isfinite(value)]
    if direction is Direction.BETWEEN or len(known) < FEWEST:
        return None
    usual = median(known)
    target = _rounded(_stepped(usual, known, direction, unit))
    floor = _rounded(_floor(target, known, direction, unit))
    return Suggestion(target, floor, usual, len(known)) if isfinite(target) and isfinite(floor) else None


def _stepped(usual: float, known: Sequence[float], direction: Direction, unit: Unit) -> float:
    step = STEP * abs(usual)
    if direction is Direction.DECREASE:
        return usual - step
    if unit.is_fraction and max(known) <= 1:
        step = min(step, (1 - usual) / 2)
    return usual + step


def _floor(target: float, known: Sequence[float], direction: Direction, unit: Unit) -> float:
    """20 % of a percentage, or of nothing, means nothing; there the worst that happened is the red flag."""
    usual_floor = default_floor(target, direction)
    if target and not unit.is_fraction:
        return usual_floor
    worst = min(known) if direction is Direction.INCREASE else max(known)
    if (_rounded(worst) < target) is (direction is Direction.INCREASE) and _rounded(worst) != target:
        return worst
    distance = 0.2 * abs(target) or 1.0
    return target - distance if direction is Direction.INCREASE else target + distance


def _rounded(number: float) -> float:
    """To three figures: 48,317 -> 48,300; 0.04217 -> 0.0422."""
    if not number or not isfinite(number):
        return number
    return round(number, FIGURES - 1 - whole_below(log10(abs(number))))
