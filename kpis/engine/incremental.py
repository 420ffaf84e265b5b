"""The part of an evaluation that a change touches: which KPIs, in which periods, and what must be loaded for them.

The graph given here need not be the whole organization's. It must hold the changed KPIs, everything computed from them,
directly or not, with all links of those roll-ups, and every child, weight and operand of theirs (whose own links may be
left out; but of a formula among them the operands too, and theirs as long as they are formulas, because a formula is
evaluated anew where a coarser frequency asks for it). Formulas without operands belong to it as well, with what is
computed from them: they reach as far as anything measured.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.blocks import brought_to, is_lifted_formula
from kpis.engine.graph import FAR, NO_ROW, Graph, Level, Rows
from kpis.engine.measurements import Extent
from kpis.engine.periods import (
    FREQUENCIES,
    Dates,
    Ordinals,
    as_date,
    mixed_first_dates,
    mixed_last_dates,
    mixed_ordinals,
)
from kpis.engine.reach import NEVER, Reach, open_periods, series_end, spread, with_extents
from kpis.engine.scope import Scope
from kpis.engine.shapes import paced_rows

EARLIEST, LATEST = NEVER, np.datetime64("9999-12-31", "D")


@dataclass(frozen=True, slots=True)
class Change:
    """A KPI whose measurements dated `first`..`last` changed; without dates everything about it did: its definition,
    its targets, or a link to its children (a link added, changed or removed is a change of the parent)."""

    kpi: Hashable
    first: dt.date | None = None
    last: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A range of a KPI's periods by their first dates, both inclusive; it may begin and end beyond its series."""

    kpi: Hashable
    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Load:
    """What must be loaded for one KPI: measurements dated `first`..`last` if `is_measured`, otherwise its stored values
    of the periods whose first dates lie there. Both inclusive."""

    kpi: Hashable
    first: dt.date
    last: dt.date
    is_measured: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A scope to evaluate, and the windows whose stored rows its results replace: rows of a window that the results do
    not contain no longer exist (a series became shorter)."""

    scope: Scope
    windows: Sequence[Window]
    loads: Sequence[Load]


@dataclass(slots=True)
class _Ranges:
    """A range of dates for every row, in whole periods of the row; first > last: none."""

    graph: Graph
    first: Dates
    last: Dates

    @classmethod
    def none(cls, graph: Graph) -> _Ranges:
        return cls(graph, np.full(len(graph), LATEST), np.full(len(graph), EARLIEST))

    @property
    def is_any(self) -> NDArray[np.bool_]:
        return np.asarray(self.first <= self.last)

    def later(self, rows: Rows, periods: NDArray[np.int64], ranks: NDArray[np.intp]) -> Dates:
        """The last dates of `rows`, moved by so many periods of the frequencies `ranks`."""
        return self._moved(self.last[rows], periods, ranks)

    def earlier(self, rows: Rows, periods: NDArray[np.int64], ranks: NDArray[np.intp]) -> Dates:
        """The first dates of `rows`, moved back by so many periods of the frequencies `ranks`."""
        return self._moved(self.first[rows], -periods, ranks)

    def _moved(self, dates: Dates, periods: NDArray[np.int64], ranks: NDArray[np.intp]) -> Dates:
        calendar = self.graph.calendar
        ordinals = mixed_ordinals(calendar, ranks, dates)
        ends = mixed_last_dates(calendar, ranks, ordinals + periods)
        begins = mixed_first_dates(calendar, ranks, ordinals + periods)
        moved = np.where(periods > 0, ends, begins)
        return np.where(periods == 0, dates, np.clip(moved, EARLIEST, LATEST))

    def widen(self, rows: Rows, first: Dates, last: Dates) -> None:
        """Extends the ranges of `rows` (repeats allowed) to the whole periods that meet `first`..`last`."""
        at = np.flatnonzero(first <= last)
        if not at.size:
            return
        begins, ends = _in_periods_of(self.graph, rows[at], first[at], last[at])
        np.minimum.at(self.first, rows[at], begins)
        np.maximum.at(self.last, rows[at], ends)


def plan(
    graph: Graph,
    changes: Iterable[Change],
    *,
    before: Reach,
    extents: Mapping[Hashable, Extent],
    today: dt.date,
    beyond: tuple[dt.date, dt.date] | None = None,
    given: tuple[Rows, Ordinals] | None = None,
) -> Plan:
    """What to load and evaluate after `changes`.

    `before` is the stored reach of every KPI of the graph, `extents` how far the measurements of the changed measured
    KPIs reach now (at midnight: of every measured KPI whose period ended), `beyond` the first and last date of what is
    measured outside the graph, `given` the rows and periods whose values are given, as `evaluate` takes them.
    """
    changes = list(changes)
    changed = np.array([graph.row_of[change.kpi] for change in changes], dtype=np.intp)
    computed = np.zeros(len(graph), dtype=bool)
    sources = np.concatenate([changed, graph.constants])
    computed[sources] = computed[graph.ancestors(sources)] = True
    after = spread(graph, with_extents(graph, before, extents, today), today, computed, beyond, given)
    touched = _touched(graph, changes, before, after, computed, today)
    scope = _scope(graph, computed, touched, after, today)
    return Plan(scope, _windows(graph, touched), _loads(graph, scope))


def midnight(kpi: Hashable, evaluated_on: dt.date, today: dt.date, due_after_days: int) -> Change:
    """The change that the passing of days alone makes to a KPI last evaluated on `evaluated_on`: periods that opened,
    completed or became late since."""
    return Change(kpi, evaluated_on - dt.timedelta(days=due_after_days + 1), today)


def _touched(
    graph: Graph,
    changes: Sequence[Change],
    before: Reach,
    after: Reach,
    computed: NDArray[np.bool_],
    today: dt.date,
) -> _Ranges:
    """The dates of each KPI whose values or judgements may differ."""
    touched = _Ranges.none(graph)
    for change in changes:
        _touch(graph, touched, change)
    _touch_moved(graph, touched, before, after, today, graph.height == 0)
    for level in graph.levels:
        _touch_parents(graph, touched, level)
        parents = np.zeros(len(graph), dtype=bool)
        parents[level.inputs.parent] = parents[_formulas_of(level)] = True
        _touch_moved(graph, touched, before, after, today, parents)
    _touch_paced(graph, touched, computed, today)
    return touched


def _touch(graph: Graph, touched: _Ranges, change: Change) -> None:
    row = np.array([graph.row_of[change.kpi]])
    first = EARLIEST if change.first is None else np.datetime64(change.first, "D")
    last = LATEST if change.last is None else np.datetime64(change.last, "D")
    touched.widen(row, np.array([first]), np.array([last]))
    carried = mixed_ordinals(graph.calendar, graph.rank[row], touched.last[row]) + graph.carried[row]
    touched.last[row] = np.minimum(mixed_last_dates(graph.calendar, graph.rank[row], carried), LATEST)


def _touch_moved(
    graph: Graph, touched: _Ranges, before: Reach, after: Reach, today: dt.date, among: NDArray[np.bool_]
) -> None:
    """Widens to where a series begins or ends otherwise than before: there children begin to be expected, and rows
    appear or vanish."""
    _widen_between(graph, touched, np.flatnonzero(among & (before.first != after.first)), before.first, after.first)
    _widen_between(graph, touched, np.flatnonzero(among & (before.last != after.last)), before.last, after.last)
    appeared = np.flatnonzero(among & (before.has_data != after.has_data))
    touched.last[appeared] = LATEST
    paced = np.flatnonzero(among & (before.through != after.through))
    running = open_periods(graph, today)
    _widen_between(graph, touched, paced, running, running)


def _touch_paced(graph: Graph, touched: _Ranges, computed: NDArray[np.bool_], today: dt.date) -> None:
    """Widens what is paced by the year before to its open period: what changed may be the shape of that year."""
    running = open_periods(graph, today)
    _widen_between(graph, touched, paced_rows(graph, computed), running, running)


def _widen_between(
    graph: Graph, touched: _Ranges, rows: Rows, one: NDArray[np.int64], other: NDArray[np.int64]
) -> None:
    """Widens `rows` to all between their periods `one` and `other`; where one of them is none, to the other."""
    if not rows.size:
        return
    pair = np.stack([one[rows], other[rows]])
    none = np.abs(pair) == FAR
    pair = np.where(none, pair[::-1], pair)
    known = ~none.all(axis=0)
    rows, pair = rows[known], pair[:, known]
    ranks = graph.rank[rows]
    touched.widen(
        rows,
        mixed_first_dates(graph.calendar, ranks, pair.min(axis=0)),
        mixed_last_dates(graph.calendar, ranks, pair.max(axis=0)),
    )


def _touch_parents(graph: Graph, touched: _Ranges, level: Level) -> None:
    """Passes the ranges of a level's operands on to what is computed from them.

    A formula that looks back changes that much later too; so does a roll-up of it, if the formula is evaluated anew in
    the roll-up's coarser periods.
    """
    for operand in (level.inputs.child, level.inputs.weight_by):
        at = np.flatnonzero(operand != NO_ROW)
        parents, operands = level.inputs.parent[at], operand[at]
        last = touched.later(operands, _lifted_lookback(graph, operands, graph.rank[parents]), graph.rank[parents])
        touched.widen(parents, touched.first[operands], last)
    formulas, operands = level.edges.T
    ranks = graph.rank[formulas]
    touched.widen(formulas, touched.first[operands], touched.later(operands, _lookback(graph, formulas, ranks), ranks))


def _formulas_of(level: Level) -> Rows:
    return np.concatenate([np.empty(0, np.intp), *(group.rows for group in level.formulas)])


def _lookback(graph: Graph, formulas: Rows, ranks: NDArray[np.intp]) -> NDArray[np.int64]:
    """How many periods of the frequencies `ranks` (n,) back each of `formulas` (n,) looks."""
    back = np.zeros(len(formulas), dtype=np.int64)
    for rank in np.flatnonzero(np.bincount(ranks)):
        back[ranks == rank] = graph.lookback(int(rank))[formulas[ranks == rank]]
    return back


def _lifted_lookback(graph: Graph, operands: Rows, ranks: NDArray[np.intp]) -> NDArray[np.int64]:
    """The same for those operands that are formulas evaluated anew in coarser periods; 0 for all others."""
    is_lifted = graph.is_formula[operands] & (graph.rank[operands] < ranks)
    return np.where(is_lifted, _lookback(graph, operands, ranks), 0)


def _in_periods_of(graph: Graph, rows: Rows, first: Dates, last: Dates) -> tuple[Dates, Dates]:
    """The whole periods of `rows` that meet `first`..`last`, by their first and last dates."""
    calendar, ranks = graph.calendar, graph.rank[rows]
    begins = mixed_first_dates(calendar, ranks, mixed_ordinals(calendar, ranks, first))
    ends = mixed_last_dates(calendar, ranks, mixed_ordinals(calendar, ranks, last))
    return np.maximum(begins, EARLIEST), np.minimum(ends, LATEST)


def _scope(graph: Graph, computed: NDArray[np.bool_], touched: _Ranges, after: Reach, today: dt.date) -> Scope:
    calendar, ranks = graph.calendar, graph.rank
    end = series_end(graph, after, today)
    comes_out = computed & touched.is_any
    first = np.where(comes_out, np.maximum(mixed_ordinals(calendar, ranks, touched.first), after.first), FAR)
    last = np.where(comes_out, np.minimum(mixed_ordinals(calendar, ranks, touched.last), end), -FAR)
    held = _held(graph, computed, touched)
    lookback = np.where(computed & graph.is_measured, graph.carried, 0)
    held_first = np.maximum(mixed_ordinals(calendar, ranks, held.first) - lookback, after.first)
    held_last = np.minimum(mixed_ordinals(calendar, ranks, held.last), end)
    held_last = np.where(held.is_any, held_last, -FAR)
    return Scope(today, after, computed, first, last, held_first, held_last)


def _held(graph: Graph, computed: NDArray[np.bool_], touched: _Ranges) -> _Ranges:
    """What comes out, and of every operand what that is computed from."""
    held = _Ranges(graph, touched.first.copy(), touched.last.copy())
    evaluated = computed | lifted_formulas(graph, computed)
    for level in reversed(graph.levels):
        _hold_operands_of_formulas(graph, held, level, evaluated)
        wanted = computed[level.inputs.parent] & held.is_any[level.inputs.parent]
        for operand in (level.inputs.child, level.inputs.weight_by):
            at = np.flatnonzero(wanted & (operand != NO_ROW))
            parents, operands = level.inputs.parent[at], operand[at]
            ranks = graph.rank[parents]
            first = held.earlier(parents, _lifted_lookback(graph, operands, ranks), ranks)
            held.widen(operands, first, held.last[parents])
    return held


def _hold_operands_of_formulas(graph: Graph, held: _Ranges, level: Level, evaluated: NDArray[np.bool_]) -> None:
    """Of its operands, and of a formula itself, as much more as it looks back."""
    formulas = _formulas_of(level)
    formulas = formulas[evaluated[formulas] & held.is_any[formulas]]
    ranks = graph.rank[formulas]
    held.first[formulas] = held.earlier(formulas, _lookback(graph, formulas, ranks), ranks)
    edges = level.edges[evaluated[level.edges[:, 0]] & held.is_any[level.edges[:, 0]]]
    held.widen(edges[:, 1], held.first[edges[:, 0]], held.last[edges[:, 0]])


def lifted_formulas(graph: Graph, computed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The formulas that are evaluated anew in the coarser periods of what is computed from them."""
    lifted = np.zeros(len(graph), dtype=bool)
    for rank in range(len(FREQUENCIES)):
        brought = brought_to(graph, computed, rank)
        lifted[brought[is_lifted_formula(graph, rank)[brought]]] = True
    return lifted


def _windows(graph: Graph, touched: _Ranges) -> list[Window]:
    rows = np.flatnonzero(touched.is_any)
    ranks = graph.rank[rows]
    ends = mixed_first_dates(graph.calendar, ranks, mixed_ordinals(graph.calendar, ranks, touched.last[rows]))
    spans = zip(rows, touched.first[rows], ends, strict=True)
    return [Window(graph.kpis[int(row)].id, as_date(first), as_date(last)) for row, first, last in spans]


def _loads(graph: Graph, scope: Scope) -> list[Load]:
    held = scope.held_first <= scope.held_last
    rows = np.flatnonzero(held & (graph.is_measured | ~scope.computed))
    ranks, is_measured = graph.rank[rows], scope.computed[rows]
    begins = mixed_first_dates(graph.calendar, ranks, scope.held_first[rows])
    ends = mixed_last_dates(graph.calendar, ranks, scope.held_last[rows])
    loads = zip(rows, begins, ends, is_measured, strict=True)
    return [
        Load(graph.kpis[int(row)].id, as_date(first), as_date(last), bool(loaded)) for row, first, last, loaded in loads
    ]
