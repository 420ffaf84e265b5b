"""The values of one of the two periods that are compared, as the engine holds them, and of those around it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.blocks import Block, Blocks, is_lifted_formula
from kpis.engine.bringing import bring_to
from kpis.engine.evaluate import Stored, fill_stored
from kpis.engine.explaining.wanted import Wanted
from kpis.engine.graph import FAR, Graph, Rows
from kpis.engine.periods import FREQUENCIES
from kpis.engine.reach import Reach
from kpis.engine.scope import Scope
from kpis.engine.values import Matrix


@dataclass(frozen=True, slots=True)
class Moment:
    """The values that `wanted` names, in the frequencies in which it wants them.

    Those of a KPI's own frequency are as stored; `scope` computes nothing, it says how far data reaches.
    """

    wanted: Wanted
    scope: Scope
    blocks: Blocks

    @classmethod
    def of(
        cls, graph: Graph, wanted: Wanted, stored: Stored, reach: Reach, today: dt.date, *, is_target: bool = False
    ) -> Moment:
        """From stored values, which may hold more than is wanted.

        With `is_target` they are targets. These are lifted as values are, but nobody set a target for the coarser
        periods of a formula.
        """
        scope = _scope(graph, wanted, reach, today)
        blocks = _room(graph, wanted)
        fill_stored(graph, blocks, stored)
        for rank in range(len(FREQUENCIES)):
            rows = wanted.rows(rank)
            if is_target:
                rows = rows[~is_lifted_formula(graph, rank)[rows]]
            bring_to(graph, scope, blocks, rows, np.full(len(rows), rank))
        return cls(wanted, scope, blocks)

    @property
    def block(self) -> Block:
        """The values in the frequency of the question."""
        return self.blocks[self.wanted.asked.rank]

    @property
    def column(self) -> int:
        """Where in that block the period is."""
        return self.wanted.period - self.block.periods.start

    def values(self, rows: Rows) -> NDArray[np.float64]:
        """(n,) the values of `rows` in the period, in the frequency of the question; NaN: missing."""
        return np.asarray(self.block.values[self.blocks.position[self.block.rank, rows], self.column])

    def fine_values(self, rank: int, rows: Rows, periods: range) -> Matrix:
        """(n, periods) the values of `rows` in periods of a finer frequency, or of that of the question."""
        block = self.blocks[rank]
        columns = slice(periods.start - block.periods.start, periods.stop - block.periods.start)
        return np.asarray(block.values[self.blocks.position[rank, rows], columns])


def _scope(graph: Graph, wanted: Wanted, reach: Reach, today: dt.date) -> Scope:
    rows = np.arange(len(graph))
    none = np.zeros(len(graph), dtype=bool)
    held = wanted.first[graph.rank, rows], wanted.last[graph.rank, rows]
    return Scope(today, reach, none, np.full(len(graph), FAR), np.full(len(graph), -FAR), *held)


def _room(graph: Graph, wanted: Wanted) -> Blocks:
    blocks = Blocks(len(graph))
    for rank in range(len(FREQUENCIES)):
        rows = wanted.rows(rank)
        if rows.size:
            periods = range(int(wanted.first[rank, rows].min()), int(wanted.last[rank, rows].max()) + 1)
            is_own = graph.rank[rows] == rank
            blocks.add(rank, periods, rows[is_own], rows[~is_own])
    return blocks
