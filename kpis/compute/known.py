"""Everything as it was known at a past instant, computed in memory from what was recorded until then.

Measurements, targets, links, definitions and settings are those of that instant; what came later, corrections among
them, is left out. So January's page reads in March as it read in January.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np

from accounts.models import Organization, SettingsVersion
from kpis.calendars import calendar_of
from kpis.compute.known_loading import definitions_at, links_at, measurements_at, targets_at
from kpis.engine.definitions import Aggregation, Direction, Kpi, Link, Rollup, Source, Target
from kpis.engine.evaluate import Values, evaluate
from kpis.engine.formula.syntax import names
from kpis.engine.graph import Graph
from kpis.engine.headline import NO_CELL, headlines
from kpis.engine.judge import Judgements, judge
from kpis.engine.measurements import Measurements
from kpis.engine.periods import Frequency
from kpis.engine.problems import problem_code
from kpis.engine.scope import Scope
from kpis.engine.scoring import Status
from kpis.engine.shapes import shapes_in
from kpis.models import Standing
from kpis.models.choices import PaceProfile, TargetPath
from kpis.plain import stored_formula

RECENT = 13
BOUNDS = ("target", "floor", "low", "high")
JUDGED = ("attainment", "score_raw", "score")


@dataclass(frozen=True)
class Known:
    """An organization at an instant: its settings and date then, its definitions by KPI, and what they computed to."""

    organization: Organization
    today: dt.date
    definitions: Mapping[UUID, Mapping[str, Any]]
    graph: Graph
    measurements: Measurements

    @cached_property
    def scope(self) -> Scope:
        return Scope.whole(self.graph, self.measurements, self.today)

    @cached_property
    def values(self) -> Values:
        return evaluate(self.graph, self.scope, self.measurements)

    @cached_property
    def judgements(self) -> Judgements:
        return judge(self.graph, self.scope, self.values, shapes_in(self.graph, self.scope, self.measurements))

    def points(self, kpi_id: UUID) -> dict[dt.date, dict[str, Any]]:
        """The scores of one KPI by period, in the columns of ``Score``; empty for one that was not there yet."""
        if kpi_id not in self.graph.row_of:
            return {}
        cells = self.values.of_row(self.graph.row_of[kpi_id])
        return {point["period"]: point for cell in range(cells.start, cells.stop) if (point := self._point(cell))}

    def standing(self, kpi_id: UUID) -> Standing:
        """Where one KPI stood, as ``compute.standings`` stores it for today."""
        row = self.graph.row_of[kpi_id]
        speaks, running = int(self._headlines.current[row]), int(self._headlines.open[row])
        cells = self.values.of_row(row)
        shown = self._point(speaks) if speaks != NO_CELL else {"status": "no_data", "age": 0}
        recent = range(max(cells.start, speaks - RECENT + 1), speaks + 1) if speaks != NO_CELL else range(0)
        kpi, calendar = self.graph.kpis[row], self.graph.calendar
        last = calendar.ordinal(kpi.frequency, self.today) - 1
        status = self._status_of(row, last)
        has_last = status is not None and status not in (Status.LATE, Status.NO_DATA)
        return Standing(
            kpi_id=kpi_id,
            **{name: value for name, value in shown.items() if name != "complete"},
            open=None if running == NO_CELL else _plain(self._point(running)),
            previous_value=_number(self.values.value[speaks - 1]) if speaks > cells.start else None,
            status_since=self._since(cells.start, speaks),
            recent_values=[_number(self.values.value[cell]) for cell in recent],
            recent_targets=[_number(self.judgements.bounds.target[cell]) for cell in recent],
            expected_on=calendar.due_on(kpi.frequency, last + 1 if has_last else last, kpi.days_until_due),
            is_late=status is Status.LATE,
        )

    @cached_property
    def _headlines(self) -> Any:
        return headlines(self.graph, self.scope, self.values)

    def _status_of(self, row: int, period: int) -> Status | None:
        """A period's status; NONE stands for one that has a value and is not judged."""
        cells = self.values.of_row(row)
        first = int(self.values.period[cells.start]) if cells.stop > cells.start else period + 1
        cell = cells.start + period - first
        return Status(self.judgements.status[cell]) if cells.start <= cell < cells.stop else None

    def _since(self, first: int, speaks: int) -> dt.date | None:
        if speaks == NO_CELL:
            return None
        statuses = self.judgements.status[first : speaks + 1]
        others = np.flatnonzero(statuses != statuses[-1])
        date: dt.date = self.values.date[first + (int(others[-1]) + 1 if others.size else 0)].item()
        return date

    def _point(self, cell: int) -> dict[str, Any]:
        values, judged = self.values, self.judgements
        return {
            "period": values.date[cell].item(),
            "value": _number(values.value[cell]),
            **{name: _number(getattr(judged.bounds, name)[cell]) for name in BOUNDS},
            **{name: _number(getattr(judged, name)[cell]) for name in JUDGED},
            "status": Status(judged.status[cell]).code,
            "coverage": float(values.coverage[cell]),
            "problem": problem_code(self.graph, int(values.problem[cell])),
            "age": int(values.age[cell]),
            "complete": bool(judged.complete[cell]),
        }


def known_at(organization: Organization, instant: dt.datetime, *, only: UUID | None = None) -> Known:
    """What was known at an instant; of one KPI, with what it is computed from, or of all."""
    then = _with_settings(organization, instant)
    definitions = definitions_at(organization, instant)
    targets = targets_at(organization, instant)
    kpis = {id: _kpi(then, id, definition, targets.get(id, ())) for id, definition in definitions.items()}
    links = [link for link in links_at(organization, instant) if {link.parent, link.child} <= kpis.keys()]
    links = [_weighed(link, kpis, definitions) for link in links]
    if only is not None:
        needed = _beneath(only, kpis, links)
        kpis = {id: kpi for id, kpi in kpis.items() if id in needed}
        links = [link for link in links if {link.parent, link.child} <= needed]
    graph = Graph(calendar_of(then), kpis.values(), links)
    measured = [id for id, kpi in kpis.items() if kpi.source is Source.MEASURED]
    return Known(then, then.today(instant), definitions, graph, measurements_at(organization, graph, measured, instant))


def _with_settings(organization: Organization, instant: dt.datetime) -> Organization:
    """The organization with its settings of then; those of today where none were kept."""
    then = copy(organization)
    kept = SettingsVersion.objects.known_at(instant).first()
    for name, value in (kept.settings if kept else {}).items():
        setattr(then, name, value)
    return then


def _kpi(organization: Organization, id: UUID, definition: Mapping[str, Any], targets: tuple[Target, ...]) -> Kpi:
    archived_at = definition["archived_at"]
    on_track_at, at_risk_at = definition["on_track_at"], definition["at_risk_at"]
    return Kpi(
        id=id,
        key=definition["key"],
        frequency=Frequency(definition["frequency"]),
        unit=definition["unit"],
        source=Source(definition["source"]),
        aggregation=Aggregation(definition["aggregation"]),
        rollup=Rollup(definition["rollup"]) if definition["rollup"] else None,
        formula=stored_formula(definition["formula"]) if definition["formula"] else None,
        carry_forward=definition["carry_forward"],
        archived_on=organization.today(dt.datetime.fromisoformat(archived_at)) if archived_at else None,
        due_after_days=definition["due_after_days"],
        direction=Direction(definition["direction"]),
        targets=targets,
        is_linear=definition["target_path"] == TargetPath.LINEAR,
        is_paced_by_last_year=definition["pace_profile"] == PaceProfile.LAST_YEAR,
        on_track_at=organization.on_track_at if on_track_at is None else on_track_at,
        at_risk_at=organization.at_risk_at if at_risk_at is None else at_risk_at,
    )


def _weighed(link: Link, kpis: Mapping[UUID, Kpi], definitions: Mapping[UUID, Mapping[str, Any]]) -> Link:
    weigher = definitions[link.child]["weight_by_id"]  # type: ignore[index]
    is_weighed = weigher and kpis[link.parent].rollup is Rollup.WEIGHTED_MEAN and UUID(weigher) in kpis  # type: ignore[index]
    if not is_weighed:
        return link
    return Link(**{name: getattr(link, name) for name in link.__slots__} | {"weight_by": UUID(weigher)})


def _beneath(top: UUID, kpis: Mapping[UUID, Kpi], links: Collection[Link]) -> set[Any]:
    """A KPI with everything it is computed from, directly or not; what was removed for good since is gone."""
    ids = {kpi.key: id for id, kpi in kpis.items()}
    inputs: dict[Any, set[Any]] = {id: set() for id in kpis}
    for link in links:
        inputs[link.parent] |= {link.child, link.weight_by} - {None}
    for id, kpi in kpis.items():
        inputs[id] |= {ids[key] for key in names(kpi.formula) if key in ids} if kpi.formula else set()
    needed, pending = set(), [top]
    while pending:
        id = pending.pop()
        if id in kpis and id not in needed:
            needed.add(id)
            pending += inputs[id]
    return needed


def _number(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def _plain(point: dict[str, Any]) -> dict[str, Any]:
    """A point as JSON holds it."""
    return {name: value for name, value in point.items() if name != "complete"} | {"period": str(point["period"])}
