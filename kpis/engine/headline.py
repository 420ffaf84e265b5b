"""Which period speaks for a KPI: the latest complete one with data; for a measured stock today's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.evaluate import Values
from kpis.engine.graph import Graph
from kpis.engine.judge import is_measured_stock
from kpis.engine.reach import open_periods
from kpis.engine.scope import Scope

NO_CELL = -1


@dataclass(frozen=True, slots=True)
class Headlines:
    """(rows,) indices into the cells of `Values`, NO_CELL where there is none: the period that speaks (`current`) and
    the one that runs today (`open`)."""

    current: NDArray[np.int64]
    open: NDArray[np.int64]


def headlines(graph: Graph, scope: Scope, values: Values) -> Headlines:
    """The headline cells of every KPI whose series `values` holds to its end.

    `current` is the latest complete period with a value, of its own or carried forward; for a measured `last` KPI the
    open period if that has a value of its own.
    """
    running = open_periods(graph, scope.today)
    period, known = running[values.row], ~np.isnan(values.value)
    is_open = values.period == period
    is_stock = is_open & is_measured_stock(graph)[values.row] & (values.age == 0)
    speaks = known & ((values.period < period) | is_stock)
    return Headlines(_latest(values, speaks, len(graph)), _latest(values, is_open, len(graph)))


def _latest(values: Values, chosen: NDArray[np.bool_], rows: int) -> NDArray[np.int64]:
    cells = np.full(rows, NO_CELL, dtype=np.int64)
    at = np.flatnonzero(chosen)
    np.maximum.at(cells, values.row[at], at)
    return cells
