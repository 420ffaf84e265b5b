"""The rows that a reading needs as they were known at a past instant."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from typing import Any
from uuid import UUID

from accounts.models import Department, Member, Organization
from kpis.compute.known import Known, known_at
from kpis.models import Kpi
from okrs.following.facts import Said
from okrs.following.storing import facts_of
from okrs.models import (
    CheckIn,
    CheckInRevision,
    Cycle,
    CycleVersion,
    KeyResult,
    KeyResultVersion,
    Milestone,
    Objective,
    ObjectiveVersion,
)
from okrs.models.arrays import among
from okrs.models.choices import CycleState
from okrs.reading.details import Details
from okrs.reading.history import NOTHING_YET, History
from okrs.reading.rows import Rows, steps_of, stored_histories


def known_rows(
    organization: Organization,
    instant: dt.datetime,
    objectives: Collection[UUID] | None,
    key_results: Collection[UUID] = (),
) -> Rows:
    """The same as it was known at an instant; what was not there yet, or not any more, is left out."""
    past = _Past(organization, instant)
    versions = KeyResultVersion.objects.known_at(instant)
    if objectives is None:
        versions = versions.filter(key_result__in=among(key_results))
    else:
        versions = versions.filter(key_result__objective__in=among(objectives))
    definitions = dict(versions.values_list("key_result_id", "definition"))
    stored = KeyResult.ever.filter(pk__in=among(definitions)).in_order()
    own = [row for one in stored if (row := past.key_result(one, definitions[one.pk]))]
    ids = [row.pk for row in own]
    milestones = {row.pk: _milestones(row, definitions[row.pk]["milestones"]) for row in own}
    said = _said(ids, instant)
    steps = {id: steps_of(rows) for id, rows in milestones.items()}
    known = past.known if any(row.kpi_id for row in own) else None
    facts = facts_of(organization, own, steps, {id: _columns(each) for id, each in said.items()}, past.today, known)
    closed = [row.pk for row in own if row.objective.cycle.state == CycleState.CLOSED]
    frozen = dict.fromkeys(closed, NOTHING_YET) | stored_histories(closed)
    histories = {
        one.key_result.pk: frozen[one.key_result.pk] if one.key_result.pk in frozen else History.of(one.records())
        for one in facts
    }
    return Rows(
        [past.objectives[id] for id in objectives or () if id in past.objectives],
        [
            Details(one, histories[id], lambda id: said[id][-1] if id in said else None, milestones.get(id, ()))
            for id, one in ((one.key_result.pk, one) for one in facts)
        ],
    )


class _Past:
    """Cycles, objectives, people and KPIs as they were known at an instant."""

    def __init__(self, organization: Organization, instant: dt.datetime) -> None:
        self.organization = organization
        self.instant = instant
        self.today = organization.today(instant)
        members = Member.objects.filter(organization=organization).select_related("user")
        self.members = {member.pk: member for member in members}
        self.departments = {row.pk: row for row in Department.objects.all()}
        self.kpis = {row.pk: row for row in Kpi.objects.all()}
        self.cycles = self._cycles()
        self.objectives = self._objectives()
        self._known: Known | None = None

    @property
    def known(self) -> Known:
        if self._known is None:
            self._known = known_at(self.organization, self.instant)
        return self._known

    def key_result(self, row: KeyResult, definition: Mapping[str, Any]) -> KeyResult | None:
        """The key result as it was defined; None where its objective was not there."""
        objective = self.objectives.get(UUID(definition["objective_id"]))
        if objective is None:
            return None
        then: KeyResult = _as_defined(row, definition)
        then.objective = objective
        then.owner = self.members.get(then.owner_id) if then.owner_id else None
        then.kpi = self._kpi(then.kpi_id)
        return then

    def _kpi(self, id: UUID | None) -> Kpi | None:
        """A KPI as it was called and measured; one that is gone for good reads nothing."""
        if id is None or id not in self.kpis:
            return None
        then = copy(self.kpis[id])
        told = self.known.definitions.get(id, {})
        for name in ("name", "unit", "decimals", "direction"):
            setattr(then, name, told.get(name, getattr(then, name)))
        return then

    def _cycles(self) -> dict[UUID, Cycle]:
        definitions = dict(CycleVersion.objects.known_at(self.instant).values_list("cycle_id", "definition"))
        return {row.pk: _as_defined(row, definitions[row.pk]) for row in Cycle.objects.all() if row.pk in definitions}

    def _objectives(self) -> dict[UUID, Objective]:
        versions = ObjectiveVersion.objects.known_at(self.instant)
        definitions = dict(versions.values_list("objective_id", "definition"))
        rows = Objective.ever.filter(pk__in=among(definitions)).in_order()
        return {row.pk: self._objective(row, definitions[row.pk]) for row in rows}

    def _objective(self, row: Objective, definition: Mapping[str, Any]) -> Objective:
        then: Objective = _as_defined(row, definition)
        then.cycle = self.cycles[then.cycle_id]
        then.owner = self.members.get(then.owner_id) if then.owner_id else None
        then.department = self.departments.get(then.department_id) if then.department_id else None
        return then


def known_objectives(organization: Organization, instant: dt.datetime) -> dict[UUID, tuple[UUID, UUID | None]]:
    """Each objective that was there at an instant: its cycle, and the objective that it served."""
    versions = ObjectiveVersion.objects.known_at(instant)
    definitions = dict(versions.values_list("objective_id", "definition"))
    of_key_result = dict(KeyResult.ever.values_list("pk", "objective_id"))
    return {
        id: (UUID(told["cycle_id"]), _served(told, of_key_result))
        for id, told in definitions.items()
    }  # fmt: skip


def _served(told: Mapping[str, Any], of_key_result: Mapping[UUID, UUID]) -> UUID | None:
    if told["parent_id"]:
        return UUID(told["parent_id"])
    return of_key_result.get(UUID(told["parent_key_result_id"])) if told["parent_key_result_id"] else None


def _as_defined(row: Any, definition: Mapping[str, Any]) -> Any:
    """A row with the columns of a version."""
    then = copy(row)
    then._state = copy(row._state)
    then._state.fields_cache = {}
    for name, value in definition.items():
        if name != "milestones":
            setattr(then, name, _from_json(name, value))
    return then


def _from_json(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name.endswith("_id"):
        return UUID(value)
    if name.endswith("_at"):
        return dt.datetime.fromisoformat(value)
    return dt.date.fromisoformat(value) if name.endswith("_on") else value


def _milestones(key_result: KeyResult, told: Iterable[Mapping[str, Any]]) -> list[Milestone]:
    return [
        Milestone(
            id=UUID(one["id"]),
            key_result=key_result,
            title=one["title"],
            weight=one["weight"],
            done_on=_from_json("done_on", one["done_on"]),
            position=position,
        )
        for position, one in enumerate(told)
    ]


def _said(ids: Collection[UUID], instant: dt.datetime) -> dict[UUID, list[CheckIn]]:
    """What had been said by an instant, and not been corrected, by key result and day."""
    standing = CheckIn.objects.of(ids).recorded_by(instant).select_related("member__user")
    corrected = CheckInRevision.objects.standing_at(instant).filter(key_result__in=among(ids))
    said = [*standing, *map(_check_in, corrected.select_related("member__user"))]
    by_key_result: dict[UUID, list[CheckIn]] = defaultdict(list)
    for one in sorted(said, key=lambda one: one.on):
        by_key_result[one.key_result_id].append(one)
    return by_key_result


def _columns(said: Sequence[CheckIn]) -> Said:
    return Said([one.on for one in said], [one.value for one in said], [one.confidence for one in said])


def _check_in(revision: CheckInRevision) -> CheckIn:
    columns = ("id", "organization_id", "key_result_id", "on", "value", "confidence", "comment", "recorded_at")
    said = CheckIn(**{name: getattr(revision, name) for name in columns})
    said.member, said.token_id = revision.member, revision.token_id
    return said
