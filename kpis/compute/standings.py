"""Where each KPI stands now, derived from its stored scores in one statement."""

import datetime as dt

import numpy as np
from django.db import connection

from accounts.models import Organization
from kpis.engine.graph import Graph, Rows
from kpis.engine.judge import is_measured_stock
from kpis.engine.periods import mixed_first_dates, mixed_last_dates
from kpis.engine.reach import NEVER, Reach, open_periods
from kpis.staging import Column, staged, uuids

RECENT = 13
TYPES = {
    "kpi_id": "uuid",
    "is_stock": "bool",
    "open_period": "date",
    "open_due_on": "date",
    "last_period": "date",
    "last_due_on": "date",
    "reach_first": "date",
    "reach_last": "date",
    "reach_through": "date",
}


def store_standings(organization: Organization, graph: Graph, rows: Rows, reach: Reach, today: dt.date) -> int:
    """Refresh the standings of some rows of the graph; answers how many changed. Its scores must be stored already."""
    if not rows.size:
        return 0
    with (
        staged("now", TYPES, _columns(graph, rows, reach, today)) as (source, parameters),
        connection.cursor() as cursor,
    ):
        cursor.execute(_UPSERT.format(source=source), {"organization": organization.pk, **parameters})
        return int(cursor.rowcount)


def _columns(graph: Graph, rows: Rows, reach: Reach, today: dt.date) -> dict[str, Column]:
    calendar, rank, running = graph.calendar, graph.rank[rows], open_periods(graph, today)[rows]
    due_after = np.array([graph.kpis[row].days_until_due for row in rows], dtype="timedelta64[D]")
    reaches = [reach.of_row(graph, int(row)) for row in rows]
    return {
        "kpi_id": uuids(graph.kpis[row].id for row in rows),
        "is_stock": is_measured_stock(graph)[rows],
        "open_period": mixed_first_dates(calendar, rank, running),
        "open_due_on": mixed_last_dates(calendar, rank, running) + due_after,
        "last_period": mixed_first_dates(calendar, rank, running - 1),
        "last_due_on": mixed_last_dates(calendar, rank, running - 1) + due_after,
        **{
            f"reach_{name}": np.array([getattr(one, name) or NEVER for one in reaches], dtype="datetime64[D]")
            for name in ("first", "last", "through")
        },
    }


_SHOWN = "period, value, target, floor, low, high, attainment, score_raw, score, status, coverage, problem, age"
_COLUMNS = (
    f"kpi_id, {_SHOWN}, open, previous_value, status_since, recent_values, recent_targets, expected_on, is_late, "
    "reach_first, reach_last, reach_through"
)
_SET = [name.strip() for name in _COLUMNS.split(",")[1:]]
_SCORES = "kpis_score WHERE organization_id = %(organization)s AND kpi_id = now.kpi_id"
_UPSERT = f"""
INSERT INTO kpis_standing (organization_id, {_COLUMNS})
SELECT %(organization)s, now.kpi_id,
    speaks.period, speaks.value, speaks.target, speaks.floor, speaks.low, speaks.high, speaks.attainment,
    speaks.score_raw, speaks.score, coalesce(speaks.status, 'no_data'), speaks.coverage, speaks.problem,
    coalesce(speaks.age, 0),
    (SELECT to_jsonb(running) FROM (SELECT {_SHOWN} FROM {_SCORES} AND period = now.open_period) running),
    (SELECT value FROM {_SCORES} AND period < speaks.period ORDER BY period DESC LIMIT 1),
    (SELECT min(period) FROM {_SCORES} AND period <= speaks.period AND period > coalesce(
        (SELECT max(period) FROM {_SCORES} AND period < speaks.period AND status IS DISTINCT FROM speaks.status),
        '-infinity')),
    coalesce(recent.recent_values, '{{{{}}}}'), coalesce(recent.recent_targets, '{{{{}}}}'),
    CASE WHEN latest.value IS NULL THEN now.last_due_on ELSE now.open_due_on END,
    coalesce(latest.status = 'late', false),
    NULLIF(now.reach_first, '{NEVER}'), NULLIF(now.reach_last, '{NEVER}'), NULLIF(now.reach_through, '{NEVER}')
FROM {{source}}
LEFT JOIN LATERAL (
    SELECT {_SHOWN} FROM {_SCORES} AND value IS NOT NULL
        AND (period < now.open_period OR (now.is_stock AND period = now.open_period AND age = 0))
    ORDER BY period DESC LIMIT 1
) speaks ON true
LEFT JOIN LATERAL (SELECT value, status FROM {_SCORES} AND period = now.last_period) latest ON true
LEFT JOIN LATERAL (
    SELECT array_agg(value ORDER BY period) AS recent_values, array_agg(target ORDER BY period) AS recent_targets
    FROM (
        SELECT period, value, target FROM {_SCORES} AND period <= speaks.period ORDER BY period DESC LIMIT {RECENT}
    ) latest_first
) recent ON true
ON CONFLICT (organization_id, kpi_id) DO UPDATE
SET {", ".join(f"{name} = excluded.{name}" for name in _SET)}
WHERE ({", ".join(f"kpis_standing.{name}" for name in _SET)})
    IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _SET)})
"""  # noqa: S608 - names of this module's columns
