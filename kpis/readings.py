"""Values of many KPIs in stretches of their own, each kind in one statement: for whoever follows KPIs from above."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from uuid import UUID

from django.db import connection

from accounts.models import Organization
from kpis.staging import array_of

Dated: TypeAlias = list[tuple[dt.date, float]]


@dataclass(frozen=True)
class Window:
    """The dates of one KPI from ``first`` to ``last``, both inclusive."""

    kpi_id: UUID
    first: dt.date
    last: dt.date


def scored_values(organization: Organization, windows: Iterable[Window]) -> dict[Window, Dated]:
    """(first date of the period, value) of the periods that begin in each window and have a value, oldest first."""
    return _read(_SCORED, organization, list(dict.fromkeys(windows)))


def measured_values(organization: Organization, windows: Iterable[Window]) -> dict[Window, Dated]:
    """(date, value) of what was measured in each window, oldest first."""
    return _read(_MEASURED, organization, list(dict.fromkeys(windows)))


def values_before(
    organization: Organization, asked: Iterable[tuple[UUID, dt.date]]
) -> dict[tuple[UUID, dt.date], float]:
    """The value of the latest period before a date that has one, by KPI and that date."""
    pairs = list(dict.fromkeys(asked))
    rows = _execute(_BEFORE, organization, ids=[id for id, _ in pairs], first=[first for _, first in pairs])
    return {(kpi_id, first): value for kpi_id, first, value in rows if value is not None}


def _read(sql: str, organization: Organization, windows: list[Window]) -> dict[Window, Dated]:
    rows = _execute(
        sql,
        organization,
        ids=[window.kpi_id for window in windows],
        first=[window.first for window in windows],
        last=[window.last for window in windows],
    )
    return {
        Window(kpi_id, first, last): list(zip(dates, values, strict=True))
        for kpi_id, first, last, dates, values in rows
    }


def _execute(sql: str, organization: Organization, **columns: Sequence[Any]) -> list[tuple[Any, ...]]:
    arrays = {name: array_of(values) for name, values in columns.items()}
    with connection.cursor() as cursor:
        cursor.execute(sql, {"organization": organization.pk, **arrays})
        return list(cursor.fetchall())


_SCORED: Final = """
SELECT asked.id, asked.first, asked.last, array_agg(period ORDER BY period), array_agg(value ORDER BY period)
FROM unnest(%(ids)s::uuid[], %(first)s::date[], %(last)s::date[]) AS asked (id, first, last)
JOIN kpis_score ON organization_id = %(organization)s AND kpi_id = asked.id
    AND period BETWEEN asked.first AND asked.last AND value IS NOT NULL
GROUP BY asked.id, asked.first, asked.last
"""
_MEASURED: Final = """
SELECT asked.id, asked.first, asked.last, array_agg(date ORDER BY date), array_agg(value ORDER BY date)
FROM unnest(%(ids)s::uuid[], %(first)s::date[], %(last)s::date[]) AS asked (id, first, last)
JOIN kpis_measurement ON organization_id = %(organization)s AND kpi_id = asked.id
    AND date BETWEEN asked.first AND asked.last
GROUP BY asked.id, asked.first, asked.last
"""
_BEFORE: Final = """
SELECT asked.id, asked.first, (
    SELECT value FROM kpis_score
    WHERE organization_id = %(organization)s AND kpi_id = asked.id AND period < asked.first AND value IS NOT NULL
    ORDER BY period DESC LIMIT 1
)
FROM unnest(%(ids)s::uuid[], %(first)s::date[]) AS asked (id, first)
"""
