"""Where many key results stood on a few days, as sparklines need it: one row each, its days and progress as bytes."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, TypeAlias
from uuid import UUID

import numpy as np
from django.db import connection

from accounts.models import Organization
from kpis.staging import POSTGRES_EPOCH, array_of

# The progress on each of the days that were asked for; None before anything was known.
Course: TypeAlias = list[float | None]


def courses(organization: Organization, objectives: Iterable[UUID], days: Sequence[date]) -> dict[UUID, Course]:
    """Of those key results of these objectives of which anything was known by the last of the days, which ascend."""
    asked: dict[str, Any] = {"organization": organization.pk, "objectives": array_of(objectives), "last": days[-1]}
    with connection.cursor() as cursor:
        cursor.execute(_COURSES, asked)
        rows = cursor.fetchall()
    return dict(zip((row[0] for row in rows), _sampled(rows, days), strict=True)) if rows else {}


def _sampled(rows: Sequence[tuple[Any, ...]], days: Sequence[date]) -> list[Course]:
    """Each record is in force from the first of the days that is not before it, until the next one is."""
    on = np.frombuffer(b"".join(row[1] for row in rows), dtype=">i4")
    progress = np.frombuffer(b"".join(row[2] for row in rows), dtype=">f8")
    wanted = (np.array(days, dtype="datetime64[D]") - POSTGRES_EPOCH).astype(np.int64)
    row = np.repeat(np.arange(len(rows)), [len(row[1]) // 4 for row in rows])
    place = np.searchsorted(wanted, on)
    is_last = np.append((row[1:] != row[:-1]) | (place[1:] != place[:-1]), True)
    in_force = np.full((len(rows), len(days) + 1), -1)
    in_force[row[is_last], place[is_last]] = np.flatnonzero(is_last)
    latest = np.maximum.accumulate(in_force, axis=1)[:, :-1]
    sampled = progress[latest].astype(object)
    sampled[latest < 0] = None
    found: list[Course] = sampled.tolist()
    return found


_COURSES: Final = """
SELECT result.id, string_agg(date_send(record."on"), ''::bytea ORDER BY record."on"),
    string_agg(float8send(record.progress_raw), ''::bytea ORDER BY record."on")
FROM okrs_keyresult result
JOIN okrs_progressrecord record ON record.organization_id = %(organization)s AND record.key_result_id = result.id
WHERE result.organization_id = %(organization)s AND result.objective_id = ANY(%(objectives)s::uuid[])
    AND record."on" <= %(last)s
GROUP BY result.id
"""
