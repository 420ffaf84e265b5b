"""Comparing two target courses: from which period to which the goal differs, and whether it became easier. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from kpis.engine.comparison import is_equal
from kpis.engine.definitions import Direction
from kpis.engine.targets import default_floor

NUMBERS = ("target", "floor", "low", "high")


@dataclass(frozen=True, slots=True)
class Goal:
    """The numbers of a target row; None where there is none."""

    target: float | None = None
    floor: float | None = None
    low: float | None = None
    high: float | None = None

    def resolved(self, direction: Direction) -> "Goal":
        """With the red flag it has by default where none is given."""
        if self.floor is not None or self.target is None or direction is Direction.BETWEEN:
            return self
        return replace(self, floor=default_floor(self.target, direction))

    def towards(self, other: "Goal", share: float) -> "Goal":
        """Moved by a share of the way."""
        return Goal(*(_moved(getattr(self, name), getattr(other, name), share) for name in NUMBERS))


def _moved(one: float | None, other: float | None, share: float) -> float | None:
    return one if one is None or other is None else one + (other - one) * share


@dataclass(frozen=True)
class Course:
    """Goals by the period in which each begins; with ``is_linear`` they move in a straight line in between."""

    goals: Mapping[int, Goal]
    is_linear: bool = False

    @cached_property
    def starts(self) -> list[int]:
        return sorted(self.goals)

    def at(self, period: int) -> Goal | None:
        """What a period is to reach; None before the first row."""
        after = bisect_right(self.starts, period)
        if not after:
            return None
        start = self.starts[after - 1]
        if not self.is_linear or after == len(self.starts):
            return self.goals[start]
        end = self.starts[after]
        return self.goals[start].towards(self.goals[end], (period - start) / (end - start))


@dataclass(frozen=True, slots=True)
class Step:
    """Periods ``first`` to before ``stop`` (None: for ever) whose goal differs; it was ``before`` in the first of them
    and is now ``after``.

    None in their place means that there is no target there.
    """

    first: int
    stop: int | None
    before: Goal | None
    after: Goal | None


def changed_steps(before: Course, after: Course, *, running: int) -> Iterator[Step]:
    """The steps in which two courses differ, oldest first; none of them holds the period ``running`` and another."""
    starts = sorted({*before.goals, *after.goals, running, running + 1})
    for first, stop in zip(starts, [*starts[1:], None], strict=True):
        # Two straight lines that begin at the same goal part in the period after.
        for period in (first, first + 1):
            is_within = stop is None or period < stop
            if is_within and _differs(before.at(period), after.at(period)):
                yield Step(period, stop, before.at(period), after.at(period))
                break


def is_same_goal(one: Goal, other: Goal) -> bool:
    """Whether the same is asked for."""
    return not _differs(one, other)


def _differs(one: Goal | None, other: Goal | None) -> bool:
    if one is None or other is None:
        return one is not other
    return not all(_same(getattr(one, name), getattr(other, name)) for name in NUMBERS)


def _same(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else bool(is_equal(one, other))


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


def course(rows: Iterable[tuple[int, Goal]], *, direction: Direction, is_linear: bool) -> Course:
    """From rows and the periods in which they begin."""
    return Course({start: goal.resolved(direction) for start, goal in rows}, is_linear)
