"""What an evaluation covers: everything, or the part that a change touches."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.graph import Graph
from kpis.engine.measurements import Measurements
from kpis.engine.periods import Ordinals
from kpis.engine.reach import Reach, measured_reach, series_end, spread


@dataclass(frozen=True, slots=True)
class Scope:
    """Which periods of which KPIs are evaluated, by row of the graph.

    `computed` (rows,) marks the KPIs that are evaluated; the others may serve as stored operands. `first`..`last` are
    the periods that come out, `held_first`..`held_last` those that are held in memory because something needs them, all
    inclusive and in the row's own frequency (first > last: none). `reach` is that after the change.
    """

    today: dt.date
    reach: Reach
    computed: NDArray[np.bool_]
    first: Ordinals
    last: Ordinals
    held_first: Ordinals
    held_last: Ordinals

    @classmethod
    def whole(cls, graph: Graph, measurements: Measurements, today: dt.date) -> Scope:
        """Everything: each KPI from its first period with data to its last, and up to the open one."""
        reach = spread(graph, measured_reach(graph, measurements, today), today)
        end = series_end(graph, reach, today)
        return cls(today, reach, np.ones(len(graph), dtype=bool), reach.first, end, reach.first, end)
