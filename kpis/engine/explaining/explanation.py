"""A change explained: the parts of which it is made, the parts of those, and so on down to what is measured."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from kpis.engine.explaining.extremes import split_extreme
from kpis.engine.explaining.families import families
from kpis.engine.explaining.formulas import split_formulas
from kpis.engine.explaining.moments import Moment
from kpis.engine.explaining.rollups import split_linear
from kpis.engine.explaining.splits import REMAINDER, Comparison, Mark, Node, Of, Reason, Share, Split
from kpis.engine.explaining.wanted import Question
from kpis.engine.graph import Graph
from kpis.engine.periods import FREQUENCIES
from kpis.engine.rollup import EXTREMES

MISSING = (math.nan, math.nan)
MOST_LEVELS = 50


@dataclass(frozen=True, slots=True)
class Part:
    """What one operand contributes.

    `change` is in the unit of what it is a part of, `share` that change as a part of the whole (None where the whole is
    0). `own_change` is the operand's own, `value - base_value`, to which its own `parts` add up; it is None where one
    of them is missing, and then `problem` says which. `kpi` is the operand's id, None for the remainder.
    """

    kpi: Hashable | None
    of: Of
    value: float | None
    base_value: float | None
    change: float
    own_change: float | None
    share: float | None
    mark: Mark | None
    problem: Reason | None
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a KPI's value in `period` is not its value in `base` (None: its target); both are first dates of periods.

    The parts' changes add up to `change`, which is None where a value is missing. `depth` is how many levels are shown
    at most, fewer than asked for where those would be too many.
    """

    kpi: Hashable
    period: dt.date
    base: dt.date | None
    value: float | None
    base_value: float | None
    change: float | None
    problem: Reason | None
    depth: int
    parts: Sequence[Part]


def explain(
    graph: Graph, asked: Question, now: Moment, base: Moment, *, is_against_target: bool = False
) -> Explanation:
    """The change from `base` to `now`; with `is_against_target`, `base` holds targets, of the same period."""
    comparison = Comparison(graph, asked, now, base, is_against_target)
    known = _Known(comparison, _values(now, base))
    known.splits.update(split_formulas(comparison, known.values))
    for family in families(comparison):
        split = split_extreme if family.method in EXTREMES else split_linear
        known.splits.update(split(comparison, family))
    top, depth = Node(asked.row), known.deepest(Node(asked.row), min(asked.depth, MOST_LEVELS))
    value, base_value = known.ends(top)
    change, problem = known.change(top)
    parts, unexplained = known.parts(top, depth) if change is not None else ((), None)
    return Explanation(
        kpi=graph.kpis[asked.row].id,
        period=_first_date(comparison, now),
        base=None if is_against_target else _first_date(comparison, base),
        value=value,
        base_value=base_value,
        change=change,
        problem=problem or unexplained,
        depth=depth,
        parts=parts,
    )


@dataclass(slots=True)
class _Known:
    """All changes that were split, from which parts are put together; what is beneath several KPIs only once."""

    comparison: Comparison
    values: dict[Node, tuple[float, float]]
    splits: dict[Node, Split] = field(default_factory=dict)
    made: dict[tuple[Node, int], tuple[Sequence[Part], Reason | None]] = field(default_factory=dict)
    counted: dict[tuple[Node, int], int] = field(default_factory=dict)

    def deepest(self, node: Node, depth: int) -> int:
        """How many levels, up to `depth`, are few enough parts; the first is shown in any case."""
        levels = min(depth, 1)
        while levels < depth and self.count(node, levels + 1) <= self.comparison.asked.most:
            levels += 1
        return levels

    def count(self, node: Node, levels: int) -> int:
        """How many parts there are beneath a node."""
        split = self.splits.get(node)
        if levels == 0 or split is None or self.change(node)[0] is None:
            return 0
        if (node, levels) not in self.counted:
            beneath = sum(self.count(share.node, levels - 1) for share in split.shares)
            self.counted[node, levels] = len(split.shares) + beneath
        return self.counted[node, levels]

    def parts(self, node: Node, levels: int) -> tuple[Sequence[Part], Reason | None]:
        """The parts of a node's own change, the largest first, and why there are none where there should be some."""
        if (node, levels) not in self.made:
            self.made[node, levels] = self._parts(node, levels)
        return self.made[node, levels]

    def _parts(self, node: Node, levels: int) -> tuple[Sequence[Part], Reason | None]:
        if levels == 0:
            return (), None
        split = self.splits.get(node)
        if split is None:
            return (), self._why_not_split(node)
        whole, _ = self.change(node)
        shares = sorted(split.shares, key=lambda share: (share.node is REMAINDER, -abs(share.change)))
        return tuple(self._part(share, whole, levels - 1) for share in shares), split.reason

    def _part(self, share: Share, whole: float | None, levels: int) -> Part:
        node = share.node
        parts: Sequence[Part] = ()
        (value, base_value), (own_change, problem) = self.ends(node), self.change(node)
        if own_change is not None:
            parts, problem = self.parts(node, levels)
        return Part(
            kpi=None if node is REMAINDER else self.comparison.graph.kpis[node.row].id,
            of=node.of,
            value=value,
            base_value=base_value,
            change=share.change,
            own_change=own_change,
            share=share.change / whole if whole else None,
            mark=share.mark,
            problem=problem,
            parts=parts,
        )

    def _why_not_split(self, node: Node) -> Reason | None:
        graph, row = self.comparison.graph, node.row
        is_computed = node.of is Of.VALUE and not graph.is_measured[row]
        return Reason.COARSER_OPERAND if is_computed and graph.rank[row] > self.comparison.asked.rank else None

    def ends(self, node: Node) -> tuple[float | None, float | None]:
        """A node's value and its base value, None where missing."""
        value, base = self.values.get(node, MISSING)
        return None if math.isnan(value) else value, None if math.isnan(base) else base

    def change(self, node: Node) -> tuple[float | None, Reason | None]:
        """A node's own change, or why there is none; nothing is wrong with a remainder, it has none."""
        if node is REMAINDER:
            return None, None
        value, base = self.values[node]
        if math.isnan(value):
            return None, Reason.VALUE_MISSING
        if math.isnan(base):
            is_target = self.comparison.is_against_target
            return None, Reason.NO_TARGET if is_target else Reason.BASE_VALUE_MISSING
        return (value - base, None) if math.isfinite(value - base) else (None, Reason.OVERFLOW)


def _values(now: Moment, base: Moment) -> dict[Node, tuple[float, float]]:
    """Of every KPI that is or may be a part its value and base value, NaN where missing."""
    rows = now.wanted.rows(now.wanted.asked.rank)
    pairs = zip(now.values(rows).tolist(), base.values(rows).tolist(), strict=True)
    return {Node(row): pair for row, pair in zip(rows.tolist(), pairs, strict=True)}


def _first_date(comparison: Comparison, moment: Moment) -> dt.date:
    frequency = FREQUENCIES[comparison.asked.rank]
    return comparison.graph.calendar.first_date(frequency, moment.wanted.period)
