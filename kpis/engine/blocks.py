"""Working memory of an evaluation: one matrix per frequency, a row per KPI and a column per period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.definitions import Problem
from kpis.engine.graph import NO_ROW, Graph, Rows
from kpis.engine.periods import FREQUENCIES, Ordinals
from kpis.engine.scope import Scope


@dataclass(slots=True)
class Block:
    """The values of one frequency: first the KPIs of that frequency (`rows`, ascending), then others brought to it.

    `values` (positions, periods) are NaN where missing, there `coverage` is 0; `age` and `problem` as in `Values`.
    """

    rank: int
    periods: range
    rows: Rows
    values: NDArray[np.float64]
    coverage: NDArray[np.float64]
    age: NDArray[np.int16]
    problem: NDArray[np.int32]

    @classmethod
    def allocate(cls, rank: int, periods: range, rows: Rows, lifted: int) -> Block:
        """A block in which everything is missing."""
        shape = (len(rows) + lifted, len(periods))
        age, problem = np.zeros(shape, dtype=np.int16), np.zeros(shape, dtype=np.int32)
        return cls(rank, periods, rows, np.full(shape, np.nan), np.zeros(shape), age, problem)

    def holds(self, periods: Ordinals) -> NDArray[np.bool_]:
        """Which ordinals lie within the block's columns."""
        return (periods >= self.periods.start) & (periods < self.periods.stop)

    def cells(self, position: NDArray[np.intp], periods: Ordinals) -> NDArray[np.int64]:
        """Flat indices of (position, period) pairs."""
        return position * len(self.periods) + (periods - self.periods.start)

    def settle(self, at: slice | NDArray[np.intp], without_weight: NDArray[np.bool_] | None = None) -> None:
        """Turns what could not be computed in the positions `at` into missing values with a problem."""
        values, coverage = self.values[at], self.coverage[at]
        failed = (coverage > 0) & ~np.isfinite(values)
        if not failed.any():
            return
        problem = self.problem[at]
        problem[failed] = Problem.OVERFLOW
        if without_weight is not None:
            problem[without_weight] = Problem.DIVISION_BY_ZERO
        self.problem[at] = problem
        self.values[at] = np.where(failed, np.nan, values)
        self.coverage[at] = np.where(failed, 0.0, coverage)


class Blocks:
    """The blocks of all frequencies that have anything to hold, and where each KPI is in them.

    `position` (frequencies, rows) is a KPI's position in a frequency's block, NO_ROW where it has none; `is_lifted`
    (frequencies, rows) whether its values have been brought to that frequency, coarser or finer than its own.
    """

    def __init__(self, rows: int) -> None:
        self.position = np.full((len(FREQUENCIES), rows), NO_ROW, dtype=np.intp)
        self.is_lifted = np.zeros((len(FREQUENCIES), rows), dtype=bool)
        self._blocks: dict[int, Block] = {}

    @classmethod
    def allocate(cls, graph: Graph, scope: Scope) -> Blocks:
        """Room for what `scope` holds, in each frequency as wide as its longest-held KPIs together."""
        blocks = cls(len(graph))
        held = scope.held_first <= scope.held_last
        for rank in range(len(FREQUENCIES)):
            natives = np.flatnonzero(graph.rank == rank)
            holding = natives[held[natives]]
            if holding.size:
                lifted = brought_to(graph, scope.computed, rank)
                first = int(scope.held_first[holding].min()) - int(graph.lookback(rank)[lifted].max(initial=0))
                blocks.add(rank, range(first, int(scope.held_last[holding].max()) + 1), natives, lifted)
        return blocks

    def add(self, rank: int, periods: range, natives: Rows, lifted: Rows) -> None:
        """Room in the frequency `rank` for KPIs of that frequency and for others that are to be brought to it."""
        self.position[rank, natives] = np.arange(len(natives))
        self.position[rank, lifted] = len(natives) + np.arange(len(lifted))
        self._blocks[rank] = Block.allocate(rank, periods, natives, len(lifted))

    def __iter__(self) -> Iterator[Block]:
        return iter(self._blocks.values())

    def __len__(self) -> int:
        return len(self._blocks)

    def __contains__(self, rank: int) -> bool:
        return rank in self._blocks

    def __getitem__(self, rank: int) -> Block:
        return self._blocks[rank]


def brought_to(graph: Graph, computed: NDArray[np.bool_], rank: int) -> Rows:
    """The KPIs of other frequencies that computed KPIs of this one are computed from.

    A finer formula among them is evaluated anew on its operands, so these, and their operands, belong to it too.
    """
    parents, operands = graph.edges.T
    wanted = np.zeros(len(graph), dtype=bool)
    evaluated = computed & (graph.rank == rank)
    while evaluated.any():
        found = np.zeros(len(graph), dtype=bool)
        found[operands[evaluated[parents]]] = True
        found &= (graph.rank != rank) & ~wanted
        wanted |= found
        evaluated = found & is_lifted_formula(graph, rank)
    return np.flatnonzero(wanted)


def is_lifted_formula(graph: Graph, rank: int) -> NDArray[np.bool_]:
    """Which rows are formulas that are evaluated anew where a coarser frequency `rank` is asked for."""
    return np.asarray(graph.is_formula & (graph.rank < rank))
