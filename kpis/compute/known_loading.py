"""Reading what was recorded until an instant: versions of definitions, links, targets and measurements."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import Organization
from kpis.compute.values import measurements_from
from kpis.engine.definitions import Link, Target
from kpis.engine.graph import Graph
from kpis.engine.measurements import Measurements
from kpis.models import KpiLink, KpiVersion
from kpis.models import Target as StoredTarget


def definitions_at(organization: Organization, instant: dt.datetime) -> dict[UUID, Mapping[str, Any]]:
    """Each KPI's definition as ``KpiVersion`` keeps it."""
    versions = KpiVersion.objects.known_at(instant).filter(organization=organization)
    return dict(versions.values_list("kpi_id", "definition"))


def links_at(organization: Organization, instant: dt.datetime) -> list[Link]:
    rows = (
        KpiLink.objects.known_at(instant)
        .filter(organization=organization)
        .values_list("parent_id", "child_id", "weight", "contribution", "valid_from", "valid_to")
    )
    return [
        Link(parent=parent, child=child, weight=weight, contribution=sign, valid_from=valid_from, valid_to=valid_to)
        for parent, child, weight, sign, valid_from, valid_to in rows
    ]


def targets_at(organization: Organization, instant: dt.datetime) -> dict[UUID, tuple[Target, ...]]:
    rows = StoredTarget.objects.known_at(instant).filter(organization=organization)
    columns = ("kpi_id", "effective_from", "target", "floor", "low", "high")
    by_kpi: dict[UUID, list[Target]] = defaultdict(list)
    for kpi_id, effective_from, target, floor, low, high in rows.values_list(*columns):
        by_kpi[kpi_id].append(Target(effective_from, target, floor, low, high))
    return {kpi_id: tuple(targets) for kpi_id, targets in by_kpi.items()}


def measurements_at(
    organization: Organization, graph: Graph, ids: Sequence[UUID], instant: dt.datetime
) -> Measurements:
    """The values of these KPIs that were the latest then."""
    with connection.cursor() as cursor:
        cursor.execute(_MEASUREMENTS, {"organization": organization.pk, "ids": list(ids), "instant": instant})
        return measurements_from(graph, list(cursor.fetchall()))


_MEASUREMENTS = """
SELECT kpi_id, string_agg(date_send(date), ''::bytea ORDER BY date),
       string_agg(float8send(value), ''::bytea ORDER BY date)
FROM (
    SELECT kpi_id, date, value
    FROM kpis_measurement JOIN kpis_push recorded ON recorded.organization_id = %(organization)s
        AND recorded.id = push_id
    WHERE kpis_measurement.organization_id = %(organization)s AND kpi_id = ANY(%(ids)s) AND recorded.at <= %(instant)s
    UNION ALL
    SELECT kpi_id, date, value
    FROM kpis_measurementrevision
    JOIN kpis_push recorded ON recorded.organization_id = %(organization)s AND recorded.id = push_id
    JOIN kpis_push replaced ON replaced.organization_id = %(organization)s AND replaced.id = replaced_by_id
    WHERE kpis_measurementrevision.organization_id = %(organization)s AND kpi_id = ANY(%(ids)s)
        AND recorded.at <= %(instant)s AND replaced.at > %(instant)s
) known
GROUP BY kpi_id ORDER BY kpi_id
"""
