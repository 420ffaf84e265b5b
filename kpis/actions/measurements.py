"""The one path on which measurements are written."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection

from accounts.actors import Actor
from accounts.errors import ConflictError
from accounts.models import Organization
from kpis.actions.permissions import require_feed
from kpis.actions.stale import mark_ranges_stale, mark_stale
from kpis.engine.periods import as_dates
from kpis.ingest import Batch
from kpis.models import Kpi, Measurement, MeasurementRevision, Push
from kpis.models.choices import Source
from kpis.models.measurements import Via
from kpis.staging import Column, staged, uuids

TYPES = {"kpi_id": "uuid", "date": "date", "value": "float8", "note": "text"}
# A fraction above this where the history is below 1 looks like percent points.
SUSPICIOUS_FRACTION = 1.5


@dataclass(frozen=True)
class Warning:
    """Something stored as sent that its sender may want to look at."""

    kpi_id: UUID
    code: str
    detail: str


@dataclass
class Recorded:
    """What a push did. Items that a later one of the same KPI and date replaced are received only."""

    received: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    warnings: list[Warning] = field(default_factory=list)


def record_measurements(
    actor: Actor, batch: Batch, *, organization: Organization, via: Via, now: dt.datetime
) -> Recorded:
    """Store a batch: new values, revisions of those replaced and stale marks, in one transaction.

    Writers of one organization take turns, so that two pushes of the same value leave one revision each. Pushing the
    same again changes nothing.
    """
    recorded = Recorded(received=batch.received, warnings=_suspicious_fractions(batch))
    if not len(batch):
        return recorded
    with _one_writer(organization.pk), staged("staged", TYPES, _columns(batch)) as (source, parameters):
        push = Push(organization=organization, at=now, member=actor.member, token=actor.token, via=via)
        changed = _upsert(push, source, parameters)
    recorded.created = sum(row.created for row in changed)
    recorded.updated = sum(row.updated for row in changed)
    recorded.unchanged = len(batch) - recorded.created - recorded.updated
    if changed:
        push.save(force_insert=True)
        mark_ranges_stale(organization.pk, [(row.kpi_id, row.first, row.last) for row in changed], now=now)
    return recorded


def record_measurement(
    actor: Actor,
    kpi: Kpi,
    date: dt.date,
    value: float,
    *,
    note: str = "",
    organization: Organization,
    via: Via,
    now: dt.datetime,
) -> Recorded:
    """Store one value of a measured KPI."""
    check_may_feed(actor, kpi)
    batch = Batch([kpi.pk], [date], [value], [note], received=1)
    return record_measurements(actor, batch, organization=organization, via=via, now=now)


def remove_measurement(
    actor: Actor, kpi: Kpi, date: dt.date, *, organization: Organization, via: Via, now: dt.datetime
) -> bool:
    """Remove one value, keeping it as a revision; False if there is none."""
    check_may_feed(actor, kpi)
    with _one_writer(organization.pk):
        measurement = Measurement.objects.filter(kpi=kpi, date=date).first()
        if measurement is None:
            return False
        push = Push.objects.create(organization=organization, at=now, member=actor.member, token=actor.token, via=via)
        MeasurementRevision.objects.create(
            organization=organization,
            kpi=kpi,
            date=date,
            value=measurement.value,
            note=measurement.note,
            push_id=measurement.push_id,
            replaced_by_id=push.pk,
        )
        measurement.delete()
    mark_stale(organization.pk, [kpi.pk], first=date, last=date, now=now)
    return True


def check_may_feed(actor: Actor, kpi: Kpi) -> None:
    """Refuse a KPI the actor may not enter values for, and one that takes none."""
    require_feed(actor, kpi)
    if kpi.source != Source.MEASURED:
        raise ConflictError(f"{kpi.key} is computed from other KPIs; enter values for those instead.")
    if kpi.archived_at:
        raise ConflictError(f"{kpi.key} is archived; restore it before entering values.")


def _columns(batch: Batch) -> dict[str, Column]:
    notes = np.empty(len(batch), dtype=object)
    notes[:] = batch.notes
    return {
        "kpi_id": uuids(batch.kpi_ids),
        "date": as_dates(batch.dates),
        "value": np.array(batch.values, dtype=np.float64),
        "note": notes,
    }


@contextmanager
def _one_writer(organization_id: UUID) -> Iterator[None]:
    """Hold the organization's lock for writing measurements until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [str(organization_id)])
    yield


@dataclass(frozen=True)
class _Changed:
    kpi_id: UUID
    first: dt.date
    last: dt.date
    created: int
    updated: int


def _upsert(push: Push, source: str, parameters: dict[str, Any]) -> list[_Changed]:
    """One statement: find what differs, keep what it replaces, write it; answers what changed per KPI.

    What is stored is looked up row by row (a LATERAL with a LIMIT is joined in no other way): otherwise a large push
    reads everything that the organization ever measured.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH changed AS MATERIALIZED (
                SELECT staged.kpi_id, staged.date, staged.value, staged.note,
                       old.kpi_id IS NOT NULL AS existed,
                       old.value AS old_value, old.note AS old_note, old.push_id AS old_push_id
                FROM {source}
                LEFT JOIN LATERAL (
                    SELECT * FROM kpis_measurement
                    WHERE organization_id = %(organization)s AND kpi_id = staged.kpi_id AND date = staged.date
                    LIMIT 1
                ) old ON true
                WHERE old.kpi_id IS NULL OR (old.value, old.note) IS DISTINCT FROM (staged.value, staged.note)
            ), kept AS (
                INSERT INTO kpis_measurementrevision
                    (organization_id, kpi_id, date, value, note, push_id, replaced_by_id)
                SELECT %(organization)s, kpi_id, date, old_value, old_note, old_push_id, %(push)s
                FROM changed WHERE existed
            ), written AS (
                INSERT INTO kpis_measurement (organization_id, kpi_id, date, value, note, push_id)
                SELECT %(organization)s, kpi_id, date, value, note, %(push)s FROM changed ORDER BY kpi_id, date
                ON CONFLICT (organization_id, kpi_id, date) DO UPDATE
                SET value = excluded.value, note = excluded.note, push_id = excluded.push_id
            )
            SELECT kpi_id, min(date), max(date),
                   count(*) FILTER (WHERE NOT existed), count(*) FILTER (WHERE existed)
            FROM changed GROUP BY kpi_id
            """,  # noqa: S608 - the source is one of the two texts above
            {"organization": push.organization_id, "push": push.pk, **parameters},
        )
        return [_Changed(*row) for row in cursor.fetchall()]


def _suspicious_fractions(batch: Batch) -> list[Warning]:
    """Percent values are fractions: 12.5 where the history says 0.125 is stored, and warned about."""
    if max(map(abs, batch.values), default=0) <= SUSPICIOUS_FRACTION:
        return []
    fractions = dict(Kpi.objects.filter(unit__in=("percent", "ratio")).values_list("pk", "key"))
    if not fractions:
        return []
    large = {
        kpi_id for kpi_id, value in zip(batch.kpi_ids, batch.values, strict=True) if abs(value) > SUSPICIOUS_FRACTION
    }
    return [
        Warning(kpi_id, "looks_like_percent", f"{key} holds fractions (0.125 shows as 12.5 %); its history is below 1.")
        for kpi_id, key in fractions.items()
        if kpi_id in large and _history_is_below_one(kpi_id)
    ]


def _history_is_below_one(kpi_id: UUID) -> bool:
    history = Measurement.objects.filter(kpi_id=kpi_id)
    return history.exists() and not history.exclude(value__range=(-1, 1)).exists()
