"""What the SMART check is told, read for any number of KPIs in the same few queries."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from accounts.models import Organization
from kpis.compute.values import load_extents
from kpis.engine.definitions import Direction
from kpis.engine.periods import Frequency
from kpis.models import Kpi, Review, Score, Standing, Target
from kpis.models.choices import Level, ReviewCadence
from kpis.smart import SmartFacts
from kpis.usage import fed, steps_planned, uses_of


def smart_facts(kpis: Sequence[Kpi], organization: Organization, today: dt.date) -> dict[UUID, SmartFacts]:
    """The facts about each KPI, by id."""
    ids = [kpi.pk for kpi in kpis]
    goals, reviewed = _goals(ids, today), _reviewed(ids)
    values = {**_latest(ids), **_values(goals)}
    extents = load_extents(organization, [kpi.pk for kpi in kpis if kpi.is_measured])
    uses, parents, steps = uses_of(ids, today), fed(ids, today), steps_planned(organization, ids, today)
    teams = _team_sizes()
    return {
        kpi.pk: SmartFacts(
            name=kpi.name,
            description=kpi.description,
            unit=kpi.unit,
            decimals=kpi.decimals,
            kind=kpi.kind,
            source=kpi.source,
            direction=Direction(kpi.direction),
            frequency=Frequency(kpi.frequency),
            today=today,
            created_on=organization.today(kpi.created_at),
            has_owner=kpi.owner_id is not None,
            is_strategic=kpi.level == Level.STRATEGIC,
            has_children=kpi.pk in parents,
            feeds_count=uses[kpi.pk],
            planned_actions=steps.get(kpi.pk, 0),
            team_kpis=teams.get(kpi.department_id, 0),
            last_reviewed_on=reviewed.get(kpi.pk),
            review_cadence_days=ReviewCadence(kpi.review_cadence).days,
            **_goal(goals.get(kpi.pk)),
            **_known(values.get(kpi.pk), extents[kpi.pk].latest if kpi.pk in extents else None),
        )
        for kpi in kpis
    }


def _goals(ids: Collection[UUID], today: dt.date) -> dict[UUID, Target]:
    """What is to be reached now, or next where that is over or has no end."""
    goals: dict[UUID, Target] = {}
    for row in Target.objects.known().filter(kpi_id__in=ids):
        before = goals.get(row.kpi_id)
        has_begun = row.effective_from <= today
        if before is None or has_begun or _is_over(before, today):
            goals[row.kpi_id] = row
    return goals


def _is_over(row: Target, today: dt.date) -> bool:
    return row.effective_from <= today and (row.due_on is None or row.due_on < today)


def _goal(row: Target | None) -> dict[str, Any]:
    if row is None:
        return {}
    bounds = {name: getattr(row, name) for name in ("target", "low", "high")}
    return bounds | {"target_from": row.effective_from, "target_due_on": row.due_on}


def _latest(ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """The last period of which each has a value; more is asked of nobody without a target."""
    rows = Standing.objects.filter(kpi_id__in=ids, period__isnull=False).values_list("kpi_id", "period")
    return {kpi_id: {"latest_value_on": period} for kpi_id, period in rows}


def _values(ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """How many values those with a target have, between which bounds."""
    complete = Q(complete=True)
    rows = (
        Score.objects.filter(kpi_id__in=ids, value__isnull=False)
        .values("kpi_id")
        .annotate(
            values_count=Count("value", filter=complete),
            lowest_value=Min("value", filter=complete),
            highest_value=Max("value", filter=complete),
            latest_value_on=Max("period"),
        )
    )
    return {row["kpi_id"]: {name: value for name, value in row.items() if name != "kpi_id"} for row in rows}


def _known(values: dict[str, Any] | None, measured_on: dt.date | None) -> dict[str, Any]:
    """The last date is that of the measurement where there is one; a value may not have been computed yet."""
    known = values or {}
    return known | {"latest_value_on": measured_on} if measured_on else known


def _team_sizes() -> dict[UUID | None, int]:
    """The KPIs of each department; those of the whole company are nobody's team."""
    rows = Kpi.objects.active().scored().exclude(department=None).values("department_id")
    return {row["department_id"]: row["count"] for row in rows.annotate(count=Count("id"))}


def _reviewed(ids: Collection[UUID]) -> dict[UUID, dt.date]:
    rows = Review.objects.filter(kpi_id__in=ids).values("kpi_id").annotate(last=Max("held_on"))
    return {row["kpi_id"]: row["last"] for row in rows}
