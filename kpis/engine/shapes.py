"""Which share of an open period its same days had brought a year before: how the year's shape paces a running sum."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.definitions import Aggregation, Rollup
from kpis.engine.graph import METHODS, Graph, Rows
from kpis.engine.measurements import Measurements
from kpis.engine.periods import Dates, mixed_first_dates, mixed_last_dates, mixed_ordinals
from kpis.engine.reach import open_periods
from kpis.engine.scope import Scope

YEAR = np.timedelta64(364, "D")  # 52 weeks, so that a day is compared with one of its own weekday
PERIODS_IN_A_YEAR = np.array([364, 52, 12, 4, 1])  # by rank
WIDEST = dt.timedelta(days=400)  # how far before an open period what is a year before it can begin


@dataclass(frozen=True, slots=True)
class Leaf:
    """A measured sum beneath a paced KPI (or that itself), with the signs of its links multiplied and, where several
    ways lead there, added up."""

    top: int
    row: int
    factor: float


def paced_rows(graph: Graph, computed: NDArray[np.bool_]) -> Rows:
    """The rows among `computed` whose open period is judged by the shape of a year before: sums over time."""
    is_paced = np.array([kpi.is_paced_by_last_year for kpi in graph.kpis], dtype=bool)
    return np.flatnonzero(is_paced & is_flow(graph) & computed)


def is_flow(graph: Graph) -> NDArray[np.bool_]:
    """(rows,) which KPIs are sums over time: measured ones that add up, and sums of such."""
    adds_up = graph.is_measured | (graph.method == METHODS.index(Rollup.SUM))
    return np.asarray(graph.has_aggregation(Aggregation.SUM) & adds_up)


def leaves_of(graph: Graph, tops: Iterable[Hashable], today: dt.date) -> list[Leaf]:
    """The measured sums beneath each of `tops` (ids), by the links that hold in the periods running today, in the
    order of `tops`, then rows."""
    below, flow = _joined(graph, today), is_flow(graph)
    leaves = []
    for top in tops:
        factors: dict[int, float] = defaultdict(float)
        pending = [(graph.row_of[top], 1.0)]
        while pending:
            row, factor = pending.pop()
            if flow[row] and graph.is_measured[row]:
                factors[row] += factor
            elif flow[row]:
                pending += [(child, factor * sign) for child, sign in below[row]]
        leaves += [Leaf(graph.row_of[top], row, factors[row]) for row in sorted(factors)]
    return leaves


def window_of(graph: Graph, rows: Rows, today: dt.date) -> tuple[dt.date, dt.date]:
    """The first and last date of any measurement that can count in the shape of one of `rows` (at least one)."""
    running = open_periods(graph, today)[rows]
    first = mixed_first_dates(graph.calendar, graph.rank[rows], running).min()
    last = mixed_last_dates(graph.calendar, graph.rank[rows], running).max()
    return first.item() - WIDEST, last.item() - dt.timedelta(days=300)


def last_year_shares(
    graph: Graph,
    leaves: Iterable[Leaf],
    through: Mapping[int, np.datetime64],
    measurements: Measurements,
    today: dt.date,
) -> dict[Hashable, float]:
    """By id of each top the share, 0..1, of the same period a year before that had come in up to the date that
    corresponds to `through` (by row).

    Days are aligned by weekday, 364 days apart; what is measured in periods finer than the top's is spread over their
    days, weeks 52 weeks apart, months and quarters by name. A KPI measured once in its own period has no shape. Left
    out are tops without a shape, and those whose share lies outside 0..1 (signs differ).
    """
    chosen = list(leaves)
    if not chosen:
        return {}
    top, row = (np.array([getattr(leaf, name) for leaf in chosen], dtype=np.intp) for name in ("top", "row"))
    pair, at = _counted(graph, top, row, measurements, today)
    whole, part = _weights(graph, top[pair], row[pair], measurements.date[at], through, today)
    kept = (whole > 0) & _has_shape(graph, top, row, pair, whole)
    factor = np.array([leaf.factor for leaf in chosen])
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        value = factor[pair[kept]] * measurements.value[at[kept]]
        sums = [np.bincount(top[pair[kept]], value * weight[kept], len(graph)) for weight in (whole, part)]
        share = sums[1] / sums[0]
    return {graph.kpis[one].id: float(share[one]) for one in np.unique(top) if 0 <= share[one] <= 1}


def shapes_in(graph: Graph, scope: Scope, measurements: Measurements) -> dict[Hashable, float]:
    """The shares of all that is paced by the year before, of a whole graph with all its measurements."""
    rows = paced_rows(graph, scope.computed)
    leaves = leaves_of(graph, [graph.kpis[row].id for row in rows], scope.today)
    through = {int(row): scope.reach.through[row] for row in rows}
    return last_year_shares(graph, leaves, through, measurements, scope.today)


def _joined(graph: Graph, today: dt.date) -> Mapping[int, list[tuple[int, float]]]:
    """By parent its children now, each with the sign of its link."""
    inputs, running = graph.inputs, open_periods(graph, today)
    below: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for at in np.flatnonzero((inputs.first <= running[inputs.parent]) & (running[inputs.parent] <= inputs.last)):
        below[int(inputs.parent[at])].append((int(inputs.child[at]), float(inputs.contribution[at])))
    return below


def _counted(
    graph: Graph, top: Rows, row: Rows, measurements: Measurements, today: dt.date
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """(pair, measurement) for every leaf and each of its measurements in the window, both ascending."""
    first, last = window_of(graph, top, today)
    inside = (measurements.date >= np.datetime64(first)) & (measurements.date <= np.datetime64(last))
    within = np.flatnonzero(inside)
    begin, end = (np.searchsorted(measurements.row[within], row, side) for side in ("left", "right"))
    counts = end - begin
    pair = np.repeat(np.arange(len(row)), counts)
    offset = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return pair, within[begin[pair] + offset]


def _weights(
    graph: Graph, top: Rows, row: Rows, date: Dates, through: Mapping[int, np.datetime64], today: dt.date
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How much of each measurement, moved on by a year, lies in the top's open period, and how much up to `through`."""
    calendar, rank = graph.calendar, graph.rank
    running = open_periods(graph, today)[top]
    first, last = mixed_first_dates(calendar, rank[top], running), mixed_last_dates(calendar, rank[top], running)
    until = np.minimum(np.array([through[int(one)] for one in top], dtype="datetime64[D]"), last)
    begins, ends = _a_year_on(graph, row, rank[row] < rank[top], date)
    days = (ends - begins).astype(np.int64) + 1
    return _overlap(begins, ends, first, last) / days, _overlap(begins, ends, first, until) / days


def _a_year_on(graph: Graph, row: Rows, is_finer: NDArray[np.bool_], date: Dates) -> tuple[Dates, Dates]:
    """First and last dates of what a measurement stands for, a year later: of leaves finer than the top their period,
    of others the day."""
    calendar, rank = graph.calendar, graph.rank[row]
    period = mixed_ordinals(calendar, rank, date) + PERIODS_IN_A_YEAR[rank]
    begins = np.where(is_finer, mixed_first_dates(calendar, rank, period), date + YEAR)
    return begins, np.where(is_finer, mixed_last_dates(calendar, rank, period), date + YEAR)


def _overlap(begins: Dates, ends: Dates, first: Dates, last: Dates) -> NDArray[np.float64]:
    days = (np.minimum(ends, last) - np.maximum(begins, first)).astype(np.int64) + 1
    return np.maximum(days, 0).astype(np.float64)


def _has_shape(
    graph: Graph, top: Rows, row: Rows, pair: NDArray[np.intp], whole: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """For each measurement whether its leaf says anything of the shape: it is finer than the top or has two dates."""
    dates = np.bincount(pair[whole > 0], minlength=len(row))
    return np.asarray(((graph.rank[row] < graph.rank[top]) | (dates > 1))[pair])
