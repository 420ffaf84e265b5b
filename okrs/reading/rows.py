"""The rows that a reading needs as they are stored now.

A cycle has thousands of them. So what many rows refer to is loaded once for all of them instead of with each, what
there is of a key result day by day arrives as one row of arrays, and check-ins as a whole only if one is asked for.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
from okrs.reading.history import NOTHING_YET, History


@dataclass(frozen=True)
class Rows:
    """Objectives and key results in order, with what their standing follows from, by the key result's id.

    ``last_said`` gives a key result's last check-in.
    """

    objectives: list[Objective]
    facts: list[Facts]
    histories: Mapping[UUID, History]
    last_said: Callable[[UUID], CheckIn | None]
    milestones: Mapping[UUID, list[Milestone]]


def stored_rows(
    organization: Organization, on: dt.date, objectives: Collection[UUID] | None, key_results: Collection[UUID] = ()
) -> Rows:
    """Everything of these objectives, or with None of these key results alone, as it is stored now."""
    found, own = ([], _key_results(key_results)) if objectives is None else _of_objectives(organization, objectives)
    ids = [row.pk for row in own]
    histories, milestones = stored_histories(ids), _milestones(ids)
    check_ins = CheckIn.objects.of(ids).filter(on__lte=on)
    said = said_in(check_ins)
    read = outlines(organization, own, {row.pk: histories.get(row.pk, NOTHING_YET).dated for row in own if row.kpi}, on)
    return Rows(
        found,
        [
            Facts(
                row, row.objective.cycle, organization.fiscal_year_start, steps_of(milestones.get(id, ())),
                said.get(id, NOTHING_SAID), read.get(id, NOTHING), organization.today(row.created_at),
            )
            for id, row in zip(ids, own, strict=True)
        ],
        histories,
        _Latest(organization, check_ins),
        milestones,
    )  # fmt: skip


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


def _of_objectives(organization: Organization, ids: Collection[UUID]) -> tuple[list[Objective], list[KeyResult]]:
    """Objectives and their key results, each in order."""
    objectives = list(Objective.objects.filter(pk__in=among(ids)).in_order())
    by_id = {row.pk: row for row in objectives}
    key_results = list(KeyResult.objects.filter(objective__in=among(by_id)).in_order())
    _give(key_results, "objective", by_id)
    _refer(objectives, "cycle", Cycle.objects.all())
    _refer(objectives, "department", Department.objects.all())
    _refer(key_results, "kpi", Kpi.objects.all())
    _refer([*objectives, *key_results], "owner", _people(organization))
    return objectives, key_results


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
