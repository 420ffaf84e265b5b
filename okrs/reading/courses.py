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


def courses(organization: Organization, key_results: Iterable[UUID], days: Sequence[date]) -> dict[UUID, Course]:
    """Of those key results of which anything was known by the last of these days, which ascend."""
    asked: dict[str, Any] = {"organization": organization.pk, "ids": array_of(key_results), "last": days[-1]}
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
SELECT key_result_id, string_agg(date_send("on"), ''::bytea ORDER BY "on"),
    string_agg(float8send(progress_raw), ''::bytea ORDER BY "on")
FROM okrs_progressrecord
WHERE organization_id = %(organization)s AND key_result_id = ANY(%(ids)s::uuid[]) AND "on" <= %(last)s
GROUP BY key_result_id
"""
