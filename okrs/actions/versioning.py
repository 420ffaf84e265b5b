"""Keeping what definitions were: a version for every change, in the transaction of the change."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from accounts.actors import Actor
from okrs.models import (
    Cycle,
    CycleVersion,
    KeyResult,
    KeyResultVersion,
    Milestone,
    Objective,
    ObjectiveVersion,
)

CYCLE: Final = ("name", "length", "starts_on", "ends_on", "state", "closed_at", "closed_on")
OBJECTIVE: Final = (
    "cycle_id", "title", "description", "department_id", "owner_id", "parent_id", "parent_key_result_id", "kind",
    "progress_from", "weight", "carried_from_id", "grade", "grade_reason",
)  # fmt: skip
KEY_RESULT: Final = (
    "objective_id", "title", "owner_id", "kind", "kpi_id", "reads", "unit", "start", "target", "low", "high",
    "checkpoints", "plan", "cadence", "cadence_day", "weight", "carried_from_id", "grade", "grade_reason",
)  # fmt: skip


def keep_cycle(actor: Actor, cycle: Cycle, *, now: dt.datetime) -> None:
    """Record a cycle's definition as the one in force from now on; nothing happens where it is already."""
    _keep(CycleVersion, "cycle", cycle.pk, _columns(cycle, CYCLE), actor, now, "")


def keep_objective(actor: Actor, objective: Objective, *, now: dt.datetime) -> None:
    _keep(ObjectiveVersion, "objective", objective.pk, _columns(objective, OBJECTIVE), actor, now, "")


def keep_key_result(actor: Actor, key_result: KeyResult, *, now: dt.datetime, reason: str = "") -> None:
    """The same with its milestones, which must be stored already."""
    milestones = Milestone.objects.filter(key_result=key_result).in_order()
    definition = _columns(key_result, KEY_RESULT) | {"milestones": [_milestone(row) for row in milestones]}
    _keep(KeyResultVersion, "key_result", key_result.pk, definition, actor, now, reason)


def end_versions(objectives: Iterable[UUID], key_results: Iterable[UUID], *, now: dt.datetime) -> None:
    """From now on there are none of these any more; what they were stays known."""
    of_objectives = ObjectiveVersion.objects.filter(objective__in=list(objectives), replaced_at=None)
    of_objectives.update(replaced_at=now)
    KeyResultVersion.objects.filter(key_result__in=list(key_results), replaced_at=None).update(replaced_at=now)


def _keep(
    model: Any, subject: str, pk: UUID, definition: dict[str, Any], actor: Actor, now: dt.datetime, reason: str
) -> None:
    current = model.objects.filter(**{subject: pk}, replaced_at=None).first()
    if current and current.definition == definition:
        return
    if current:
        model.objects.filter(pk=current.pk).update(replaced_at=now)
    model.objects.create(
        **{f"{subject}_id": pk},
        recorded_at=now,
        member=actor.member,
        token=actor.token,
        reason=reason,
        definition=definition,
    )


def _columns(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _milestone(row: Milestone) -> dict[str, Any]:
    return {"id": str(row.pk), "title": row.title, "weight": row.weight, "done_on": _plain(row.done_on)}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
