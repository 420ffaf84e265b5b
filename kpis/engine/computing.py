"""Computing the KPIs of a level in one frequency's working memory: roll-ups from children, formulas from operands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from kpis.engine.blocks import Block, Blocks
from kpis.engine.definitions import Problem, Rollup
from kpis.engine.formula.cells import OPERAND, Cells, leaf_cells, missing
from kpis.engine.formula.evaluation import run
from kpis.engine.formula.program import YEAR, LeafKind
from kpis.engine.formula.times import Times, to_date
from kpis.engine.formulas import Formulas
from kpis.engine.graph import FAR, METHODS, NO_ROW, Graph, Inputs, Rows
from kpis.engine.periods import FREQUENCIES, Frequency, Ordinals, mixed_last_dates, mixed_ordinals
from kpis.engine.reach import lifted_span, series_end
from kpis.engine.rollup import Children, roll_up
from kpis.engine.scope import Scope

METHOD_OF = {LeafKind.CHILDREN_SUM: Rollup.SUM, LeafKind.CHILDREN_MEAN: Rollup.MEAN}


def compute_rollups(graph: Graph, scope: Scope, blocks: Blocks, inputs: Inputs) -> None:
    """Roll-ups from inputs that stand in their frequency."""
    for method, block, chosen in _groups(graph, blocks, inputs):
        part = inputs.take(chosen)
        parents, number = np.unique(part.parent, return_inverse=True)
        children = _children(graph, scope, blocks, block, part, number, _factors(method, part))
        rolled_up = roll_up(method, children, block.values, block.coverage)
        at = blocks.position[block.rank][parents]
        block.values[at], block.coverage[at] = rolled_up.values, rolled_up.coverage
        block.settle(at, rolled_up.without_weight)


def compute_formulas(graph: Graph, scope: Scope, blocks: Blocks, groups: Iterable[Formulas]) -> None:
    """Formulas from operands that stand in their frequency."""
    for group in groups:
        ranks = graph.rank[group.rows]
        for block in blocks:
            compute_at(graph, scope, blocks, block, group.take(ranks == block.rank))


def compute_at(graph: Graph, scope: Scope, blocks: Blocks, block: Block, group: Formulas) -> None:
    """Formulas of one shape in the periods of `block`, whether that is their own frequency or a coarser one."""
    if not group.rows.size:
        return
    leaves = [leaf(graph, scope, blocks, block, group, slot) for slot in range(len(group.kinds))]
    first, last = _series(graph, scope, block, group.rows)
    start = np.clip(first - block.periods.start, -FAR, FAR)[:, None]
    result = run(group.steps, leaves, Times(len(block.periods), start, YEAR[FREQUENCIES[block.rank]]))
    _store(blocks, block, group, result)
    _leave_out(blocks, block, group.rows, first, last)


def _series(graph: Graph, scope: Scope, block: Block, rows: Rows) -> tuple[Ordinals, Ordinals]:
    """The first and last period of formulas' series, in the frequency of `block`."""
    ranks = np.full(len(rows), block.rank)
    first, _ = lifted_span(graph, scope.reach, rows, ranks)
    has_data = scope.reach.has_data[rows]
    end = np.where(has_data, series_end(graph, scope.reach, scope.today)[rows], 0)
    last_dates = mixed_last_dates(graph.calendar, graph.rank[rows], end)
    return first, np.where(has_data, mixed_ordinals(graph.calendar, ranks, last_dates), -FAR)


def _leave_out(blocks: Blocks, block: Block, rows: Rows, first: Ordinals, last: Ordinals) -> None:
    """What lies outside a formula's series does not exist, even where it could be computed."""
    periods = np.arange(block.periods.start, block.periods.stop)
    limited = np.flatnonzero((first > block.periods.start) | (last < block.periods.stop - 1))
    outside = (periods < first[limited, None]) | (periods > last[limited, None])
    row, column = np.nonzero(outside)
    at = blocks.position[block.rank][rows[limited[row]]]
    block.values[at, column], block.coverage[at, column] = np.nan, 0.0


def _store(blocks: Blocks, block: Block, group: Formulas, result: Cells) -> None:
    at = blocks.position[block.rank][group.rows]
    block.values[at] = result.value
    problem = np.int32(Problem.NONE) if result.problem is None else _by_row(group, result.problem)
    block.problem[at] = problem
    block.coverage[at] = np.where(np.isnan(block.values[at]), 0.0, 1.0 if result.coverage is None else result.coverage)


def _by_row(group: Formulas, problem: NDArray[np.int32]) -> NDArray[np.int32]:
    """Problems that name the missing operand by its row instead of its slot."""
    by_row = np.array(np.broadcast_to(problem, (len(group.rows), problem.shape[1])))
    flat = by_row.ravel()
    cells = np.flatnonzero(flat)
    cells = cells[flat[cells] % OPERAND == Problem.MISSING_OPERAND]
    flat[cells] = missing(group.operands[cells // by_row.shape[1], flat[cells] // OPERAND - 1])
    return by_row


def leaf(graph: Graph, scope: Scope, blocks: Blocks, block: Block, group: Formulas, slot: int) -> Cells:
    """(formulas, columns) what the formulas take of their operand at `slot`, which stands in the block."""
    kind, operands = group.kinds[slot], group.operands[:, slot]
    if kind.is_of_children:
        return _children_leaf(graph, scope, blocks, block, operands, METHOD_OF[kind], slot)
    at = blocks.position[block.rank][operands]
    values, coverage = block.values[at], block.coverage[at]
    if kind is not LeafKind.VALUE:
        begins = _begins(graph, block, Frequency.YEARLY if kind is LeafKind.YTD else Frequency.QUARTERLY)
        values, coverage = to_date(values, coverage, begins, graph.aggregation[operands])
    return leaf_cells(values, coverage, slot)


def _begins(graph: Graph, block: Block, around: Frequency) -> NDArray[np.bool_]:
    """(columns,) which periods are the first of their fiscal year or quarter, by their first dates."""
    periods = np.arange(block.periods.start - 1, block.periods.stop)
    dates = graph.calendar.first_dates(FREQUENCIES[block.rank], periods)
    return np.diff(graph.calendar.ordinals(around, dates)) > 0


def _children_leaf(
    graph: Graph, scope: Scope, blocks: Blocks, block: Block, parents: Rows, method: Rollup, slot: int
) -> Cells:
    """What ladders up to each of `parents`, added up or averaged."""
    inputs = [graph.children_of(int(row), block.rank) for row in parents]
    counts = [len(each.parent) for each in inputs]
    joined = Inputs.together(inputs)
    number = np.repeat(np.arange(len(parents)), counts)
    factor = joined.contribution if method is Rollup.SUM else np.ones(len(number))
    children = _children(graph, scope, blocks, block, joined, number, factor, len(parents))
    rolled_up = roll_up(method, children, block.values, block.coverage)
    values = np.where(np.isfinite(rolled_up.values), rolled_up.values, np.nan)
    return leaf_cells(values, rolled_up.coverage, slot, Problem.NO_DATA)


def _children(
    graph: Graph,
    scope: Scope,
    blocks: Blocks,
    block: Block,
    inputs: Inputs,
    number: NDArray[np.intp],
    factor: NDArray[np.float64],
    parents: int | None = None,
) -> Children:
    """Inputs as the roll-up takes them; `number` (n,) says of which parent each is."""
    position, start = blocks.position[block.rank], block.periods.start
    expected, _ = lifted_span(graph, scope.reach, inputs.child, np.full(len(inputs.child), block.rank))
    return Children(
        parents=int(number.max(initial=-1)) + 1 if parents is None else parents,
        parent=number,
        child=position[inputs.child],
        weigher=np.where(inputs.weight_by == NO_ROW, NO_ROW, position[inputs.weight_by]),
        factor=factor,
        first=inputs.first - start,
        last=inputs.last - start,
        expected=expected - start,
    )


def _groups(graph: Graph, blocks: Blocks, inputs: Inputs) -> Iterator[tuple[Rollup, Block, NDArray[np.intp]]]:
    """The inputs of a level that can be combined at once: of parents with one frequency and one method."""
    for block in blocks:
        for at, method in enumerate(METHODS):
            of_group = (graph.rank[inputs.parent] == block.rank) & (graph.method[inputs.parent] == at)
            if of_group.any():
                yield method, block, np.flatnonzero(of_group)


def _factors(method: Rollup, inputs: Inputs) -> NDArray[np.float64]:
    if method is Rollup.SUM:
        return inputs.contribution
    return inputs.weight if method is Rollup.WEIGHTED_MEAN else np.ones(len(inputs.parent))
