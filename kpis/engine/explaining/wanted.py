"""Which values an explanation needs: of which KPIs, in which frequencies, in which periods.

Everything below is explained in the frequency of the KPI asked about, so values are needed there: those of one period,
and as many before it as formulas look back. Finer roll-ups need the values of their children in their own periods too,
because that is where links begin and end and where weights are taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.graph import FAR, NO_ROW, Graph, Level, Rows
from kpis.engine.incremental import Load
from kpis.engine.periods import FREQUENCIES, Ordinals

# A KPI below several others is explained beneath each of them, so a small graph can make a large tree.
MOST_PARTS = 20_000


@dataclass(frozen=True, slots=True)
class Question:
    """Which change is asked about: that of the KPI at `row`, so many levels deep, and less where there were more than
    `most` parts.

    `explained` (rows,) marks the KPIs whose parts may be shown. The graph must hold all their links, weights and
    operands, and of every finer formula among those the operands too, and theirs as long as they are formulas.
    """

    row: int
    depth: int
    rank: int
    explained: NDArray[np.bool_]
    most: int = MOST_PARTS

    @classmethod
    def of(cls, graph: Graph, row: int, depth: int, most: int = MOST_PARTS) -> Question:
        """The question for a graph that reaches so deep; a coarser operand holds still, so it ends there, and so does a
        formula of which an operand is not there."""
        rank = int(graph.rank[row])
        is_near = _nearer_than(graph, row, depth)
        return cls(row, depth, rank, is_near & graph.is_computed & (graph.rank <= rank), most)


def _nearer_than(graph: Graph, row: int, depth: int) -> NDArray[np.bool_]:
    """(rows,) which are fewer than `depth` levels beneath `row`."""
    parents = np.concatenate([graph.inputs.parent, graph.formula_edges[:, 0]])
    parts = np.concatenate([graph.inputs.child, graph.formula_edges[:, 1]])
    near, frontier = np.zeros(len(graph), dtype=bool), np.zeros(len(graph), dtype=bool)
    frontier[row] = depth > 0
    for _ in range(depth):
        near |= frontier
        following = np.zeros(len(graph), dtype=bool)
        following[parts[frontier[parents]]] = True
        frontier = following & ~near
        if not frontier.any():
            break
    return near


@dataclass(frozen=True, slots=True)
class Wanted:
    """The periods `first`..`last` (frequencies, rows) in which values must stand in each frequency (first > last: none)
    for what is asked about `period`. Those in a KPI's own frequency are to be loaded, the others follow from them."""

    asked: Question
    period: int
    first: Ordinals
    last: Ordinals

    @classmethod
    def of(cls, graph: Graph, asked: Question, period: int) -> Wanted:
        """What is needed around one period of the KPI asked about."""
        shape = (len(FREQUENCIES), len(graph))
        wanted = cls(asked, period, np.full(shape, FAR), np.full(shape, -FAR))
        wanted._widen(asked.rank, np.array([asked.row]), period, period)
        for height in range(int(graph.height[asked.row]), -1, -1):
            level = graph.levels[height - 1] if height else None
            if level:
                wanted._operands_of_formulas(graph, level)
            wanted._own_values(graph, np.flatnonzero(graph.height == height))
            if level:
                wanted._inputs_of_rollups(graph, level)
        return wanted

    def rows(self, rank: int) -> Rows:
        """The KPIs whose values must stand in a frequency."""
        return np.flatnonzero(self.first[rank] <= self.last[rank])

    def fine(self, graph: Graph, rank: int) -> range:
        """The periods of a frequency no coarser than that of the question that make up its period, wholly or partly."""
        frequency = FREQUENCIES[self.asked.rank]
        first = graph.calendar.first_date(frequency, self.period)
        last = graph.calendar.last_date(frequency, self.period)
        own = FREQUENCIES[rank]
        return range(graph.calendar.ordinal(own, first), graph.calendar.ordinal(own, last) + 1)

    def loads(self, graph: Graph) -> list[Load]:
        """The stored values to load: of each KPI those of the periods whose first dates lie in a range."""
        loads: list[Load] = []
        for rank, frequency in enumerate(FREQUENCIES):
            rows = self.rows(rank)
            rows = rows[graph.rank[rows] == rank]
            first = graph.calendar.first_dates(frequency, self.first[rank, rows])
            last = graph.calendar.first_dates(frequency, self.last[rank, rows])
            loads += [
                Load(graph.kpis[row].id, begin, end, is_measured=False)
                for row, begin, end in zip(rows.tolist(), first.tolist(), last.tolist(), strict=True)
            ]
        return loads

    def _widen(self, rank: int, rows: Rows, first: Ordinals | int, last: Ordinals | int) -> None:
        np.minimum.at(self.first[rank], rows, first)
        np.maximum.at(self.last[rank], rows, last)

    def _operands_of_formulas(self, graph: Graph, level: Level) -> None:
        """Of formulas evaluated anew in coarser periods, and of those that are explained."""
        formulas, operands = level.edges.T
        for rank in range(self.asked.rank + 1):
            is_lifted = (graph.rank[formulas] < rank) & (self.first[rank, formulas] <= self.last[rank, formulas])
            is_explained = self.asked.explained[formulas] & (rank == self.asked.rank)
            at = np.flatnonzero(is_lifted | is_explained)
            if at.size:
                first = np.where(is_lifted, self.first[rank, formulas], self.period)[at]
                last = np.where(is_lifted, self.last[rank, formulas], self.period)[at]
                begins = np.asarray(first - _lookback(graph, formulas[at], rank), dtype=np.int64)
                self._widen(rank, operands[at], begins, last)

    def _own_values(self, graph: Graph, rows: Rows) -> None:
        """What values in other frequencies are lifted or held from."""
        for rank, frequency in enumerate(FREQUENCIES):
            is_wanted = (self.first[rank, rows] <= self.last[rank, rows]) & (graph.rank[rows] != rank)
            is_wanted &= ~(graph.is_formula[rows] & (graph.rank[rows] < rank))
            others = rows[is_wanted]
            for own in np.unique(graph.rank[others]):
                brought = others[graph.rank[others] == own]
                first, last = self.first[rank, brought], self.last[rank, brought]
                begins = graph.calendar.first_dates(frequency, first if own < rank else first + 1)
                begins -= np.timedelta64(int(own > rank), "D")
                ends = graph.calendar.last_dates(frequency, last)
                first, last = (graph.calendar.ordinals(FREQUENCIES[own], dates) for dates in (begins, ends))
                self._widen(int(own), brought, first, last)

    def _inputs_of_rollups(self, graph: Graph, level: Level) -> None:
        inputs = level.inputs.take(self.asked.explained[level.inputs.parent])
        self._widen(self.asked.rank, inputs.child, self.period, self.period)
        for rank in np.unique(graph.rank[inputs.parent]):
            periods = self.fine(graph, int(rank))
            of_rank = inputs.take(graph.rank[inputs.parent] == rank)
            weighers = of_rank.weight_by[of_rank.weight_by != NO_ROW]
            for rows in (of_rank.child, weighers):
                self._widen(int(rank), rows, periods.start, periods.stop - 1)


def _lookback(graph: Graph, formulas: Rows, rank: int) -> Sequence[int] | NDArray[np.int64]:
    """How many periods of a frequency back each formula itself looks."""
    frequency, known = FREQUENCIES[rank], {int(row): 0 for row in np.unique(formulas)}
    for row in known:
        known[row] = graph.programs[row].lookback(frequency)
    return np.array([known[row] for row in formulas.tolist()], dtype=np.int64)
