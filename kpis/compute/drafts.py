"""The series a KPI would have by a definition that is not stored: a formula being typed, another frequency."""

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Max, Min, OuterRef, Subquery

from accounts.models import Organization
from kpis.calendars import calendar_of
from kpis.compute.values import load_extents, load_measurements, load_stored
from kpis.engine.definitions import Kpi, Link, Rollup, Source
from kpis.engine.evaluate import Values, evaluate
from kpis.engine.formula.program import compiled
from kpis.engine.graph import Graph
from kpis.engine.incremental import Change, plan
from kpis.engine.measurements import Extent
from kpis.engine.periods import Calendar, Frequency
from kpis.engine.problems import problem_code
from kpis.engine.reach import KpiReach, Reach, open_periods, spread, with_extents
from kpis.models import Kpi as StoredKpi
from kpis.models import KpiLink, KpiOperand, Standing
from kpis.plain import plain_kpi

Span = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class DraftPoint:
    """One period of a draft: ``value`` is None where it is missing, and ``problem`` says why."""

    period: dt.date
    value: float | None
    problem: str | None
    complete: bool


def draft_series(organization: Organization, draft: Kpi, *, periods: int, today: dt.date) -> list[DraftPoint]:
    """The last ``periods`` with data of a KPI that need not be stored, or not like this, oldest first.

    What it is computed from is read as it was computed last. Raises CycleError where the draft would depend on itself.
    """
    graph = _graph(organization, draft)
    row = graph.row_of[draft.id]
    extents: dict[Any, Extent] = {}
    if draft.source is Source.MEASURED:
        extents |= load_extents(organization, [draft.id])  # type: ignore[list-item]
    beyond = _measured_beyond(calendar_of(organization), graph) if graph.constants.size else None
    reach = _reach(graph, row, extents, beyond, today)
    running = int(open_periods(graph, today)[row])
    last = min(int(reach.last[row]), running)
    first = max(int(reach.first[row]), last - periods + 1)
    if first > last:
        return []
    frequency, calendar = draft.frequency, graph.calendar
    change = Change(draft.id, calendar.first_date(frequency, first), calendar.last_date(frequency, last))
    # The reach is given as it will be, so that nothing but the periods asked for is evaluated.
    made = plan(graph, [change], before=reach, extents=extents, today=today, beyond=beyond)
    measurements = load_measurements(organization, graph, made.loads)
    values = evaluate(graph, made.scope, measurements, load_stored(organization, graph, made.loads))
    return list(_points(graph, row, values, running))


def _points(graph: Graph, row: int, values: Values, running: int) -> Iterator[DraftPoint]:
    for cell in range(*values.of_row(row).indices(len(values.value))):
        value = float(values.value[cell])
        yield DraftPoint(
            period=values.date[cell].item(),
            value=None if np.isnan(value) else value,
            problem=problem_code(graph, int(values.problem[cell])),
            complete=bool(values.period[cell] < running),
        )


def _graph(organization: Organization, draft: Kpi) -> Graph:
    """The draft with all it is computed from, as ``engine.incremental`` asks."""
    kpis, links = _beneath(draft)
    plain = [
        replace(plain_kpi(kpi), archived_on=organization.today(kpi.archived_at) if kpi.archived_at else None)
        for kpi in kpis.values()
    ]
    weighs = {kpi.pk: kpi.weight_by_id for kpi in kpis.values()} if draft.rollup is Rollup.WEIGHTED_MEAN else {}
    compiled_links = [
        Link(
            parent=link.parent_id,
            child=link.child_id,
            weight=link.weight,
            contribution=link.contribution,
            valid_from=link.valid_from,
            valid_to=link.valid_to,
            weight_by=weighs.get(link.child_id) if link.parent_id == draft.id else None,
        )
        for link in links
    ]
    return Graph(calendar_of(organization), [draft, *plain], compiled_links)


def _beneath(draft: Kpi) -> tuple[dict[UUID, StoredKpi], list[KpiLink]]:
    """The children, weights and operands; of formulas among them their operands too, for they may be lifted."""
    wanted, parents = _named(draft)
    found: dict[UUID, StoredKpi] = {}
    links: list[KpiLink] = []
    asked: set[UUID] = set()
    while wanted or parents:
        below = list(KpiLink.objects.known().filter(parent_id__in=parents))
        links, asked = [*links, *below], asked | parents
        wanted |= {link.child_id for link in below}
        rows = StoredKpi.objects.in_bulk([pk for pk in wanted if pk not in found and pk != draft.id])
        found |= rows
        named = KpiOperand.objects.filter(kpi_id__in=[pk for pk, kpi in rows.items() if kpi.source == Source.FORMULA])
        operands = list(named.values_list("operand_id", "is_parent"))
        wanted = {pk for pk, _ in operands} | (
            _weights(rows.values()) if draft.rollup is Rollup.WEIGHTED_MEAN else set()
        )
        wanted -= {*found, draft.id}
        parents = {pk for pk, is_parent in operands if is_parent} - asked
    return found, links


def _named(draft: Kpi) -> tuple[set[UUID], set[Any]]:
    """The KPIs a draft names, and those of which it takes what ladders up to them."""
    if draft.formula is None:
        return set(), {draft.id} if draft.source is Source.ROLLUP else set()
    leaves = compiled(draft.formula).leaves
    stored = dict(StoredKpi.objects.filter(key__in=[leaf.key for leaf in leaves if leaf.key]).values_list("key", "pk"))
    ids: dict[str, Any] = {**stored, draft.key: draft.id}
    parents = {ids[leaf.key or draft.key] for leaf in leaves if leaf.kind.is_of_children}
    return {ids[leaf.key] for leaf in leaves if leaf.key} - {draft.id}, parents


def _weights(kpis: Iterable[StoredKpi]) -> set[UUID]:
    return {kpi.weight_by_id for kpi in kpis if kpi.weight_by_id}


def _reach(graph: Graph, row: int, extents: dict[Any, Extent], beyond: Span | None, today: dt.date) -> Reach:
    """How far the data beneath each row goes, as it would be with the draft."""
    known = Standing.objects.filter(kpi_id__in=list(graph.row_of), reach_first__isnull=False)
    reaches: dict[Hashable, KpiReach] = {
        standing.kpi_id: KpiReach(standing.reach_first, standing.reach_last, standing.reach_through)
        for standing in known
        if standing.kpi_id != graph.kpis[row].id
    }
    sources = np.append(graph.constants, row)
    computed = np.zeros(len(graph), dtype=bool)
    computed[sources] = computed[graph.ancestors(sources)] = True
    return spread(graph, with_extents(graph, Reach.stored(graph, reaches), extents, today), today, computed, beyond)


def _measured_beyond(calendar: Calendar, graph: Graph) -> Span | None:
    """The first and last date of what is measured outside the graph; as far reach formulas without operands."""
    measured = StoredKpi.objects.filter(source=Source.MEASURED, pk=OuterRef("kpi_id"))
    outside = Standing.objects.exclude(kpi_id__in=list(graph.row_of)).filter(reach_first__isnull=False)
    rows = (
        outside.annotate(frequency=Subquery(measured.values("frequency")))
        .filter(frequency__isnull=False)
        .values("frequency")
        .annotate(first=Min("reach_first"), last=Max("reach_last"))
    )
    spans = [(row["first"], _last_date(calendar, Frequency(row["frequency"]), row["last"])) for row in rows]
    return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None


def _last_date(calendar: Calendar, frequency: Frequency, first: dt.date) -> dt.date:
    return calendar.last_date(frequency, calendar.ordinal(frequency, first))
