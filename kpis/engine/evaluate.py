"""Evaluation: measurements in, a dense series of values for every KPI out, computed bottom-up over the graph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.blocks import Block, Blocks
from kpis.engine.bringing import bring
from kpis.engine.computing import compute_formulas, compute_rollups
from kpis.engine.definitions import Aggregation, Problem
from kpis.engine.graph import AGGREGATIONS, NO_ROW, Graph, Rows
from kpis.engine.measurements import Measurements
from kpis.engine.periods import FREQUENCIES, Dates, Ordinals, mixed_ordinals
from kpis.engine.reach import series_end
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
    why (`problems.problem_code` puts it in words); `age` is the number of periods a value has been carried forward.
    """

    offset: NDArray[np.int64]
    row: Rows
    period: Ordinals
    date: Dates
    value: NDArray[np.float64]
    coverage: NDArray[np.float64]
    age: NDArray[np.int16]
    problem: NDArray[np.int32]

    def of_row(self, row: int) -> slice:
        """Where one row's cells are."""
        return slice(int(self.offset[row]), int(self.offset[row + 1]))


def evaluate(
    graph: Graph,
    scope: Scope,
    measurements: Measurements,
    stored: Stored | None = None,
    given: Stored | None = None,
) -> Values:
    """Evaluates `scope`.

    `measurements` are those of the measured KPIs it computes, `stored` the values of its operands, each at least in the
    periods the scope holds. A whole scope needs no `stored`. What comes out for a part is, bit for bit, what comes out
    of the whole there. `given` are values of KPIs it computes that stand instead of what would come out.
    """
    return _flatten(graph, scope, evaluate_blocks(graph, scope, measurements, stored, given))


def evaluate_blocks(
    graph: Graph,
    scope: Scope,
    measurements: Measurements,
    stored: Stored | None = None,
    given: Stored | None = None,
) -> Blocks:
    """The same as matrices, in which operands stand in the frequencies they were brought to as well."""
    blocks = filled_blocks(graph, scope, measurements, stored, given)
    compute_blocks(graph, scope, blocks, given)
    return blocks


def filled_blocks(
    graph: Graph,
    scope: Scope,
    measurements: Measurements,
    stored: Stored | None = None,
    given: Stored | None = None,
) -> Blocks:
    """Working memory with what is known beforehand: measured and stored values."""
    blocks = Blocks.allocate(graph, scope)
    _fill_measured(graph, scope, blocks, measurements)
    _give(graph, blocks, given, height=0)
    for block in blocks:
        block.settle(slice(None))
        _carry(graph, scope, block)
    if stored is not None:
        fill_stored(graph, blocks, stored)
    return blocks


def compute_blocks(graph: Graph, scope: Scope, blocks: Blocks, given: Stored | None = None) -> None:
    """Computes what `scope` asks for in filled working memory, level by level."""
    for below, level in enumerate(graph.levels):
        inputs = level.inputs.take(scope.computed[level.inputs.parent])
        formulas = [group.take(scope.computed[group.rows]) for group in level.formulas]
        bring(graph, scope, blocks, inputs, level.edges[scope.computed[level.edges[:, 0]]])
        compute_rollups(graph, scope, blocks, inputs)
        compute_formulas(graph, scope, blocks, formulas)
        _give(graph, blocks, given, height=below + 1)


def _give(graph: Graph, blocks: Blocks, given: Stored | None, height: int) -> None:
    """Those of `given` that are of a height, before anything is computed from them."""
    if given is not None:
        at = np.flatnonzero(graph.height[given.row] == height)
        fill_stored(graph, blocks, Stored(given.row[at], given.date[at], given.value[at], given.coverage[at]))


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


def fill_stored(graph: Graph, blocks: Blocks, stored: Stored) -> None:
    """Takes stored values into the blocks; those of KPIs or periods that no block holds are left out."""
    period = mixed_ordinals(graph.calendar, graph.rank[stored.row], stored.date)
    for block in blocks:
        position = blocks.position[block.rank, stored.row]
        is_held = (graph.rank[stored.row] == block.rank) & (position != NO_ROW) & block.holds(period)
        chosen = np.flatnonzero(is_held)
        cells = block.cells(position[chosen], period[chosen])
        block.values.ravel()[cells] = stored.value[chosen]
        block.coverage.ravel()[cells] = np.where(np.isnan(stored.value[chosen]), 0.0, stored.coverage[chosen])


def _flatten(graph: Graph, scope: Scope, blocks: Blocks) -> Values:
    counts = np.where(scope.computed, np.maximum(scope.last - scope.first + 1, 0), 0)
    offset = np.concatenate([[0], np.cumsum(counts)])
    row = np.repeat(np.arange(len(graph)), counts)
    period = np.arange(offset[-1]) - np.repeat(offset[:-1] - scope.first, counts)
    value, coverage = np.full(len(row), np.nan), np.zeros(len(row))
    age, problem = np.zeros(len(row), dtype=np.int16), np.zeros(len(row), dtype=np.int32)
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
