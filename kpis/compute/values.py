"""Reading measurements and stored values as arrays: one row a KPI, its dates and numbers as bytes."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from accounts.models import Organization
from kpis.engine.evaluate import Stored
from kpis.engine.graph import Graph
from kpis.engine.incremental import Load
from kpis.engine.measurements import Extent, Measurements
from kpis.engine.periods import Dates
from kpis.staging import POSTGRES_EPOCH, array_of


def load_measurements(organization: Organization, graph: Graph, loads: Sequence[Load]) -> Measurements:
    """The measurements that ``loads`` ask for."""
    return measurements_from(graph, _windows(_MEASUREMENTS, organization, [one for one in loads if one.is_measured]))


def load_all_measurements(organization: Organization, graph: Graph) -> Measurements:
    """Every measurement of the organization's measured KPIs."""
    return measurements_from(graph, _execute(_ALL_MEASUREMENTS, {"organization": organization.pk}))


def measurements_from(graph: Graph, rows: list[tuple[Any, ...]]) -> Measurements:
    """From one row a KPI: its id, its dates and its values as bytes."""
    row, dates = _rows_and_dates(graph, rows)
    return Measurements.sorted(row, dates, _floats(rows, 2))


def load_stored(organization: Organization, graph: Graph, loads: Sequence[Load]) -> Stored:
    """The stored values of operands that ``loads`` ask for."""
    rows = _windows(_SCORES, organization, [load for load in loads if not load.is_measured])
    row, dates = _rows_and_dates(graph, rows)
    return Stored(row, dates, _floats(rows, 2), _floats(rows, 3))


def load_targets(organization: Organization, graph: Graph, loads: Sequence[Load]) -> Stored:
    """The targets that the values which ``loads`` ask for are judged against."""
    rows = _windows(_TARGETS, organization, loads)
    row, dates = _rows_and_dates(graph, rows)
    targets = _floats(rows, 2)
    return Stored(row, dates, targets, np.ones(len(targets)))


def load_extents(organization: Organization, ids: Iterable[UUID]) -> dict[UUID, Extent]:
    """How far the measurements of each of these measured KPIs reach."""
    rows = _execute(_EXTENTS, {"organization": organization.pk, "ids": array_of(ids)})
    return {kpi_id: Extent(earliest, before_latest, latest) for kpi_id, earliest, before_latest, latest in rows}


def _windows(sql: str, organization: Organization, loads: Sequence[Load]) -> list[tuple[Any, ...]]:
    if not loads:
        return []
    return _execute(
        sql,
        {
            "organization": organization.pk,
            "ids": array_of(load.kpi for load in loads),
            "first": array_of(load.first for load in loads),
            "last": array_of(load.last for load in loads),
        },
    )


def _execute(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _rows_and_dates(graph: Graph, rows: list[tuple[Any, ...]]) -> tuple[NDArray[np.intp], Dates]:
    counts = [len(row[1]) // 4 for row in rows]
    row_numbers = np.array([graph.row_of[row[0]] for row in rows], dtype=np.intp)
    days = np.frombuffer(b"".join(row[1] for row in rows), dtype=">i4")
    return np.repeat(row_numbers, counts), POSTGRES_EPOCH + days.astype("timedelta64[D]")


def _floats(rows: list[tuple[Any, ...]], column: int) -> NDArray[np.float64]:
    return np.frombuffer(b"".join(row[column] for row in rows), dtype=">f8").astype(np.float64)


_MEASUREMENTS = """
SELECT kpi_id, string_agg(date_send(date), ''::bytea ORDER BY date),
       string_agg(float8send(value), ''::bytea ORDER BY date)
FROM unnest(%(ids)s::uuid[], %(first)s::date[], %(last)s::date[]) AS load (id, first, last)
JOIN kpis_measurement ON organization_id = %(organization)s AND kpi_id = load.id
    AND date BETWEEN load.first AND load.last
GROUP BY kpi_id ORDER BY kpi_id
"""
_ALL_MEASUREMENTS = """
SELECT kpi_id, string_agg(date_send(date), ''::bytea ORDER BY date),
       string_agg(float8send(value), ''::bytea ORDER BY date)
FROM kpis_measurement
WHERE organization_id = %(organization)s AND kpi_id IN (
    SELECT id FROM kpis_kpi WHERE organization_id = %(organization)s AND source = 'measured')
GROUP BY kpi_id ORDER BY kpi_id
"""
_SCORES = """
SELECT kpi_id, string_agg(date_send(period), ''::bytea ORDER BY period),
       string_agg(float8send(coalesce(value, 'NaN')), ''::bytea ORDER BY period),
       string_agg(float8send(coalesce(coverage, 0)), ''::bytea ORDER BY period)
FROM unnest(%(ids)s::uuid[], %(first)s::date[], %(last)s::date[]) AS load (id, first, last)
JOIN kpis_score ON organization_id = %(organization)s AND kpi_id = load.id AND period BETWEEN load.first AND load.last
GROUP BY kpi_id
"""
_TARGETS = """
SELECT kpi_id, string_agg(date_send(period), ''::bytea ORDER BY period),
       string_agg(float8send(coalesce(target, 'NaN')), ''::bytea ORDER BY period)
FROM unnest(%(ids)s::uuid[], %(first)s::date[], %(last)s::date[]) AS load (id, first, last)
JOIN kpis_score ON organization_id = %(organization)s AND kpi_id = load.id AND period BETWEEN load.first AND load.last
GROUP BY kpi_id
"""
_EXTENTS = """
SELECT load.id,
    (SELECT min(date) FROM kpis_measurement WHERE organization_id = %(organization)s AND kpi_id = load.id),
    (SELECT date FROM kpis_measurement WHERE organization_id = %(organization)s AND kpi_id = load.id
        ORDER BY date DESC OFFSET 1 LIMIT 1),
    (SELECT max(date) FROM kpis_measurement WHERE organization_id = %(organization)s AND kpi_id = load.id)
FROM unnest(%(ids)s::uuid[]) AS load (id)
"""
