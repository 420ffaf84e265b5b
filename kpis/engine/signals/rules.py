"""When a point of a process behaviour chart is a signal: three rules, and the points that each of them marks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpis.engine.comparison import Truths, is_equal
from kpis.engine.signals.limits import Limits
from kpis.engine.values import Matrix

RUN = 8  # points in a row on one side of the centre
WINDOW, NEAR = 4, 3  # of so many consecutive points, so many nearer to a limit than to the centre

Sides: TypeAlias = NDArray[np.int8]


class Rule(StrEnum):
    """What makes a point a signal."""

    OUTSIDE = "outside"
    RUN = "run"
    NEAR_LIMIT = "near_limit"


class Side(IntEnum):
    """Where a point lies; arrays hold the number, the API shows `code`."""

    BELOW = -1
    CENTRE = 0
    ABOVE = 1

    @property
    def code(self) -> str:
        """The side's name in lower case."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule that marks a point, and the side of the centre on which it lies."""

    rule: Rule
    side: Side


@dataclass(frozen=True, slots=True)
class Signals:
    """For each rule the points that it marks, in the shape of the values: their `Side`, CENTRE (0) elsewhere."""

    outside: Sides
    run: Sides
    near_limit: Sides

    @property
    def any(self) -> Truths:
        """Which points are signals."""
        return np.asarray((self.outside != 0) | (self.run != 0) | (self.near_limit != 0))

    def at(self, *index: int) -> tuple[Signal, ...]:
        """The rules that mark one point: of (period) in one series, of (series, period) in many."""
        sides = ((rule, int(getattr(self, rule.value)[index])) for rule in Rule)
        return tuple(Signal(rule, Side(side)) for rule, side in sides if side)


def signals(values: ArrayLike, limits: Limits) -> Signals:
    """Judges the values (periods,) or (series, periods) by the limits of their series.

    - `outside`: a point beyond a limit;
    - `run`: eight or more points in a row on one side of the centre, all of them marked;
    - `near_limit`: of four consecutive points three or four nearer to the same limit than to the centre; marked are
      those that are near.

    A missing value is no point: rows and windows reach across it. A value equal to the centre lies on neither side and
    ends a run; one equal to a limit is not beyond it, one halfway to a limit not near it. Without limits there are no
    signals.
    """
    matrix = np.asarray(values, dtype=np.float64)
    rows = np.atleast_2d(matrix)
    order = np.argsort(np.isnan(rows), axis=-1, kind="stable")  # the points there are, in a row; what is missing last
    points = np.take_along_axis(rows, order, axis=-1)
    centre, lower, upper = (np.reshape(line, (-1, 1)) for line in (limits.centre, limits.lower, limits.upper))
    with np.errstate(invalid="ignore", over="ignore"):
        sides = _signs(points, centre, centre)
        marked = (_signs(points, lower, upper), _runs(sides), _clusters(_near(points, sides, centre, lower, upper)))
    return Signals(*(_in_place(order, flags).reshape(matrix.shape) for flags in marked))


def _signs(points: Matrix, lower: Matrix, upper: Matrix) -> Sides:
    """1 above `upper`, -1 below `lower`, else 0, also for NaN."""
    above = (points > upper) & ~is_equal(points, upper)
    below = (points < lower) & ~is_equal(points, lower)
    return above.astype(np.int8) - below.astype(np.int8)


def _near(points: Matrix, sides: Sides, centre: Matrix, lower: Matrix, upper: Matrix) -> Sides:
    limit = np.where(sides > 0, upper, lower)
    to_limit, to_centre = sides * (limit - points), sides * (points - centre)  # negative beyond the limit
    is_near = (to_limit < to_centre) & ~is_equal(to_limit, to_centre)
    return np.where(is_near, sides, 0).astype(np.int8)


def _runs(sides: Sides) -> Sides:
    """The sides of points in a row of eight or more equal ones, 0 elsewhere."""
    begins = np.ones(sides.shape, dtype=bool)
    begins[:, 1:] = sides[:, 1:] != sides[:, :-1]
    number = np.cumsum(begins) - 1  # of the row of equal sides to which each point belongs
    lengths = np.bincount(number, minlength=1)[number].reshape(sides.shape)
    return np.where(lengths >= RUN, sides, 0).astype(np.int8)


def _clusters(near: Sides) -> Sides:
    """The near points of which three lie in four consecutive ones, on the same side."""
    columns, margin = near.shape[1], WINDOW - 1
    found = np.zeros(near.shape, dtype=np.int8)
    for side in (Side.ABOVE, Side.BELOW):
        at_side = near == side
        padded = np.pad(at_side, ((0, 0), (margin, margin))).astype(np.int8)
        windows = sum(padded[:, shift : shift + columns + margin] for shift in range(WINDOW))
        is_cluster = np.asarray(windows) >= NEAR
        covered = np.logical_or.reduce([is_cluster[:, shift : shift + columns] for shift in range(WINDOW)])
        found[at_side & covered] = side
    return found


def _in_place(order: NDArray[np.intp], flags: Sides) -> Sides:
    placed = np.zeros_like(flags)
    np.put_along_axis(placed, order, flags, axis=-1)
    return placed
