"""Formulas: what each operand contributes by the Shapley value, the formula being evaluated on mixed operands.

An operand switches as a whole, from how it was around the base period to how it is now: with its earlier periods where
the formula looks back, and with what it adds up to so far in the year. Earlier periods are aligned by how far they lie
before the period itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.computing import METHOD_OF, leaf
from kpis.engine.explaining.families import Family
from kpis.engine.explaining.moments import Moment
from kpis.engine.explaining.rollups import split_linear
from kpis.engine.explaining.shapley import MOST_PLAYERS, coalitions, shapley
from kpis.engine.explaining.splits import Comparison, Node, Of, Reason, Share, Split, is_same, mark
from kpis.engine.formula.cells import Cells, leaf_cells
from kpis.engine.formula.evaluation import run
from kpis.engine.formula.program import YEAR
from kpis.engine.formula.times import Times
from kpis.engine.formulas import Formulas
from kpis.engine.graph import FAR, Inputs
from kpis.engine.periods import FREQUENCIES
from kpis.engine.reach import lifted_span
from kpis.engine.values import Matrix

# How many numbers one evaluation of combinations holds at most, so that memory stays bounded.
MOST_CELLS = 1 << 20


@dataclass(frozen=True, slots=True)
class _Leaves:
    """What formulas of one shape take of their operands, by slot (formulas, periods): those of the period and of as
    many before it as they look back."""

    group: Formulas
    now: Sequence[Matrix]
    base: Sequence[Matrix]

    def take(self, which: NDArray[np.intp]) -> _Leaves:
        now, base = ([slot[which] for slot in slots] for slots in (self.now, self.base))
        return _Leaves(self.group.take(which), now, base)


def split_formulas(comparison: Comparison, values: dict[Node, tuple[float, float]]) -> Iterator[tuple[Node, Split]]:
    """The shares of the operands of each formula that is explained, and those of the children that formulas add up.

    The value and base value of such children together go into `values`.
    """
    rows = np.flatnonzero(comparison.asked.explained & comparison.graph.is_formula)
    for group in comparison.graph.formulas_among(rows.tolist()):
        if comparison.is_against_target:
            yield from ((Node(int(row)), Split(reason=Reason.NOT_SPLIT_AGAINST_TARGET)) for row in group.rows)
            continue
        leaves = _leaves(comparison, group)
        for row, split in _split_group(comparison, leaves):
            yield Node(row), split
        for slot, kind in enumerate(group.kinds):
            if kind.is_of_children:
                yield from _split_children(comparison, leaves, slot, values)


def _leaves(comparison: Comparison, group: Formulas) -> _Leaves:
    back = group.program.lookback(FREQUENCIES[comparison.asked.rank])
    return _Leaves(
        group,
        [_window(comparison, comparison.now, group, slot, back) for slot in range(len(group.kinds))],
        [_window(comparison, comparison.base, group, slot, back) for slot in range(len(group.kinds))],
    )


def _window(comparison: Comparison, moment: Moment, group: Formulas, slot: int, back: int) -> Matrix:
    cells = leaf(comparison.graph, moment.scope, moment.blocks, moment.block, group, slot)
    return cells.value[:, moment.column - back : moment.column + 1]


def _split_group(comparison: Comparison, leaves: _Leaves) -> Iterator[tuple[int, Split]]:
    """Those in which the same slots belong to one operand are evaluated together."""
    patterns: dict[tuple[int, ...], list[int]] = {}
    for at in range(len(leaves.group.rows)):
        players = [_player(leaves.group, at, slot) for slot in range(len(leaves.group.kinds))]
        order = list(dict.fromkeys(players))
        patterns.setdefault(tuple(order.index(player) for player in players), []).append(at)
    for pattern, alike in patterns.items():
        count = max(pattern, default=-1) + 1
        if count > MOST_PLAYERS:
            yield from ((int(leaves.group.rows[at]), Split(reason=Reason.TOO_MANY_OPERANDS)) for at in alike)
            continue
        at_once = max(1, MOST_CELLS // ((1 << count) * (leaves.now[0].shape[1] if leaves.now else 1)))
        for start in range(0, len(alike), at_once):
            yield from _split_alike(comparison, leaves.take(np.array(alike[start : start + at_once])), pattern)


def _player(group: Formulas, at: int, slot: int) -> Node:
    kind = group.kinds[slot]
    return Node(int(group.operands[at, slot]), Of(kind.value) if kind.is_of_children else Of.VALUE)


def _split_alike(comparison: Comparison, leaves: _Leaves, pattern: Sequence[int]) -> Iterator[tuple[int, Split]]:
    """Formulas of one shape whose slots belong to the players that `pattern` (slots,) numbers from 0."""
    rows = leaves.group.rows.tolist()
    if not pattern:
        yield from ((row, Split()) for row in rows)
        return
    worth = _worth(comparison, leaves, pattern)
    ends = np.stack([moment.values(leaves.group.rows) for moment in (comparison.base, comparison.now)], axis=1)
    is_stored = np.asarray(is_same(worth[:, [0, -1]], ends, np.abs(ends)).all(axis=1))
    changes = shapley(worth)
    for at, row in enumerate(rows):
        if not is_stored[at]:
            yield row, Split(reason=Reason.OUT_OF_DATE)
        elif not np.isfinite(changes[at]).all():
            yield row, Split(reason=Reason.MIXED_COMBINATION_MISSING)
        else:
            yield row, Split(_shares(leaves, pattern, at, changes[at]))


def _worth(comparison: Comparison, leaves: _Leaves, pattern: Sequence[int]) -> Matrix:
    """(formulas, 2^n) each formula's value with each set of operands as they are now and the others as they were."""
    members = coalitions(max(pattern) + 1)
    formulas, each = len(leaves.group.rows), len(members)
    cells: list[Cells] = []
    for slot, player in enumerate(pattern):
        is_now = np.tile(members[:, player], formulas)[:, None]
        now, base = (np.repeat(side[slot], each, axis=0) for side in (leaves.now, leaves.base))
        value = np.where(is_now, now, base)
        cells.append(leaf_cells(value, np.ones_like(value), slot))
    columns = cells[0].value.shape[1]
    times = Times(columns, _starts(comparison, leaves, columns, each), YEAR[FREQUENCIES[comparison.asked.rank]])
    value = run(leaves.group.steps, cells, times).value
    return np.broadcast_to(value, (formulas * each, columns))[:, -1].reshape(formulas, each)


def _starts(comparison: Comparison, leaves: _Leaves, columns: int, each: int) -> NDArray[np.int64]:
    """(formulas * each, 1) the column of each formula's first period.

    It lies elsewhere now than then; a mixture has the earlier one, since what lies before it is missing by itself.
    """
    rank = comparison.asked.rank
    reach = comparison.now.scope.reach
    first, _ = lifted_span(comparison.graph, reach, leaves.group.rows, np.full(len(leaves.group.rows), rank))
    ends = (moment.wanted.period for moment in (comparison.now, comparison.base))
    now, base = (np.clip(first - (end - columns + 1), -FAR, FAR) for end in ends)
    starts = np.repeat(np.minimum(now, base)[:, None], each, axis=1)
    starts[:, 0], starts[:, -1] = base, now
    return starts.reshape(-1, 1)


def _shares(leaves: _Leaves, pattern: Sequence[int], at: int, changes: NDArray[np.float64]) -> list[Share]:
    shares: list[Share] = []
    for player, change in enumerate(changes.tolist()):
        slots = [slot for slot, of in enumerate(pattern) if of == player]
        is_now, was_then = (
            any(not np.isnan(side[slot][at, -1]) for slot in slots) for side in (leaves.now, leaves.base)
        )
        shares.append(Share(_player(leaves.group, at, slots[0]), change, mark(is_now, was_then)))
    return shares


def _split_children(
    comparison: Comparison, leaves: _Leaves, slot: int, values: dict[Node, tuple[float, float]]
) -> Iterator[tuple[Node, Split]]:
    """What ladders up to a KPI, as if it were rolled up in the formula's frequency."""
    kind, rank = leaves.group.kinds[slot], comparison.asked.rank
    rows, place = np.unique(leaves.group.operands[:, slot], return_index=True)
    inputs = [comparison.graph.children_of(int(row), rank) for row in rows]
    number = np.repeat(np.arange(len(rows)), [len(each.parent) for each in inputs])
    nodes = [Node(int(row), Of(kind.value)) for row in rows]
    value, base = (side[slot][place, -1] for side in (leaves.now, leaves.base))
    values.update(zip(nodes, zip(value.tolist(), base.tolist(), strict=True), strict=True))
    if number.size:
        together = Inputs.together(inputs)
        yield from split_linear(comparison, Family(rank, METHOD_OF[kind], nodes, together, number, value, base))
