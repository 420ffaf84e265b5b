"""Reading what a year before had brought by now, for the KPIs that are paced by it."""

from collections.abc import Hashable, Mapping
from typing import Any

from accounts.models import Organization
from kpis.compute.definitions import load_sums_beneath
from kpis.compute.values import load_measurements
from kpis.engine.graph import Graph
from kpis.engine.incremental import Load
from kpis.engine.scope import Scope
from kpis.engine.shapes import last_year_shares, leaves_of, paced_rows, window_of


def load_shapes(organization: Organization, graph: Graph, scope: Scope) -> Mapping[Hashable, float]:
    """The shares of the computed KPIs that are paced by the year before, by id.

    What is beneath them is read anew, because a part of the graph does not hold it; its sums run in the same order as
    in a full computation.
    """
    rows = paced_rows(graph, scope.computed)
    if not rows.size:
        return {}
    ids: list[Any] = [graph.kpis[row].id for row in rows]
    beneath = load_sums_beneath(organization, ids)
    leaves = leaves_of(beneath, ids, scope.today)
    first, last = window_of(graph, rows, scope.today)
    kpis = {beneath.kpis[leaf.row].id: Load(beneath.kpis[leaf.row].id, first, last, True) for leaf in leaves}
    through = {beneath.row_of[id]: scope.reach.through[row] for id, row in zip(ids, rows, strict=True)}
    measurements = load_measurements(organization, beneath, list(kpis.values()))
    return last_year_shares(beneath, leaves, through, measurements, scope.today)
