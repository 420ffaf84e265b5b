"""A target from history: the usual month, and a step better. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor as whole_below
from math import inf, isfinite, log10
from statistics import median
from typing import Final

from kpis.engine.definitions import Direction
from kpis.engine.targets import default_floor
from kpis.engine.units import Unit, UnitKind

LOOKS_BACK: Final = 12
STEP: Final = 0.05
FIGURES: Final = 3
FEWEST: Final = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A target with its floor (the red flag), and what they come from: the median of ``periods`` values, ``usual``.

    ``is_halfway`` if the target goes half of the way to 100 % instead of 5 % further, ``is_worst`` if the floor is the
    worst of those values instead of 20 % from the target.
    """

    target: float
    floor: float
    usual: float
    periods: int
    is_halfway: bool = False
    is_worst: bool = False


def suggest(values: Sequence[float | None], *, direction: Direction, unit: Unit) -> Suggestion | None:
    """A target from the last twelve ``values`` (oldest first, None: missing) of a rising or falling KPI.

    The target is their median and 5 % of it in the good direction, rounded to three figures; a percentage that never
    exceeded 100 % goes at most half of the way there. The floor lies 20 % on the other side of the target, for
    percentages and ratios at the worst of those values. None for fewer than three values, or where a range is kept.
    """
    known = [value for value in values[-LOOKS_BACK:] if value is not None and isfinite(value)]
    if direction is Direction.BETWEEN or len(known) < FEWEST:
        return None
    usual, rises = median(known), direction is Direction.INCREASE
    ceiling = (1 - usual) / 2 if rises and unit.kind is UnitKind.PERCENT and max(known) <= 1 else inf
    step = min(STEP * abs(usual), ceiling)
    target = _rounded(usual + step if rises else usual - step)
    floor = _rounded(default_floor(target, direction) if target else target - (1 if rises else -1))
    worst = _rounded(min(known) if rises else max(known))
    # 20 % of a percentage, or of nothing, means nothing; there the worst that happened is the red flag.
    is_worst = (unit.is_fraction or not target) and (worst < target if rises else worst > target)
    floor = worst if is_worst else floor
    if not isfinite(target) or not isfinite(floor):
        return None
    return Suggestion(target, floor, usual, len(known), is_halfway=step == ceiling, is_worst=is_worst)


def _rounded(number: float) -> float:
    """To three figures: 48,317 -> 48,300; 0.04217 -> 0.0422."""
    if not number or not isfinite(number):
        return number
    return round(number, FIGURES - 1 - whole_below(log10(abs(number))))
