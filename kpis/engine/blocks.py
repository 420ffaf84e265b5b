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
    """The values of one frequency: first the KPIs of that frequency (`rows`, ascending), then finer ones lifted to it.

    `values` (positions, periods) are NaN where missing, there `coverage` is 0; `age` and `problem` as in `Values`.
    """

    rank: int
    periods: range
    rows: Rows
    values: NDArray[np.float64]
    coverage: NDArray[np.float64]
    age: NDArray[np.int16]
    problem: NDArray[np.uint8]

    @classmethod
    def allocate(cls, rank: int, periods: range, rows: Rows, lifted: int) -> Block:
        """A block in which everything is missing."""
        shape = (len(rows) + lifted, len(periods))
        age, problem = np.zeros(shape, dtype=np.int16), np.zeros(shape, dtype=np.uint8)
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
    (frequencies, rows) whether its values have been lifted to that frequency.
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
                periods = range(int(scope.held_first[holding].min()), int(scope.held_last[holding].max()) + 1)
                blocks._add(rank, periods, natives, _lifted_to(graph, scope, rank))
        return blocks

    def _add(self, rank: int, periods: range, natives: Rows, lifted: Rows) -> None:
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


def _lifted_to(graph: Graph, scope: Scope, rank: int) -> Rows:
    """The finer KPIs that computed KPIs of this frequency are computed from."""
    parents, operands = graph.edges.T
    wanted = scope.computed[parents] & (graph.rank[parents] == rank) & (graph.rank[operands] < rank)
    return np.unique(operands[wanted])
