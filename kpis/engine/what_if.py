"""What if a number were another: everything above it evaluated anew, and nothing kept.

    refusals = override_refusals(graph, overrides, before=reach, today=today)
    what_if = WhatIf.of(graph, overrides, before=reach, today=today)
    ...load what `what_if.loads` names into `Measurements` and `Stored`...
    effects = what_if.effects(measurements, stored)

The graph is one that is closed as `incremental` describes, the changed KPIs being those that are overridden.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kpis.engine.evaluate import Stored, Values, evaluate
from kpis.engine.graph import FAR, Graph, Rows
from kpis.engine.incremental import Change, Load, Plan, lifted_formulas, plan
from kpis.engine.measurements import Measurements
from kpis.engine.periods import FREQUENCIES, Dates, Ordinals, as_date, mixed_first_dates
from kpis.engine.problems import problem_code
from kpis.engine.reach import Reach
from kpis.engine.refusals import Refusal

MOST_OVERRIDES = 100
# How far beyond its data, and beyond today, a KPI's value may be overridden.
MOST_YEARS_AWAY = 10
DAYS_OF_A_YEAR = 366
# How many values may have to be held in memory at once.
MOST_CELLS = 4_000_000


class Override(NamedTuple):
    """A KPI's value in the period that holds the date, instead of what is measured or computed there."""

    kpi: Hashable
    date: dt.date
    value: float


@dataclass(frozen=True, slots=True)
class Effect:
    """A value that would be another: `period` is named by its first date, None stands for a missing value. `problem`
    says why it would be missing."""

    kpi: Hashable
    period: dt.date
    before: float | None
    after: float | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Overridden values (`given`) with the part of the graph that they touch. `loads` names what to load: measurements
    of measured KPIs, and stored values of what is computed (to compare with) and of its operands."""

    graph: Graph
    plan: Plan
    given: Stored
    loads: Sequence[Load]

    @classmethod
    def of(
        cls,
        graph: Graph,
        overrides: Sequence[Override],
        *,
        before: Reach,
        today: dt.date,
        beyond: tuple[dt.date, dt.date] | None = None,
    ) -> WhatIf:
        """For overrides that are not refused; `before` and `beyond` as for `incremental.plan`."""
        row, period = _cells(graph, overrides)
        first = mixed_first_dates(graph.calendar, graph.rank[row], period)
        value = np.array([one.value for one in overrides], dtype=np.float64)
        changes = [Change(one.kpi, date, date) for one, date in zip(overrides, first.tolist(), strict=True)]
        made = plan(graph, changes, before=before, extents={}, today=today, beyond=beyond, given=(row, period))
        return cls(graph, made, Stored(row, first, value, np.ones(len(row))), _loads(graph, made))

    @property
    def size(self) -> int:
        """About how many values are held in memory at once."""
        scope, cells = self.plan.scope, 0
        for rank in range(len(FREQUENCIES)):
            held = np.flatnonzero((self.graph.rank == rank) & (scope.held_first <= scope.held_last))
            if held.size:
                cells += held.size * int(scope.held_last[held].max() - scope.held_first[held].min() + 1)
        return cells

    def effects(self, measurements: Measurements, stored: Stored) -> list[Effect]:
        """Every value that would differ from the stored one, bit for bit, save those that are given.

        What is computed from other things comes after these; a KPI's periods ascend.
        """
        graph, is_computed = self.graph, self.plan.scope.computed[stored.row]
        values = evaluate(graph, self.plan.scope, measurements, _take(stored, ~is_computed), self.given)
        before = _aligned(values, _take(stored, is_computed))
        is_same = (before == values.value) | (np.isnan(before) & np.isnan(values.value))
        is_given = np.isin(_keys(values.row, values.date), _keys(self.given.row, self.given.date))
        cells = np.flatnonzero(~is_same & ~is_given)
        order = np.argsort(graph.height[values.row[cells]], kind="stable")
        return [self._effect(values, int(cell), float(before[cell])) for cell in cells[order]]

    def _effect(self, values: Values, cell: int, before: float) -> Effect:
        kpi, after = self.graph.kpis[values.row[cell]].id, float(values.value[cell])
        problem = problem_code(self.graph, int(values.problem[cell]))
        return Effect(kpi, as_date(values.date[cell]), _number(before), _number(after), problem)


def override_refusals(graph: Graph, overrides: Sequence[Override], *, before: Reach, today: dt.date) -> list[Refusal]:
    """Everything wrong with them, each with its index; what concerns all of them has none."""
    if len(overrides) > MOST_OVERRIDES:
        detail = f"Change at most {MOST_OVERRIDES} values at once, not {len(overrides)}."
        return [Refusal("too_many_changes", "changes", detail)]
    refusals: list[Refusal] = []
    taken: set[tuple[int, int]] = set()
    anew = _evaluated_anew(graph, overrides)
    for index, one in enumerate(overrides):
        problems = list(_problems(graph, one, before, today, anew, taken))
        refusals += [Refusal(*problem, index=index) for problem in problems]
    return refusals


def _problems(
    graph: Graph,
    one: Override,
    before: Reach,
    today: dt.date,
    anew: Mapping[int, str],
    taken: set[tuple[int, int]],
) -> Iterator[tuple[str, str, str]]:
    if one.kpi not in graph.row_of:
        yield "unknown_kpi", "kpi", "There is no such KPI."
        return
    row = graph.row_of[one.kpi]
    key = graph.kpis[row].key
    if not math.isfinite(one.value):
        yield "not_a_number", "value", f"The value of “{key}” is a number, not {one.value}."
    if before.first[row] > before.last[row]:
        yield "no_data", "kpi", f"“{key}” has no data yet; record its first value, then ask what if it were another."
        return
    if detail := _too_far(graph, row, one.date, before, today):
        yield "period_too_far", "period", detail
        return
    if row in anew:
        yield "evaluated_anew", "kpi", anew[row]
    yield from _period_problems(graph, row, one.date, taken)


def _period_problems(
    graph: Graph, row: int, date: dt.date, taken: set[tuple[int, int]]
) -> Iterator[tuple[str, str, str]]:
    kpi = graph.kpis[row]
    period = graph.calendar.ordinal(kpi.frequency, date)
    label = graph.calendar.label(kpi.frequency, period)
    if period > graph.archived_at[row]:
        yield "archived", "period", f"“{kpi.key}” was archived on {kpi.archived_on}, so it has no value in {label}."
    if (row, period) in taken:
        yield "twice", "period", f"“{kpi.key}” is changed twice in {label}; give it one value there."
    taken.add((row, period))


def _too_far(graph: Graph, row: int, date: dt.date, before: Reach, today: dt.date) -> str | None:
    kpi, calendar = graph.kpis[row], graph.calendar
    away = dt.timedelta(days=MOST_YEARS_AWAY * DAYS_OF_A_YEAR)
    first = calendar.first_date(kpi.frequency, int(before.first[row]))
    last = max(calendar.last_date(kpi.frequency, int(before.last[row])), today)
    if first - away <= date <= last + away:
        return None
    return (
        f"{date} is too far away from the data of “{kpi.key}”, which begins on {first}; "
        f"ask about dates up to {MOST_YEARS_AWAY} years before that or after today."
    )


def _evaluated_anew(graph: Graph, overrides: Sequence[Override]) -> dict[int, str]:
    """The formulas among them that coarser KPIs do not take as they are, and what to change instead."""
    rows = np.array([graph.row_of[one.kpi] for one in overrides if one.kpi in graph.row_of], dtype=np.intp)
    computed = np.zeros(len(graph), dtype=bool)
    computed[rows] = computed[graph.ancestors(rows)] = True
    is_lifted = lifted_formulas(graph, computed)
    return {int(row): _instead(graph, int(row)) for row in np.unique(rows) if is_lifted[row]}


def _instead(graph: Graph, row: int) -> str:
    operands = graph.formula_edges[graph.formula_edges[:, 0] == row, 1]
    keys = ", ".join(f"“{graph.kpis[operand].key}”" for operand in operands)
    return (
        f"In longer periods than its own “{graph.kpis[row].key}” is computed anew, so a value of it would not reach "
        f"them; change what it is computed from instead: {keys}."
    )


def _cells(graph: Graph, overrides: Sequence[Override]) -> tuple[Rows, Ordinals]:
    rows = [graph.row_of[one.kpi] for one in overrides]
    pairs = zip(rows, overrides, strict=True)
    periods = [graph.calendar.ordinal(graph.kpis[row].frequency, one.date) for row, one in pairs]
    return np.array(rows, dtype=np.intp), np.array(periods, dtype=np.int64)


def _loads(graph: Graph, made: Plan) -> list[Load]:
    computed = [window for window in made.windows if made.scope.computed[graph.row_of[window.kpi]]]
    return [*made.loads, *(Load(window.kpi, window.first, window.last, is_measured=False) for window in computed)]


def _take(stored: Stored, which: NDArray[np.bool_]) -> Stored:
    return Stored(stored.row[which], stored.date[which], stored.value[which], stored.coverage[which])


def _aligned(values: Values, stored: Stored) -> NDArray[np.float64]:
    """(cells,) the stored value of every cell of `values`, NaN where there is none."""
    aligned = np.full(len(values.row), np.nan)
    keys, known = _keys(values.row, values.date), _keys(stored.row, stored.date)
    at = np.flatnonzero(np.isin(known, keys))
    order = np.argsort(keys)
    aligned[order[np.searchsorted(keys[order], known[at])]] = stored.value[at]
    return aligned


def _keys(row: Rows, date: Dates) -> NDArray[np.int64]:
    """(cells,) one number for each row and date."""
    return np.asarray(row * FAR + date.astype(np.int64), dtype=np.int64)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
