"""Loading what key results follow from, and storing their progress: only rows that differ are touched."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import QuerySet

from accounts.models import Organization
from kpis.compute.known import Known
from kpis.staging import array_of
from okrs.following.facts import NOTHING_SAID, Facts, Said
from okrs.following.readings import NOTHING, readings, span_of
from okrs.models import CheckIn, KeyResult, Milestone
from okrs.models.arrays import among
from okrs.models.check_ins import CheckInQuerySet

Row = tuple[UUID, dt.date, float | None, float]


def load_facts(organization: Organization, key_results: Iterable[KeyResult], today: dt.date) -> list[Facts]:
    """The facts of these key results, which come ``with_context``, as they are stored today."""
    rows = list(key_results)
    ids = [row.pk for row in rows]
    steps: dict[UUID, list[tuple[float, dt.date | None]]] = defaultdict(list)
    for milestone in Milestone.objects.filter(key_result__in=among(ids)).in_order():
        steps[milestone.key_result_id].append((milestone.weight, milestone.done_on))
    return facts_of(organization, rows, steps, said_in(CheckIn.objects.of(ids)), today)


def facts_of(
    organization: Organization,
    rows: Sequence[KeyResult],
    steps: dict[UUID, list[tuple[float, dt.date | None]]],
    said: Mapping[UUID, Said],
    today: dt.date,
    known: Known | None = None,
) -> list[Facts]:
    """The same from milestones and check-ins that were loaded already; with ``known`` KPIs are read as known then."""
    linked = [(row, row.kpi, span_of(row.objective.cycle)) for row in rows if row.kpi is not None]
    read = readings(organization, linked, today, known) if linked else {}
    start = (known.organization if known else organization).fiscal_year_start
    return [
        Facts(
            row, row.objective.cycle, start, steps.get(row.pk, []),
            said.get(row.pk, NOTHING_SAID), read.get(row.pk, NOTHING), organization.today(row.created_at),
        )
        for row in rows
    ]  # fmt: skip


def said_in(check_ins: CheckInQuerySet) -> dict[UUID, Said]:
    """What was said by key result."""
    return {id: Said(*columns) for id, *columns in by_day(check_ins, "value", "confidence")}


def by_day(rows: "QuerySet[Any]", *columns: str) -> "QuerySet[Any, tuple[Any, ...]]":
    """(key result, its days, of each column its values on these days), oldest first: thousands of key results have tens
    of rows each, and as arrays they arrive in a third of the time."""
    arrays = {f"{column}_by_day": ArrayAgg(column, order_by="on") for column in ("on", *columns)}
    found: QuerySet[Any, tuple[Any, ...]] = rows.order_by().values_list("key_result_id").annotate(**arrays)
    return found


def follow(organization: Organization, key_results: Iterable[KeyResult], *, today: dt.date) -> int:
    """Bring the stored progress of these key results up to date; answers how many rows changed.

    Call it with the organization's definitions locked, so that nobody writes what follows from older facts.
    """
    facts = load_facts(organization, key_results, today)
    return _store(organization, [one.key_result.pk for one in facts], list(_rows(facts)))


def follow_by_id(organization: Organization, ids: Iterable[UUID], *, today: dt.date) -> int:
    """The same for key results by their ids, as far as they are there still."""
    return follow(organization, KeyResult.objects.filter(pk__in=among(ids)).with_context(), today=today)


def forget(organization: Organization, ids: Iterable[UUID]) -> None:
    """Remove the stored progress of key results that are no more."""
    _store(organization, list(ids), [])


def differing(organization: Organization, key_results: Iterable[KeyResult], today: dt.date) -> list[tuple[UUID, Any]]:
    """(key result, day) of every stored row that is not what it should be, or is not there; changes nothing."""
    facts = load_facts(organization, key_results, today)
    scope = _scope(organization, [one.key_result.pk for one in facts], list(_rows(facts)))
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERING, scope)
        return list(cursor.fetchall())


def _rows(facts: Iterable[Facts]) -> Iterator[Row]:
    for one in facts:
        for record in one.records():
            yield one.key_result.pk, record.on, record.current, record.progress_raw


def _store(organization: Organization, ids: Sequence[UUID], rows: Sequence[Row]) -> int:
    scope = _scope(organization, ids, rows)
    with connection.cursor() as cursor:
        cursor.execute(_REMOVE, scope)
        removed = cursor.rowcount
        cursor.execute(_UPSERT, scope)
        return int(removed + cursor.rowcount)


def _scope(organization: Organization, ids: Sequence[UUID], rows: Sequence[Row]) -> dict[str, Any]:
    return {
        "organization": organization.pk,
        "ids": array_of(ids),
        "id": array_of(id for id, *_ in rows),
        "on": array_of(on for _, on, *_ in rows),
        "current": array_of("NULL" if current is None else repr(current) for _, _, current, _ in rows),
        "progress": array_of(repr(progress) for *_, progress in rows),
    }


_WANTED: Final = (
    "unnest(%(id)s::uuid[], %(on)s::date[], %(current)s::float8[], %(progress)s::float8[]) "
    'AS wanted (key_result_id, "on", current, progress_raw)'
)
_REMOVE: Final = f"""
DELETE FROM okrs_progressrecord record
WHERE record.organization_id = %(organization)s AND record.key_result_id = ANY(%(ids)s::uuid[]) AND NOT EXISTS (
    SELECT FROM {_WANTED} WHERE wanted.key_result_id = record.key_result_id AND wanted."on" = record."on")
"""  # noqa: S608 - constants of this module
_UPSERT: Final = f"""
INSERT INTO okrs_progressrecord (organization_id, key_result_id, "on", current, progress_raw)
SELECT %(organization)s, wanted.* FROM {_WANTED}
ORDER BY wanted.key_result_id, wanted."on"
ON CONFLICT (organization_id, key_result_id, "on") DO UPDATE
SET current = excluded.current, progress_raw = excluded.progress_raw
WHERE (okrs_progressrecord.current, okrs_progressrecord.progress_raw)
    IS DISTINCT FROM (excluded.current, excluded.progress_raw)
"""  # noqa: S608 - constants of this module
_DIFFERING: Final = f"""
SELECT coalesce(wanted.key_result_id, record.key_result_id), coalesce(wanted."on", record."on")
FROM {_WANTED}
FULL JOIN (
    SELECT * FROM okrs_progressrecord WHERE organization_id = %(organization)s AND key_result_id = ANY(%(ids)s::uuid[])
) record ON record.key_result_id = wanted.key_result_id AND record."on" = wanted."on"
WHERE (record."on", record.current, record.progress_raw)
    IS DISTINCT FROM (wanted."on", wanted.current, wanted.progress_raw)
ORDER BY 1, 2
"""  # noqa: S608 - constants of this module
