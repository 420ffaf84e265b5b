"""Targets: which rows are accepted, the default floor, and the targets of every period of a series."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.comparison import is_at_least, is_equal
from kpis.engine.definitions import Direction, Target
from kpis.engine.graph import Graph
from kpis.engine.periods import Calendar, Frequency, Ordinals
from kpis.engine.refusals import Refusal
from kpis.engine.units import Unit

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
    """The step targets of consecutive periods, flat: `counts[r]` periods of row r from `first[r]` on.

    A row holds from the period that contains its `effective_from` until the next; before the first there is none.
    """
    tables: list[tuple[float, float, float, float]] = [(math.nan,) * 4]
    chosen, lengths = [], []
    for row in np.flatnonzero(counts):
        start, stop = int(first[row]), int(first[row] + counts[row])
        for entry, length in _steps(graph, int(row), start, stop, tables):
            chosen.append(entry)
            lengths.append(length)
    columns = np.array(tables).T
    return Bounds(*columns).take(np.repeat(np.array(chosen, dtype=np.intp), lengths))


def _steps(
    graph: Graph, row: int, start: int, stop: int, tables: list[tuple[float, float, float, float]]
) -> Iterator[tuple[int, int]]:
    """(entry of `tables`, number of periods) from `start` to `stop`; entry 0 is no target. Appends to `tables`."""
    kpi, entry = graph.kpis[row], 0
    for target in sorted(kpi.targets, key=lambda target: target.effective_from):
        since = min(max(graph.calendar.ordinal(kpi.frequency, target.effective_from), start), stop)
        yield entry, since - start
        start, entry = since, len(tables)
        tables.append(_numbers(target, kpi.direction))
    yield entry, stop - start


def _numbers(target: Target, direction: Direction) -> tuple[float, float, float, float]:
    floor = target.floor
    if floor is None and target.target is not None and direction is not Direction.BETWEEN:
        floor = default_floor(target.target, direction)
    given = (target.target, floor, target.low, target.high)
    goal, red_flag, low, high = (math.nan if number is None else number for number in given)
    return goal, red_flag, low, high
