"""Evaluation: measurements in, a dense series of values for every KPI out, computed bottom-up over the graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.blocks import Block, Blocks
from kpis.engine.definitions import Aggregation, Problem, Rollup
from kpis.engine.graph import AGGREGATIONS, METHODS, NO_ROW, Graph, Inputs, Rows
from kpis.engine.lifting import Lifting, lift
from kpis.engine.measurements import Measurements
from kpis.engine.periods import FREQUENCIES, Dates, Ordinals, mixed_ordinals
from kpis.engine.reach import lifted_span, series_end
from kpis.engine.rollup import Children, roll_up
from kpis.engine.scope import Scope
from kpis.engine.values import aggregate, carry_forward


@dataclass(frozen=True, slots=True)
class Stored:
    """Values computed before, of KPIs that are operands of what is computed now: flat arrays in any order.

    `row` (n,), `date` (n,) the periods' first dates, `value` (n,) (NaN or absent: missing), `coverage` (n,).
    """

    row: Rows
    date: Dates
    value: NDArray[np.float64]
    coverage: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Values:
    """Dense series of the computed KPIs, flat, by row, then period; row r's cells are `offset[r]`..`offset[r + 1]`.

    `period` are ordinals and `date` first dates of the periods; `value` is NaN where missing, and then `problem` says
    why (`definitions.Problem`); `age` is the number of periods a value has been carried forward.
    """

    offset: NDArray[np.int64]
    row: Rows
    period: Ordinals
    date: Dates
    value: NDArray[np.float64]
    coverage: NDArray[np.float64]
    age: NDArray[np.int16]
    problem: NDArray[np.uint8]

    def of_row(self, row: int) -> slice:
        """Where one row's cells are."""
        return slice(int(self.offset[row]), int(self.offset[row + 1]))


def evaluate(graph: Graph, scope: Scope, measurements: Measurements, stored: Stored | None = None) -> Values:
    """Evaluates `scope`.

    `measurements` are those of the measured KPIs it computes, `stored` the values of its operands, each at least in the
    periods the scope holds. A whole scope needs no `stored`. What comes out for a part is, bit for bit, what comes out
    of the whole there.
    """
    blocks = Blocks.allocate(graph, scope)
    _fill_measured(graph, scope, blocks, measurements)
    if stored is not None:
        _fill_stored(graph, blocks, stored)
    for level in graph.levels:
        inputs = level.take(scope.computed[level.parent])
        _lift_operands(graph, blocks, inputs)
        for method, block, chosen in _groups(graph, blocks, inputs):
            _roll_up(graph, scope, block, method, inputs.take(chosen), blocks.position[block.rank])
    return _flatten(graph, scope, blocks)


def _fill_measured(graph: Graph, scope: Scope, blocks: Blocks, measurements: Measurements) -> None:
    row = measurements.row
    period = mixed_ordinals(graph.calendar, graph.rank[row], measurements.date)
    wanted = scope.computed[row] & (period >= scope.held_first[row]) & (period <= scope.held_last[row])
    kind = np.where(wanted, (graph.rank * len(AGGREGATIONS) + graph.aggregation)[row], -1)
    for found in np.flatnonzero(np.bincount(kind + 1)[1:]):
        rank, aggregation = divmod(int(found), len(AGGREGATIONS))
        block, chosen = blocks[rank], np.flatnonzero(kind == found)
        cells = block.cells(blocks.position[rank, row[chosen]], period[chosen])
        cells, values = aggregate(cells, measurements.value[chosen], AGGREGATIONS[aggregation])
        block.values.ravel()[cells] = values
        block.coverage.ravel()[cells] = 1.0
    for block in blocks:
        block.settle(slice(None))
        _carry(graph, scope, block)


def _carry(graph: Graph, scope: Scope, block: Block) -> None:
    """Carries the `last` values of measured KPIs forward, up to the end of their series."""
    carried = (graph.carried > 0) & graph.is_measured & graph.has_aggregation(Aggregation.LAST) & scope.computed
    rows = block.rows[carried[block.rows]]
    if not rows.size:
        return
    at = np.searchsorted(block.rows, rows)
    until = series_end(graph, scope.reach, scope.today)[rows] - block.periods.start
    values, block.age[at] = carry_forward(block.values[at], graph.carried[rows], until)
    block.values[at], block.coverage[at] = values, ~np.isnan(values)


def _fill_stored(graph: Graph, blocks: Blocks, stored: Stored) -> None:
    period = mixed_ordinals(graph.calendar, graph.rank[stored.row], stored.date)
    for block in blocks:
        chosen = np.flatnonzero((graph.rank[stored.row] == block.rank) & block.holds(period))
        cells = block.cells(blocks.position[block.rank, stored.row[chosen]], period[chosen])
        block.values.ravel()[cells] = stored.value[chosen]
        block.coverage.ravel()[cells] = np.where(np.isnan(stored.value[chosen]), 0.0, stored.coverage[chosen])


def _lift_operands(graph: Graph, blocks: Blocks, inputs: Inputs) -> None:
    """Lifts the inputs that are finer than their parents, those of one frequency and aggregation together."""
    operands = np.concatenate([inputs.child, inputs.weight_by])
    ranks = np.tile(graph.rank[inputs.parent], 2)
    waiting = (operands != NO_ROW) & (graph.rank[operands] < ranks) & ~blocks.is_lifted[ranks, operands]
    if not waiting.any():
        return
    pairs = np.unique(np.stack([ranks, operands])[:, waiting], axis=1)
    kinds = np.stack([pairs[0], graph.rank[pairs[1]], graph.aggregation[pairs[1]]])
    for into, finer, aggregation in np.unique(kinds, axis=1).T:
        rows = pairs[1, (kinds == [[into], [finer], [aggregation]]).all(axis=0)]
        blocks.is_lifted[into, rows] = True
        if into in blocks and finer in blocks:
            _lift(graph, blocks, blocks[finer], blocks[into], AGGREGATIONS[aggregation], rows)


def _lift(graph: Graph, blocks: Blocks, finer: Block, into: Block, aggregation: Aggregation, rows: Rows) -> None:
    frequencies = FREQUENCIES[finer.rank], FREQUENCIES[into.rank]
    lifting = Lifting.between(graph.calendar, *frequencies, finer.periods, into.periods)
    source, target = blocks.position[finer.rank, rows], blocks.position[into.rank, rows]
    into.values[target], into.coverage[target] = lift(
        finer.values[source], finer.coverage[source], aggregation, lifting
    )
    into.settle(target)


def _groups(graph: Graph, blocks: Blocks, inputs: Inputs) -> Iterator[tuple[Rollup, Block, NDArray[np.intp]]]:
    """The inputs of a level that can be combined at once: of parents with one frequency and one method."""
    for block in blocks:
        for at, method in enumerate(METHODS):
            of_group = (graph.rank[inputs.parent] == block.rank) & (graph.method[inputs.parent] == at)
            if of_group.any():
                yield method, block, np.flatnonzero(of_group)


def _roll_up(
    graph: Graph, scope: Scope, block: Block, method: Rollup, inputs: Inputs, position: NDArray[np.intp]
) -> None:
    parents, number = np.unique(inputs.parent, return_inverse=True)
    expected, _ = lifted_span(graph, scope.reach, inputs)
    start = block.periods.start
    children = Children(
        parents=len(parents),
        parent=number,
        child=position[inputs.child],
        weigher=np.where(inputs.weight_by == NO_ROW, NO_ROW, position[inputs.weight_by]),
        factor=_factors(method, inputs),
        first=inputs.first - start,
        last=inputs.last - start,
        expected=expected - start,
    )
    rolled_up = roll_up(method, children, block.values, block.coverage)
    at = position[parents]
    block.values[at], block.coverage[at] = rolled_up.values, rolled_up.coverage
    block.settle(at, rolled_up.without_weight)


def _factors(method: Rollup, inputs: Inputs) -> NDArray[np.float64]:
    if method is Rollup.SUM:
        return inputs.contribution
    return inputs.weight if method is Rollup.WEIGHTED_MEAN else np.ones(len(inputs.parent))


def _flatten(graph: Graph, scope: Scope, blocks: Blocks) -> Values:
    counts = np.where(scope.computed, np.maximum(scope.last - scope.first + 1, 0), 0)
    offset = np.concatenate([[0], np.cumsum(counts)])
    row = np.repeat(np.arange(len(graph)), counts)
    period = np.arange(offset[-1]) - np.repeat(offset[:-1] - scope.first, counts)
    value, coverage = np.full(len(row), np.nan), np.zeros(len(row))
    age, problem = np.zeros(len(row), dtype=np.int16), np.zeros(len(row), dtype=np.uint8)
    date = np.empty(len(row), dtype="datetime64[D]")
    for block in blocks:
        at = np.flatnonzero(graph.rank[row] == block.rank) if len(blocks) > 1 else slice(None)
        cells = block.cells(blocks.position[block.rank, row[at]], period[at])
        value[at], coverage[at] = block.values.ravel()[cells], block.coverage.ravel()[cells]
        age[at], problem[at] = block.age.ravel()[cells], block.problem.ravel()[cells]
        first_dates = graph.calendar.first_dates(FREQUENCIES[block.rank], block.periods)
        date[at] = first_dates[period[at] - block.periods.start]
    problem[np.isnan(value) & (problem == Problem.NONE)] = Problem.NO_DATA
    return Values(offset, row, period, date, value, coverage, age, problem)
