"""The share of an open period at which its value so far is judged, with equal days."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kpis.engine.comparison import is_at_least
from kpis.engine.definitions import Aggregation, Rollup
from kpis.engine.graph import METHODS, Graph
from kpis.engine.periods import mixed_first_dates, mixed_last_dates
from kpis.engine.reach import Reach, open_periods
from kpis.engine.scope import Scope

JUDGED_FROM = 0.1  # of the period, below which nothing can be said


def elapsed_shares(graph: Graph, scope: Scope) -> NDArray[np.float64]:
    """(rows,) the share of each KPI's open period that its data covers, 0..1; NaN where it cannot be judged.

    Only sums of data finer than the period are judged, once a tenth of it has elapsed (`Reach.through` knows).
    """
    running = open_periods(graph, scope.today)
    first = mixed_first_dates(graph.calendar, graph.rank, running)
    last = mixed_last_dates(graph.calendar, graph.rank, running)
    days = (last - first).astype(np.int64) + 1
    share = _days_covered(scope.reach, first, days) / days
    return np.where(_is_flow(graph) & is_at_least(share, JUDGED_FROM), share, np.nan)


def _days_covered(reach: Reach, first: NDArray[np.datetime64], days: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.clip((reach.through - first).astype(np.int64) + 1, 0, days)


def _is_flow(graph: Graph) -> NDArray[np.bool_]:
    """Which KPIs are sums over time: measured ones that add up, and sums of such."""
    adds_up = graph.is_measured | (graph.method == METHODS.index(Rollup.SUM))
    return np.asarray(graph.has_aggregation(Aggregation.SUM) & adds_up)
