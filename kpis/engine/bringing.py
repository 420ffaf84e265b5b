"""Bringing operands to the frequency of what is computed from them.

Finer values are lifted by their aggregation, and finer formulas evaluated anew on lifted operands: a ratio of sums, not
a mean of ratios. A coarser value, which must be one that stays valid for a while, holds in each finer period whose last
day lies in its own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kpis.engine.blocks import Block, Blocks, is_lifted_formula
from kpis.engine.computing import compute_at
from kpis.engine.definitions import Aggregation
from kpis.engine.graph import AGGREGATIONS, NO_ROW, Graph, Inputs, Rows
from kpis.engine.lifting import Lifting, lift
from kpis.engine.periods import FREQUENCIES
from kpis.engine.scope import Scope


def bring(graph: Graph, scope: Scope, blocks: Blocks, inputs: Inputs, edges: NDArray[np.intp]) -> None:
    """Makes the inputs of roll-ups and the operands of formulas (`edges`) stand in the frequencies of those."""
    operands = np.concatenate([inputs.child, inputs.weight_by, edges[:, 1]])
    computed = np.concatenate([inputs.parent, inputs.parent, edges[:, 0]])
    bring_to(graph, scope, blocks, operands, graph.rank[computed])


def bring_to(graph: Graph, scope: Scope, blocks: Blocks, operands: Rows, ranks: NDArray[np.intp]) -> None:
    """Makes `operands` (n,), NO_ROW for none, stand in the frequencies `ranks` (n,), where `blocks` have room."""
    waiting = (operands != NO_ROW) & (graph.rank[operands] != ranks) & ~blocks.is_lifted[ranks, operands]
    if not waiting.any():
        return
    pairs = np.unique(np.stack([ranks, operands])[:, waiting], axis=1)
    for into in np.unique(pairs[0]):
        rows = pairs[1, pairs[0] == into]
        blocks.is_lifted[into, rows] = True
        if into in blocks:
            formulas = is_lifted_formula(graph, int(into))[rows]
            _bring_values(graph, blocks, blocks[int(into)], rows[~formulas])
            _bring_formulas(graph, scope, blocks, blocks[int(into)], rows[formulas])


def _bring_values(graph: Graph, blocks: Blocks, into: Block, rows: Rows) -> None:
    kinds = np.stack([graph.rank[rows], graph.aggregation[rows]])
    for source, aggregation in np.unique(kinds, axis=1).T:
        if source not in blocks:
            continue
        alike = rows[(kinds == [[source], [aggregation]]).all(axis=0)]
        if source < into.rank:
            _lift(graph, blocks, blocks[int(source)], into, AGGREGATIONS[aggregation], alike)
        else:
            _hold(graph, blocks, blocks[int(source)], into, alike)


def _bring_formulas(graph: Graph, scope: Scope, blocks: Blocks, into: Block, rows: Rows) -> None:
    """Those lowest in the graph first, for formulas may use formulas."""
    for height in np.unique(graph.height[rows]):
        groups = graph.formulas_among(int(row) for row in rows[graph.height[rows] == height])
        for group in groups:
            edges = graph.formula_edges[np.isin(graph.formula_edges[:, 0], group.rows)]
            bring_to(graph, scope, blocks, edges[:, 1], np.full(len(edges), into.rank))
            compute_at(graph, scope, blocks, into, group)


def _lift(graph: Graph, blocks: Blocks, finer: Block, into: Block, aggregation: Aggregation, rows: Rows) -> None:
    frequencies = FREQUENCIES[finer.rank], FREQUENCIES[into.rank]
    lifting = Lifting.between(graph.calendar, *frequencies, finer.periods, into.periods)
    source, target = blocks.position[finer.rank, rows], blocks.position[into.rank, rows]
    into.values[target], into.coverage[target] = lift(
        finer.values[source], finer.coverage[source], aggregation, lifting
    )
    into.settle(target)


def _hold(graph: Graph, blocks: Blocks, coarser: Block, into: Block, rows: Rows) -> None:
    last_dates = graph.calendar.last_dates(FREQUENCIES[into.rank], np.arange(into.periods.start, into.periods.stop))
    column = graph.calendar.ordinals(FREQUENCIES[coarser.rank], last_dates) - coarser.periods.start
    inside = (column >= 0) & (column < len(coarser.periods))
    columns = np.where(inside, column, 0)
    source, target = blocks.position[coarser.rank, rows], blocks.position[into.rank, rows]
    into.values[target] = np.where(inside, coarser.values[source][:, columns], np.nan)
    into.coverage[target] = np.where(inside, coarser.coverage[source][:, columns], 0.0)
