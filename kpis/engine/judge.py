"""Judging values: targets, attainment, score and status of every period of every computed KPI."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.definitions import Aggregation, Direction
from kpis.engine.evaluate import Values
from kpis.engine.graph import Graph
from kpis.engine.pace import elapsed_shares
from kpis.engine.periods import mixed_last_dates
from kpis.engine.reach import open_periods
from kpis.engine.scope import Scope
from kpis.engine.scoring import Status, attainments, clamped, judged, raw_scores
from kpis.engine.targets import Bounds, bounds_by_period


@dataclass(frozen=True, slots=True)
class Judgements:
    """One entry per cell of `Values`, in its order; NaN where there is nothing.

    `bounds` are target, floor, low and high; in an open period judged at the `share` of it that has elapsed they are
    multiplied by that share, which is 1 everywhere else. `status` holds `scoring.Status`, NONE for periods that are not
    judged; `complete` says whether the period has ended.
    """

    bounds: Bounds
    share: NDArray[np.float64]
    attainment: NDArray[np.float64]
    score_raw: NDArray[np.float64]
    score: NDArray[np.float64]
    status: NDArray[np.uint8]
    complete: NDArray[np.bool_]


def judge(graph: Graph, scope: Scope, values: Values, shapes: Mapping[Hashable, float] | None = None) -> Judgements:
    """Judges what `evaluate` computed; `shapes` are the shares of `shapes.last_year_shares`, by id.

    A missing value wins over a missing target, an incomplete one over it as well; scores of incomplete values are
    given, their status is INCOMPLETE. Open periods that are not judged have no score and no
    attainment.
    """
    counts = np.diff(values.offset)
    is_between, is_increase = (_of_direction(graph, which) for which in (Direction.BETWEEN, Direction.INCREASE))
    complete = values.period < np.repeat(open_periods(graph, scope.today), counts)
    share, is_judged = _shares(graph, scope, values, complete, shapes or {})
    bounds = bounds_by_period(graph, scope.first, counts).scaled(share)
    raw = raw_scores(np.where(is_judged, values.value, np.nan), bounds, np.repeat(is_between, counts))
    thresholds = (np.repeat(_thresholds(graph, name), counts) for name in ("on_track_at", "at_risk_at"))
    status = judged(values.value, raw, bounds, *thresholds)
    status[values.coverage < 1] = Status.INCOMPLETE
    status[~is_judged] = Status.NONE
    missing = np.isnan(values.value)
    status[missing] = Status.NO_DATA
    status[_late(graph, scope, values, np.flatnonzero(missing & complete))] = Status.LATE
    attainment = attainments(np.where(is_judged, values.value, np.nan), bounds.target, np.repeat(is_increase, counts))
    return Judgements(bounds, share, attainment, raw, clamped(raw), status, complete)


def _shares(
    graph: Graph, scope: Scope, values: Values, complete: NDArray[np.bool_], shapes: Mapping[Hashable, float]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The share at which each cell is judged, and whether it is: complete periods, open sums, measured stocks."""
    counts = np.diff(values.offset)
    is_open = values.period == np.repeat(open_periods(graph, scope.today), counts)
    elapsed = np.where(is_open, np.repeat(elapsed_shares(graph, scope, shapes), counts), np.nan)
    is_stock = np.repeat(is_measured_stock(graph), counts) & (values.age == 0)
    is_partial = ~np.isnan(elapsed)
    return np.where(is_partial, elapsed, 1.0), complete | is_partial | (is_open & is_stock)


def is_measured_stock(graph: Graph) -> NDArray[np.bool_]:
    """(rows,) the measured `last` KPIs, whose open period speaks once it has a value of its own."""
    return graph.is_measured & graph.has_aggregation(Aggregation.LAST)


def _late(graph: Graph, scope: Scope, values: Values, cells: NDArray[np.intp]) -> NDArray[np.intp]:
    """Those of `cells` whose data was due before today."""
    days = np.array([kpi.days_until_due for kpi in graph.kpis], dtype="timedelta64[D]")
    row = values.row[cells]
    due = mixed_last_dates(graph.calendar, graph.rank[row], values.period[cells]) + days[row]
    return np.asarray(cells[due < np.datetime64(scope.today, "D")])


def _of_direction(graph: Graph, direction: Direction) -> NDArray[np.bool_]:
    return np.array([kpi.direction is direction for kpi in graph.kpis], dtype=bool)


def _thresholds(graph: Graph, name: str) -> NDArray[np.float64]:
    return np.array([getattr(kpi, name) for kpi in graph.kpis], dtype=np.float64)
