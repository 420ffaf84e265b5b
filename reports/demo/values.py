"""What planned KPIs will come to, computed before they exist: only to set targets by, never stored."""

import datetime as dt
from collections.abc import Hashable, Iterator, Mapping, Sequence
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike

from kpis.engine.definitions import Aggregation, Kpi, Link, Rollup, Source
from kpis.engine.evaluate import evaluate
from kpis.engine.formula.parsing import parse
from kpis.engine.graph import Graph
from kpis.engine.measurements import Measurements
from kpis.engine.periods import Calendar, Frequency
from kpis.engine.scope import Scope
from reports.demo.blueprint import KpiPlan, Series


def values_by_key(plans: Sequence[KpiPlan], series: Mapping[str, Series], calendar: Calendar) -> dict[str, Series]:
    """Each planned KPI's values by period, as the engine computes them from the measurements of all.

    The last period is the one with the last measurement; nothing is judged, so no day counts as today.
    """
    graph = Graph(calendar, map(_kpi, plans), [link for plan in plans for link in _links(plan)])
    measured: dict[Hashable, tuple[ArrayLike, ArrayLike]] = {
        key: (np.array(list(values), "datetime64[D]"), np.array(list(values.values())))
        for key, values in series.items()
    }
    measurements = Measurements.of(graph, measured)
    last = max((date for values in series.values() for date in values), default=dt.date.min)
    values = evaluate(graph, Scope.whole(graph, measurements, last), measurements)
    found: dict[str, Series] = {}
    for row, kpi in enumerate(graph.kpis):
        cells = values.of_row(row)
        pairs = zip(values.date[cells].tolist(), values.value[cells].tolist(), strict=True)
        found[kpi.key] = {date: value for date, value in pairs if isfinite(value)}
    return found


def _kpi(plan: KpiPlan) -> Kpi:
    rolled = Source.ROLLUP if plan.rollup else Source.MEASURED
    return Kpi(
        id=plan.key,
        key=plan.key,
        frequency=Frequency(plan.frequency),
        unit=plan.unit,
        source=Source.FORMULA if plan.formula else rolled,
        rollup=Rollup.SUM if plan.rollup else None,
        formula=parse(plan.formula) if plan.formula else None,
        aggregation=Aggregation(plan.fields.get("aggregation", Aggregation.SUM)),
    )


def _links(plan: KpiPlan) -> Iterator[Link]:
    for parent, contribution in plan.parents.items():
        yield Link(parent=parent, child=plan.key, contribution=contribution)
