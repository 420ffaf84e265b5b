"""Telling the workers which scores no longer follow from what is stored."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from accounts.models import Organization
from accounts.wakeups import wake
from kpis.models import Kpi, StaleMark

COMPUTE = "kpis.tasks.compute_scores"
SCORED_SETTINGS = frozenset({"time_zone", "fiscal_year_start", "week_starts_on", "on_track_at", "at_risk_at"})


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


def restate_all(organization: Organization, changed: frozenset[str], *, now: dt.datetime) -> None:
    """Settings that scores follow from changed: all of them are to be made anew."""
    if SCORED_SETTINGS & changed:
        mark_stale(organization.pk, Kpi.objects.values_list("pk", flat=True), now=now)
