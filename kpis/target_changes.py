"""Comparing two target courses: from which period to which the goal differs, and whether it became easier. Pure."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from kpis.engine.definitions import Direction


@dataclass(frozen=True, slots=True)
class Goal:
    """The numbers of a target row; None where there is none."""

    target: float | None = None
    floor: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Periods ``first`` to before ``stop`` (None: for ever) whose goal was ``before`` and is now ``after``.

    None in their place means that there is no target there.
    """

    first: int
    stop: int | None
    before: Goal | None
    after: Goal | None


def changed_steps(before: Mapping[int, Goal], after: Mapping[int, Goal]) -> Iterator[Step]:
    """The steps in which two courses differ, oldest first. A course maps the period in which a goal begins to it."""
    starts = sorted({*before, *after})
    for first, stop in zip_longest(starts, starts[1:]):
        old, new = _in_force(before, first), _in_force(after, first)
        if old != new:
            yield Step(first, stop, old, new)


def _in_force(course: Mapping[int, Goal], period: int) -> Goal | None:
    starts = sorted(course)
    at = bisect_right(starts, period)
    return course[starts[at - 1]] if at else None


def is_easier(before: Goal, after: Goal | None, direction: Direction) -> bool:
    """Whether less is asked for than before: a lower target, a floor that forgives more, a wider range, or nothing."""
    if after is None:
        return True
    if direction is Direction.BETWEEN:
        return _below(after.low, before.low) or _below(before.high, after.high)
    if direction is Direction.INCREASE:
        return _below(after.target, before.target) or _below(after.floor, before.floor)
    return _below(before.target, after.target) or _below(before.floor, after.floor)


def _below(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and one < other
