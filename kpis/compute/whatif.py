"""What if some KPIs had other values: the graph evaluated upwards in memory. Nothing is stored."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from accounts.models import Organization
from kpis.compute.definitions import Part, load_part
from kpis.compute.values import load_extents, load_measurements, load_stored
from kpis.engine import incremental
from kpis.engine.definitions import Kpi, Source
from kpis.engine.evaluate import Values, evaluate
from kpis.engine.graph import Graph
from kpis.engine.judge import Judgements, judge
from kpis.engine.measurements import Measurements
from kpis.engine.refusals import Refusal
from kpis.engine.scoring import Status


@dataclass(frozen=True, slots=True)
class Change:
    """Suppose that a KPI had ``value`` in the period that holds the date ``period``."""

    kpi_id: UUID
    period: dt.date
    value: float


@dataclass(frozen=True, slots=True)
class Effect:
    """A KPI that moves in a period, named by its first date; values are None where missing, statuses where the period
    is not judged."""

    kpi_id: UUID
    period: dt.date
    before: float | None
    after: float | None
    target: float | None
    before_status: str | None
    after_status: str | None


class RefusedError(Exception):
    """Changes that cannot be supposed; the refusals' places are those of the changes."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(" ".join(refusal.detail for refusal in refusals))
        self.refusals = refusals


def what_if(organization: Organization, changes: Sequence[Change], *, today: dt.date) -> list[Effect]:
    """The KPIs that move, the changed ones first and each after what it is computed from, periods ascending.

    Call it inside the organization. Of several changes of one period the last counts. Raises RefusedError, naming every
    change that cannot be supposed.
    """
    if not changes:
        return []
    part = load_part(organization, [incremental.Change(id) for id in {change.kpi_id for change in changes}])
    refused = list(_refused(part, changes))
    if refused:
        raise RefusedError(refused)
    graph = part.graph
    periods = {_period(graph, change): change for change in changes}
    made = incremental.plan(
        graph,
        [incremental.Change(kpi_id, first, last) for kpi_id, first, last in periods],
        before=part.reach,
        extents={**load_extents(organization, {change.kpi_id for change in changes})},
        today=today,
        beyond=part.beyond,
    )
    measured, stored = (read(organization, graph, made.loads) for read in (load_measurements, load_stored))
    before = evaluate(graph, made.scope, measured, stored)
    after = evaluate(graph, made.scope, _supposed(graph, measured, periods), stored)
    judged = [judge(graph, made.scope, values) for values in (before, after)]
    return list(_effects(graph, before, after, judged))


def _refused(part: Part, changes: Sequence[Change]) -> Iterator[Refusal]:
    for index, change in enumerate(changes):
        row = part.graph.row_of.get(change.kpi_id)
        if row is None:
            yield Refusal("unknown_kpi", "kpi", "There is no such KPI.", index)
            continue
        kpi, reach = part.graph.kpis[row], part.reach.of_row(part.graph, row)
        if kpi.source is not Source.MEASURED:
            detail = f"{kpi.key} is computed from others; suppose other values of the KPIs beneath it."
            yield Refusal("not_measured", "kpi", detail, index)
        elif reach.first is None or reach.last is None:
            yield Refusal("no_data", "kpi", f"{kpi.key} has no value yet, so there is nothing to start from.", index)
        elif not _lies_within(part.graph, kpi, change.period, (reach.first, reach.last)):
            detail = f"{kpi.key} has values from {reach.first} to {reach.last}; choose a period among them."
            yield Refusal("no_such_period", "period", detail, index)
        elif not np.isfinite(change.value):
            yield Refusal("not_a_number", "value", "A value is a finite number.", index)


def _lies_within(graph: Graph, kpi: Kpi, date: dt.date, reach: tuple[dt.date, dt.date]) -> bool:
    first, last = (graph.calendar.ordinal(kpi.frequency, end) for end in reach)
    return first <= graph.calendar.ordinal(kpi.frequency, date) <= last


def _period(graph: Graph, change: Change) -> tuple[UUID, dt.date, dt.date]:
    """The KPI with the first and last date of the period."""
    calendar, frequency = graph.calendar, graph.kpis[graph.row_of[change.kpi_id]].frequency
    ordinal = calendar.ordinal(frequency, change.period)
    return change.kpi_id, calendar.first_date(frequency, ordinal), calendar.last_date(frequency, ordinal)


def _supposed(
    graph: Graph, measured: Measurements, periods: Mapping[tuple[UUID, dt.date, dt.date], Change]
) -> Measurements:
    """The measurements with one in each changed period, on its first date, in place of all that are there: whatever the
    aggregation, that is the period's value."""
    kept = np.ones(len(measured.row), dtype=bool)
    for kpi_id, first, last in periods:
        within = (measured.date >= np.datetime64(first, "D")) & (measured.date <= np.datetime64(last, "D"))
        kept &= ~((measured.row == graph.row_of[kpi_id]) & within)
    rows = np.array([graph.row_of[kpi_id] for kpi_id, _, _ in periods], dtype=np.intp)
    dates = np.array([first for _, first, _ in periods], dtype="datetime64[D]")
    values = np.array([change.value for change in periods.values()], dtype=np.float64)
    return Measurements.sorted(
        np.concatenate([measured.row[kept], rows]),
        np.concatenate([measured.date[kept], dates]),
        np.concatenate([measured.value[kept], values]),
    )


def _effects(graph: Graph, before: Values, after: Values, judged: Sequence[Judgements]) -> Iterator[Effect]:
    moved = (before.value != after.value) & ~(np.isnan(before.value) & np.isnan(after.value))
    cells = sorted(np.flatnonzero(moved), key=lambda cell: (graph.height[before.row[cell]], cell))
    for cell in map(int, cells):
        was, becomes = (Status(judgements.status[cell]).code for judgements in judged)
        yield Effect(
            graph.kpis[int(before.row[cell])].id,  # type: ignore[arg-type]
            before.date[cell].item(),
            _number(before.value[cell]),
            _number(after.value[cell]),
            _number(judged[1].bounds.target[cell]),
            was,
            becomes,
        )


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
