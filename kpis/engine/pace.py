"""The share of an open period at which its value so far is judged: of its days, or of a year before."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
from numpy.typing import NDArray

from kpis.engine.comparison import is_at_least
from kpis.engine.graph import Graph
from kpis.engine.periods import mixed_first_dates, mixed_last_dates
from kpis.engine.reach import Reach, open_periods
from kpis.engine.scope import Scope
from kpis.engine.shapes import is_flow

JUDGED_FROM = 0.1  # of the period, below which nothing can be said


def elapsed_shares(graph: Graph, scope: Scope, shapes: Mapping[Hashable, float]) -> NDArray[np.float64]:
    """(rows,) the share of each KPI's open period that its data covers, 0..1; NaN where it cannot be judged.

    Only sums of data finer than the period are judged, once a tenth of it has elapsed (`Reach.through` knows). `shapes`
    are the shares of a year before, by id (`shapes.last_year_shares`), which take the place of those of the days; of
    them too a tenth is asked.
    """
    running = open_periods(graph, scope.today)
    first = mixed_first_dates(graph.calendar, graph.rank, running)
    last = mixed_last_dates(graph.calendar, graph.rank, running)
    days = (last - first).astype(np.int64) + 1
    share = _days_covered(scope.reach, first, days) / days
    shaped = share.copy()
    for id, of_last_year in shapes.items():
        shaped[graph.row_of[id]] = of_last_year
    is_judged = is_at_least(share, JUDGED_FROM) & is_at_least(shaped, JUDGED_FROM)
    return np.where(is_flow(graph) & is_judged, shaped, np.nan)


def _days_covered(reach: Reach, first: NDArray[np.datetime64], days: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.clip((reach.through - first).astype(np.int64) + 1, 0, days)
