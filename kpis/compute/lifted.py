"""A KPI's series at a coarser frequency than its own, lifted by the rules by which its parents see it.

That is what a roll-up of that frequency above the KPI alone would have: so one is put there, in memory.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np

from accounts.models import Organization
from kpis.compute.definitions import load_beneath
from kpis.compute.known import Known
from kpis.compute.values import load_stored
from kpis.engine.definitions import Kpi, Link, Rollup, Source
from kpis.engine.evaluate import Values, evaluate
from kpis.engine.graph import FAR, Graph
from kpis.engine.incremental import Change, plan
from kpis.engine.measurements import Measurements
from kpis.engine.periods import Frequency
from kpis.engine.problems import problem_code
from kpis.engine.reach import NEVER, Reach
from kpis.engine.scope import Scope

# The id after all others, so that the rows of the graph stay what they were.
ABOVE: Final = UUID(int=2**128 - 1)


@dataclass(frozen=True)
class Lifted:
    """One coarser period: its value, None where missing, why, and how much of its data is there."""

    value: float | None
    coverage: float
    problem: str | None


def lifted_series(
    organization: Organization, kpi_id: UUID, frequency: Frequency, today: dt.date
) -> dict[dt.date, Lifted]:
    """The periods from the first with data to the one that runs, by their first dates."""
    part = load_beneath(organization, kpi_id)
    graph = _with_roll_up(part.graph, kpi_id, frequency)
    before = Reach(
        np.append(part.reach.first, FAR), np.append(part.reach.last, -FAR), np.append(part.reach.through, NEVER)
    )
    made = plan(graph, [Change(ABOVE)], before=before, extents={}, today=today, beyond=part.beyond)
    stored = load_stored(organization, graph, made.loads)
    return _series(graph, evaluate(graph, made.scope, Measurements.of(graph, {}), stored))


def lifted_as_known(known: Known, kpi_id: UUID, frequency: Frequency) -> dict[dt.date, Lifted]:
    """The same as it was known at an instant."""
    if kpi_id not in known.graph.row_of:
        return {}
    graph = _with_roll_up(known.graph, kpi_id, frequency)
    scope = Scope.whole(graph, known.measurements, known.today)
    return _series(graph, evaluate(graph, scope, known.measurements))


def _with_roll_up(graph: Graph, kpi_id: UUID, frequency: Frequency) -> Graph:
    above = Kpi(id=ABOVE, key="", frequency=frequency, source=Source.ROLLUP, rollup=Rollup.SUM)
    return Graph(graph.calendar, [*graph.kpis, above], [*graph.links, Link(parent=ABOVE, child=kpi_id)])


def _series(graph: Graph, values: Values) -> dict[dt.date, Lifted]:
    cells = values.of_row(graph.row_of[ABOVE])
    return {values.date[cell].item(): _lifted(graph, values, cell) for cell in range(cells.start, cells.stop)}


def _lifted(graph: Graph, values: Values, cell: int) -> Lifted:
    value = float(values.value[cell])
    problem = problem_code(graph, int(values.problem[cell]))
    return Lifted(value if np.isfinite(value) else None, float(values.coverage[cell]), problem)
