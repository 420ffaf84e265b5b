"""Telling the workers which scores no longer follow from what is stored."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from accounts.wakeups import wake
from kpis.models import StaleMark

COMPUTE = "kpis.tasks.compute_scores"


def mark_stale(
    organization_id: UUID,
    kpi_ids: Iterable[UUID],
    *,
    now: dt.datetime,
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> None:
    """Have the scores of these KPIs, and of everything computed from them, made anew.

    ``first`` and ``last`` bound the dates whose values changed, None being open. Call it last in a transaction, as
    ``wake``.
    """
    mark_ranges_stale(organization_id, [(kpi_id, first, last) for kpi_id in dict.fromkeys(kpi_ids)], now=now)


def mark_ranges_stale(
    organization_id: UUID, ranges: Iterable[tuple[UUID, dt.date | None, dt.date | None]], *, now: dt.datetime
) -> None:
    """The same with a range of dates for each KPI: ``(kpi_id, first, last)``."""
    marks = [
        StaleMark(organization_id=organization_id, kpi_id=kpi_id, first_date=first, last_date=last)
        for kpi_id, first, last in ranges
    ]
    # Ignoring conflicts, of which there are none, is the form of bulk insert that Citus takes under row-level security.
    StaleMark.objects.bulk_create(marks, ignore_conflicts=True)
    wake(organization_id, COMPUTE, due_at=now, now=now)
