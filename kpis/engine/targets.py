"""Targets: which rows are accepted, the default floor, and the targets of every period of a series."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.comparison import is_at_least, is_equal
from kpis.engine.definitions import Direction, Target
from kpis.engine.graph import Graph, Rows
from kpis.engine.periods import Calendar, Frequency, Ordinals, mixed_ordinals
from kpis.engine.refusals import Refusal
from kpis.engine.units import Unit

NO_TARGET = (math.nan,) * 4
FLOOR_DISTANCE = 0.2  # of |target|, where no floor is given


@dataclass(frozen=True, slots=True)
class Bounds:
    """What values are judged against, parallel arrays; NaN where there is none. Floors are resolved."""

    target: NDArray[np.float64]
    floor: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def take(self, which: NDArray[np.intp]) -> Bounds:
        """The entries at these indices."""
        return Bounds(self.target[which], self.floor[which], self.low[which], self.high[which])

    def moved(self, at: NDArray[np.intp], towards: Bounds, share: NDArray[np.float64]) -> Bounds:
        """The entries `at` moved by `share` of the way `towards` others."""
        moved = Bounds(*(getattr(self, name).copy() for name in self.__slots__))
        for name in self.__slots__:
            begin = getattr(self, name)[at]
            getattr(moved, name)[at] = begin + (getattr(towards, name) - begin) * share
        return moved

    def scaled(self, share: NDArray[np.float64]) -> Bounds:
        """All of them multiplied by `share`."""
        return Bounds(self.target * share, self.floor * share, self.low * share, self.high * share)


def default_floor(target: float, direction: Direction) -> float:
    """The red flag where none is given: 20 % of |target| on the wrong side of it."""
    distance = FLOOR_DISTANCE * abs(target)
    return target - distance if direction is Direction.INCREASE else target + distance


def target_refusals(
    targets: Sequence[Target], *, direction: Direction, unit: Unit, frequency: Frequency, calendar: Calendar
) -> list[Refusal]:
    """Everything wrong with a KPI's target rows, each with the index of its row."""
    refusals: list[Refusal] = []
    taken: set[int] = set()
    for index, target in enumerate(targets):
        period = calendar.ordinal(frequency, target.effective_from)
        problems = _row_problems(target, direction, unit)
        if period in taken:
            label = calendar.label(frequency, period)
            problems = [("period_taken", "effective_from", f"{label} has two targets; give it one."), *problems]
        taken.add(period)
        refusals += [Refusal(*problem, index=index) for problem in problems]
    return refusals


def _row_problems(target: Target, direction: Direction, unit: Unit) -> list[tuple[str, str, str]]:
    given = {name: getattr(target, name) for name in ("target", "floor", "low", "high")}
    for name, number in given.items():
        if number is not None and not math.isfinite(number):
            return [("not_a_number", name, f"The {name} is a number, not {number}.")]
    if direction is Direction.BETWEEN:
        return list(_between_problems(target))
    return list(_one_sided_problems(target, direction, unit))


def _between_problems(target: Target) -> Iterator[tuple[str, str, str]]:
    if target.low is None or target.high is None:
        yield "bounds_required", "low", "Keeping a value between two bounds needs both a low and a high."
    elif bool(is_at_least(target.low, target.high)):
        yield "low_not_below_high", "low", f"Low ({target.low:g}) must lie below high ({target.high:g})."
    if target.target is not None or target.floor is not None:
        yield "not_for_between", "target", "A KPI kept between two bounds takes low and high, no target or floor."


def _one_sided_problems(target: Target, direction: Direction, unit: Unit) -> Iterator[tuple[str, str, str]]:
    if target.low is not None or target.high is not None:
        yield "only_for_between", "low", "Low and high are for KPIs kept between two bounds; give a target."
    if target.target is None:
        yield "target_required", "target", "A target row needs a target."
    elif target.floor is None:
        if unit.is_fraction or target.target == 0:
            reason = "of a percentage or ratio" if unit.is_fraction else "of 0"
            yield "floor_required", "floor", f"Give a floor (the red flag): 20 % {reason} means nothing."
    elif bool(is_equal(target.floor, target.target)):
        yield "floor_equals_target", "floor", f"Floor and target are both {target.target:g}; they must differ."
    elif (target.floor > target.target) is (direction is Direction.INCREASE):
        side = "below" if direction is Direction.INCREASE else "above"
        yield (
            "floor_on_wrong_side",
            "floor",
            f"The floor ({target.floor:g}) must lie {side} the target ({target.target:g}).",
        )


def bounds_by_period(graph: Graph, first: Ordinals, counts: NDArray[np.int64]) -> Bounds:
    """The targets of consecutive periods, flat: `counts[r]` periods of row r from `first[r]` on.

    A row holds from the period that contains its `effective_from` until the next; before the first there is none. Of a
    KPI whose targets are linear all four move in a straight line from there to the next row's, by period number.
    """
    steps = [(row, target) for row, kpi in enumerate(graph.kpis) if counts[row] for target in _in_order(kpi.targets)]
    rows = np.array([row for row, _ in steps], dtype=np.intp)
    dates = np.array([target.effective_from for _, target in steps], dtype="datetime64[D]")
    since = mixed_ordinals(graph.calendar, graph.rank[rows], dates)
    numbers = [NO_TARGET, *(_numbers(target, graph.kpis[row].direction) for row, target in steps)]
    begins = (np.cumsum(counts) - counts)[rows] + np.clip(since - first[rows], 0, counts[rows])
    step = _holding_step(rows, begins, counts)
    bounds = Bounds(*np.array(numbers).T)
    held = bounds.take(step)
    at, following = _rising_cells(graph, rows, step, counts)
    if not at.size:
        return held
    period = first[rows[step[at] - 1]] + at - (np.cumsum(counts) - counts)[rows[step[at] - 1]]
    begin, end = since[step[at] - 1], since[following - 1]
    return held.moved(at, bounds.take(following), (period - begin) / (end - begin))


def _rising_cells(
    graph: Graph, rows: Rows, step: NDArray[np.intp], counts: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The cells on a straight line between two steps of one row, and the number of the second step."""
    is_linear = np.array([kpi.is_linear for kpi in graph.kpis], dtype=bool)
    if not is_linear.any():
        return np.empty(0, np.intp), np.empty(0, np.intp)
    of_cell = np.repeat(np.arange(len(counts)), counts)
    followed = np.append(rows[1:] == rows[:-1], False)
    at = np.flatnonzero(is_linear[of_cell] & (step > 0))
    at = at[followed[step[at] - 1]]
    return at, step[at] + 1


def _in_order(targets: Sequence[Target]) -> Sequence[Target]:
    return sorted(targets, key=lambda target: target.effective_from) if len(targets) > 1 else targets


def _holding_step(rows: Rows, begins: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.intp]:
    """For every cell the number, from 1, of the step of its row that holds there, 0 before the first.

    Steps are sorted by row and begin at the cells `begins`; each lasts until the next step's or the next row's begin.
    """
    every_row = np.arange(len(counts))
    numbers = np.concatenate([np.zeros(len(counts), dtype=np.intp), np.arange(1, len(begins) + 1)])
    order = np.lexsort((numbers, np.concatenate([every_row, rows])))
    cells = np.concatenate([np.cumsum(counts) - counts, begins])[order]
    return np.repeat(numbers[order], np.diff(cells, append=counts.sum()))


def _numbers(target: Target, direction: Direction) -> tuple[float, float, float, float]:
    floor = target.floor
    if floor is None and target.target is not None and direction is not Direction.BETWEEN:
        floor = default_floor(target.target, direction)
    given = (target.target, floor, target.low, target.high)
    goal, red_flag, low, high = (math.nan if number is None else number for number in given)
    return goal, red_flag, low, high
