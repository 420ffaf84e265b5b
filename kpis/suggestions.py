"""A target from history: the usual month, and a step better. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from statistics import median
from typing import Final

import numpy as np

from kpis.engine.definitions import Direction
from kpis.engine.target_options import FEWEST, STEP, three_figures, usual_floor, usual_step
from kpis.engine.units import Unit

LOOKS_BACK: Final = 12


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
    known = np.array([value for value in values[-LOOKS_BACK:] if value is not None and isfinite(value)])
    if direction is Direction.BETWEEN or len(known) < FEWEST:
        return None
    usual = median(known.tolist())
    step = usual_step(usual, known, direction=direction, unit=unit)
    target = three_figures(usual + step if direction is Direction.INCREASE else usual - step)
    floor, is_worst = usual_floor(target, known, direction=direction, unit=unit)
    if not isfinite(target) or not isfinite(floor):
        return None
    return Suggestion(target, floor, usual, len(known), is_halfway=step < STEP * abs(usual), is_worst=is_worst)
