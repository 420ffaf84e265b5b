"""The rows that a reading needs as they are stored now.

A cycle has thousands of them. So what many rows refer to is loaded once for all of them instead of with each, what
there is of a key result day by day arrives as one row of arrays, and check-ins as a whole only if one is asked for.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.functional import cached_property

from accounts.models import Department, Member, Organization
from kpis.models import Kpi
from okrs.following.facts import NOTHING_SAID, Facts
from okrs.following.readings import NOTHING, outlines
from okrs.following.storing import by_day, said_in
from okrs.models import CheckIn, Cycle, KeyResult, Milestone, Objective, ProgressRecord
from okrs.models.arrays import among
from okrs.models.check_ins import CheckInQuerySet
from okrs.reading.details import Details
from okrs.reading.history import NOTHING_YET, History


@dataclass(frozen=True)
class Rows:
    """Objectives and key results, each in order."""

    objectives: list[Objective]
    key_results: list[Details]


def stored_rows(
    organization: Organization, on: dt.date, objectives: Collection[UUID] | None, key_results: Collection[UUID] = ()
) -> Rows:
    """Everything of these objectives, or with None of these key results alone, as it is stored now."""
    if objectives is None:
        return Rows([], stored_details(organization, _key_results(key_results), on))
    found = stored_objectives(objectives)
    own = key_results_of({row.pk: row for row in found})
    refer_to_owners(organization, [*found, *own])
    return Rows(found, stored_details(organization, own, on))


def stored_details(organization: Organization, own: Sequence[KeyResult], on: dt.date) -> list[Details]:
    """Everything of these key results."""
    ids = [row.pk for row in own]
    histories, milestones = stored_histories(ids), _milestones(ids)
    check_ins = CheckIn.objects.of(ids).filter(on__lte=on)
    said, last_said = said_in(check_ins), _Latest(organization, check_ins)
    read = outlines(organization, own, {row.pk: histories.get(row.pk, NOTHING_YET).dated for row in own if row.kpi}, on)
    return [
        Details(
            Facts(
                row, row.objective.cycle, organization.fiscal_year_start, steps_of(milestones.get(id, ())),
                said.get(id, NOTHING_SAID), read.get(id, NOTHING), organization.today(row.created_at),
            ),
            histories.get(id, NOTHING_YET),
            last_said,
            milestones.get(id, ()),
        )
        for id, row in zip(ids, own, strict=True)
    ]  # fmt: skip


def stored_histories(key_results: Collection[UUID]) -> dict[UUID, History]:
    """How these key results stood from day to day."""
    rows = ProgressRecord.objects.filter(key_result_id__in=among(key_results))
    return {id: History(*columns) for id, *columns in by_day(rows, "current", "progress_raw")}


def steps_of(milestones: Iterable[Milestone]) -> list[tuple[float, dt.date | None]]:
    """Milestones as plain values."""
    return [(row.weight, row.done_on) for row in milestones]


class _Latest:
    """The last check-in of each key result: they are read together when the first is asked for."""

    def __init__(self, organization: Organization, check_ins: CheckInQuerySet) -> None:
        self._organization, self._check_ins = organization, check_ins

    def __call__(self, key_result_id: UUID) -> CheckIn | None:
        return self._rows.get(key_result_id)

    @cached_property
    def _rows(self) -> dict[UUID, CheckIn]:
        rows = list(self._check_ins.order_by("key_result_id", "-on").distinct("key_result_id"))
        _refer(rows, "member", _people(self._organization))
        return {one.key_result_id: one for one in rows}


def stored_objectives(ids: Collection[UUID]) -> list[Objective]:
    """Objectives in order, with their cycles and departments."""
    rows = list(Objective.objects.filter(pk__in=among(ids)).in_order())
    _refer(rows, "cycle", Cycle.objects.all())
    _refer(rows, "department", Department.objects.all())
    return rows


def key_results_of(objectives: Mapping[UUID, Objective], ids: Collection[UUID] | None = None) -> list[KeyResult]:
    """The key results of these objectives in order, with their KPIs; with ``ids`` those, even if removed meanwhile."""
    present = KeyResult.objects.filter(objective__in=among(objectives))
    own = list((present if ids is None else KeyResult.ever.filter(pk__in=among(ids))).in_order())
    _give(own, "objective", objectives)
    _refer(own, "kpi", Kpi.objects.all())
    return own


def refer_to_owners(organization: Organization, rows: Sequence[Objective | KeyResult]) -> None:
    """Load their owners."""
    _refer(rows, "owner", _people(organization))


def _key_results(ids: Collection[UUID]) -> list[KeyResult]:
    return list(KeyResult.objects.filter(pk__in=among(ids)).with_context().in_order())


def _milestones(key_results: Collection[UUID]) -> dict[UUID, list[Milestone]]:
    found: dict[UUID, list[Milestone]] = defaultdict(list)
    for row in Milestone.objects.filter(key_result__in=among(key_results)).in_order():
        found[row.key_result_id].append(row)
    return found


def _people(organization: Organization) -> "QuerySet[Member]":
    return Member.objects.filter(organization=organization).select_related("user")


def _refer(rows: Sequence[Model], name: str, among_these: "QuerySet[Any]") -> None:
    """Load what rows refer to by a name, one object for all that refer to the same: ``prefetch_related``, which takes
    ten times as long for as many rows."""
    ids = {id for row in rows if (id := getattr(row, f"{name}_id"))}
    _give(rows, name, {one.pk: one for one in among_these.filter(pk__in=among(ids))} if ids else {})


def _give(rows: Sequence[Model], name: str, by_id: Mapping[UUID, Any]) -> None:
    for row in rows:
        row._state.fields_cache[name] = by_id.get(getattr(row, f"{name}_id"))
