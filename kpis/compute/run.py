"""The computation: claim what is stale, evaluate what that touches, store what differs. It may die at any line."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from django.db.models import F

from accounts.models import Organization
from accounts.outbox import announce
from kpis.compute.definitions import Part, load_part, load_whole
from kpis.compute.joining import joined_at_once
from kpis.compute.pace import load_shapes
from kpis.compute.standings import store_standings
from kpis.compute.store import Replaced, score_rows, store_scores
from kpis.compute.values import load_extents, load_measurements, load_stored
from kpis.engine.evaluate import evaluate
from kpis.engine.incremental import Change, Plan, midnight, plan
from kpis.engine.judge import judge
from kpis.engine.measurements import Extent
from kpis.models import StaleMark
from kpis.staging import uuids

# From so many changed KPIs on, the whole graph is read at once rather than what each of them touches.
MANY = 200
EARLIEST, LATEST = dt.date.min, dt.date.max
# What is announced when scores were computed, or time has passed over them.
SCORED = "kpi.scored"


@dataclass(frozen=True)
class Computed:
    """What a computation did: how many KPIs it evaluated, which, and how many score rows and standings it changed."""

    kpis: int = 0
    scores: int = 0
    standings: int = 0
    ids: tuple[UUID, ...] = field(default=(), compare=False)


def compute(organization: Organization, *, now: dt.datetime) -> Computed | None:
    """Bring the scores of the entered organization up to date, in the caller's transaction.

    None if another worker is at it; that one looks again when it is done. Marks are deleted in the transaction that
    stores what they ask for, so a computation that dies leaves them, and doing it twice changes nothing.
    """
    if not _only_one(organization.pk):
        return None
    today = organization.today(now)
    scored_on = Organization.objects.values_list("scored_on", flat=True).get(pk=organization.pk)
    changes = _claim(organization.pk)
    is_whole = scored_on != today or len(changes) >= MANY
    with joined_at_once(is_whole):
        part = load_whole(organization) if is_whole else load_part(organization, changes)
        known = [change for change in changes if change.kpi in part.graph.row_of]
        if scored_on and scored_on < today:
            known += [midnight(kpi.id, scored_on, today, kpi.days_until_due) for kpi in part.graph.kpis]
        elif scored_on != today:
            known += [Change(kpi.id) for kpi in part.graph.kpis]
        computed = _evaluate(organization, part, known, today)
    if computed.ids:
        announce(organization.pk, SCORED, computed.ids, now=now)
    return computed


def is_stale(organization_id: UUID) -> bool:
    """Whether anything waits to be computed."""
    return StaleMark.objects.filter(organization_id=organization_id).exists()


def _only_one(organization_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 2))", [str(organization_id)])
        (locked,) = cursor.fetchone()
        return bool(locked)


def _claim(organization_id: UUID) -> list[Change]:
    """Delete the marks and answer what they say, merged by KPI."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH claimed AS (
                DELETE FROM kpis_stalemark WHERE organization_id = %s RETURNING kpi_id, first_date, last_date
            )
            SELECT kpi_id, min(coalesce(first_date, '0001-01-01')), max(coalesce(last_date, '9999-12-31'))
            FROM claimed GROUP BY kpi_id
            """,
            [organization_id],
        )
        return [
            Change(kpi_id) if (first, last) == (EARLIEST, LATEST) else Change(kpi_id, first, last)
            for kpi_id, first, last in cursor.fetchall()
        ]


def _evaluate(organization: Organization, part: Part, changes: list[Change], today: dt.date) -> Computed:
    graph = part.graph
    if changes:
        made = _plan(organization, part, changes, today)
        measurements = load_measurements(organization, graph, made.loads)
        values = evaluate(graph, made.scope, measurements, load_stored(organization, graph, made.loads))
        judgements = judge(graph, made.scope, values, load_shapes(organization, graph, made.scope))
        results = score_rows(graph, values, judgements)
        scores = store_scores(organization, results, _replaced(made, changes))
        rows = np.flatnonzero(made.scope.computed)
        standings = store_standings(organization, graph, rows, made.scope.reach, today)
        ids: Any = tuple(graph.kpis[int(row)].id for row in rows)
        computed = Computed(len(ids), scores, standings, ids)
    else:
        computed = Computed()
    _publish(organization, today, computed)
    return computed


def _plan(organization: Organization, part: Part, changes: list[Change], today: dt.date) -> Plan:
    graph = part.graph
    measured: set[Any] = {change.kpi for change in changes if graph.is_measured[graph.row_of[change.kpi]]}
    extents: dict[Any, Extent] = {**load_extents(organization, measured)}
    return plan(graph, changes, before=part.reach, extents=extents, today=today, beyond=part.beyond)


def _replaced(made: Plan, changes: Iterable[Change]) -> Replaced:
    """The plan's windows. Of a KPI that changed as a whole everything: its periods may have been others before."""
    whole = {change.kpi for change in changes if change.first is None and change.last is None}
    windows = [(window.kpi, window.first, window.last) for window in made.windows if window.kpi not in whole]
    windows += [(kpi, EARLIEST, LATEST) for kpi in whole]
    return Replaced(
        uuids(kpi for kpi, _, _ in windows),  # type: ignore[misc]
        np.array([first for _, first, _ in windows], dtype="datetime64[D]"),
        np.array([last for _, _, last in windows], dtype="datetime64[D]"),
    )


def _publish(organization: Organization, today: dt.date, computed: Computed) -> None:
    """Pages poll the version, so it moves only when something they show has."""
    changed = bool(computed.scores or computed.standings)
    # Also if nothing changed: what is announced next asks for the organization's row.
    if computed.ids or organization.scored_on != today:
        Organization.objects.filter(pk=organization.pk).update(version=F("version") + int(changed), scored_on=today)
