"""Grades, and the end of a cycle."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.audit import record
from accounts.errors import ConflictError
from accounts.models import AuditEntry, Organization
from kpis.actions.refusing import raise_all
from kpis.words import day
from okrs.actions.changing import announce, lock_objectives, stored_key_result
from okrs.actions.cycles import LONGEST_TEXT
from okrs.actions.permissions import require_edit_key_result, require_lead
from okrs.actions.refusals import Problem, refuse
from okrs.actions.versioning import keep_cycle, keep_key_result, keep_objective
from okrs.following.storing import follow
from okrs.models import Cycle, KeyResult
from okrs.models.choices import CycleState
from okrs.progress import objective_grade, proposed_grade
from okrs.reading import CycleView, KeyResultView, ObjectiveView, load_cycle, load_key_result

# A grade this near to the proposed one is that one, shown in whole hundredths.
SAME: Final = 0.005
LONGEST_REASON: Final = 2000


@dataclass(frozen=True)
class Grade:
    """What somebody decided, from 0 to 1, with the reason where that is not what was proposed."""

    grade: float
    reason: str = ""


def propose_grades(organization: Organization, cycle: Cycle, on: dt.date) -> dict[UUID, Grade]:
    """The grade of every key result of a cycle if it were closed now: the one it was given already, else its progress
    within 0 to 1. Writes nothing."""
    view = load_cycle(organization, cycle, on)
    return {one.id: _decided(one, None) for one in view.key_results}


def grade_key_result(
    actor: Actor, key_result: KeyResult, *, now: dt.datetime, grade: float | None, reason: str = ""
) -> KeyResult:
    """Decide on a grade ahead of the cycle's end; None takes that back. Another one than proposed needs a reason."""
    require_edit_key_result(actor, key_result)
    organization = lock_objectives()
    stored = stored_key_result(key_result)
    require_edit_key_result(actor, stored)
    view = load_key_result(organization, stored, organization.today(now))
    given = None if grade is None else Grade(grade, reason.strip())
    refuse(stored, [*(field.name for field in stored._meta.fields)], _grade_problems(view, given))
    before = stored.grade
    stored.proposed_grade = view.proposed_grade if given else None
    stored.grade, stored.grade_reason = (given.grade, given.reason) if given else (None, "")
    stored.save(update_fields=["proposed_grade", "grade", "grade_reason"])
    changes = {"grade": (before, stored.grade), "reason": (None, stored.grade_reason or None)}
    record(actor, "key_result.graded", stored, now=now, changes=changes)
    keep_key_result(actor, stored, now=now)
    announce()
    return stored


@transaction.atomic
def close_cycle(
    actor: Actor,
    cycle: Cycle,
    *,
    now: dt.datetime,
    grades: Mapping[UUID, Grade] | None = None,
    objective_grades: Mapping[UUID, Grade] | None = None,
    learned: str | None = None,
    carry_on: str | None = None,
) -> Cycle:
    """Grade every key result and objective, and let nothing in the cycle change any more.

    ``grades`` by key result and ``objective_grades`` by objective are what was decided otherwise than proposed, each
    with its reason; what is wrong with one is raised by its id. Who comes second is told who was first, and changes
    nothing.
    """
    require_lead(actor)
    organization = lock_objectives()
    stored = Cycle.objects.get(pk=cycle.pk)
    refuse_unless_active(stored)
    today = organization.today(now)
    follow(organization, KeyResult.objects.of_cycle(stored.pk).with_context(), today=today)
    view = load_cycle(organization, stored, today)
    _refuse_grades(view, grades or {}, objective_grades or {})
    for objective in view.objectives:
        _grade(actor, objective, grades or {}, objective_grades or {}, now)
    for name, text in (("learned", learned), ("carry_on", carry_on)):
        if text is not None:
            setattr(stored, name, text.strip())
    refuse(stored, ["learned", "carry_on"], _retrospective_problems(stored))
    stored.state, stored.closed_at, stored.closed_on = CycleState.CLOSED, now, today
    stored.save()
    graded = {"key results": (None, len(view.key_results)), "objectives": (None, len(view.objectives))}
    record(actor, "cycle.closed", stored, now=now, changes=graded)
    keep_cycle(actor, stored, now=now)
    announce()
    return stored


def refuse_unless_active(cycle: Cycle) -> None:
    """Raise a ConflictError for a cycle that cannot be closed: not begun yet, or closed before, by whom and when."""
    if cycle.state == CycleState.PLANNING:
        detail = f"“{cycle.name}” is still being planned. Activate it first, or remove it if it is not needed."
        raise ConflictError(detail)
    if cycle.is_closed and cycle.closed_on:
        closing: QuerySet[AuditEntry] = AuditEntry.objects.filter(action="cycle.closed", subject_id=cycle.pk)
        entry = closing.select_related("member__user", "token").order_by("-at").first()
        who = (entry.member or entry.token) if entry else None
        by = f" by {who}" if who else ""
        raise ConflictError(f"“{cycle.name}” was closed{by} on {day(cycle.closed_on)}. Nothing was changed again.")


def _refuse_grades(view: CycleView, grades: Mapping[UUID, Grade], objective_grades: Mapping[UUID, Grade]) -> None:
    errors: dict[str, list[ValidationError]] = {}
    of_key_results = {one.id: one for one in view.key_results}
    for id, grade in grades.items():
        one = of_key_results.get(id)
        found = _grade_problems(one, grade) if one else [("grade", "There is no such key result in it.", "unknown")]
        _add(errors, str(id), found)
    for id, grade in objective_grades.items():
        objective = view.by_id.get(id)
        known = [*_range_problems(grade), *_reason_problems(grade)] if objective else [_UNKNOWN]
        _add(errors, str(id), known)
    raise_all(errors)


def _add(errors: dict[str, list[ValidationError]], id: str, problems: Iterator[Problem] | Sequence[Problem]) -> None:
    for field, detail, code in problems:
        errors.setdefault(id, []).append(ValidationError(detail, code=code, params={"field": field}))


_UNKNOWN: Final = ("grade", "There is no such objective in it.", "unknown")


def _grade_problems(view: KeyResultView, given: Grade | None) -> Iterator[Problem]:
    if given is None:
        return
    yield from _range_problems(given)
    if not given.reason.strip() and abs(given.grade - view.proposed_grade) > SAME:
        detail = f"Its progress proposes {view.proposed_grade:.2f}; say in a few words why it is another grade."
        yield "reason", detail, "reason_required"
    elif len(given.reason) > LONGEST_REASON:
        yield "reason", f"Say it in {LONGEST_REASON:,} characters at most.", "max_length"


def _range_problems(given: Grade) -> Iterator[Problem]:
    if not isfinite(given.grade) or not 0 <= given.grade <= 1:
        yield "grade", "A grade goes from 0.0 to 1.0.", "range"


def _reason_problems(given: Grade) -> Iterator[Problem]:
    if not given.reason.strip():
        detail = "An objective’s grade is the mean of its key results’; say in a few words why it is another one."
        yield "reason", detail, "reason_required"


def _retrospective_problems(cycle: Cycle) -> Iterator[Problem]:
    for name in ("learned", "carry_on"):
        if len(getattr(cycle, name)) > LONGEST_TEXT:
            yield name, f"Say it in {LONGEST_TEXT:,} characters at most.", "max_length"


def _grade(
    actor: Actor,
    view: ObjectiveView,
    grades: Mapping[UUID, Grade],
    objective_grades: Mapping[UUID, Grade],
    now: dt.datetime,
) -> None:
    for one in view.key_results:
        decided = _decided(one, grades.get(one.id))
        row = KeyResult.objects.get(pk=one.id)
        row.proposed_grade, row.grade, row.grade_reason = one.proposed_grade, decided.grade, decided.reason
        # Where it started is settled with it: a KPI's value before the cycle may still be corrected.
        row.start = one.start if one.start != row.target else row.start
        row.save(update_fields=["start", "proposed_grade", "grade", "grade_reason"])
        one.key_result.grade = decided.grade
        keep_key_result(actor, row, now=now)
    objective = view.objective
    own = objective_grades.get(view.id)
    objective.grade, objective.grade_reason = (own.grade, own.reason.strip()) if own else (_mean(view), "")
    objective.save(update_fields=["grade", "grade_reason"])
    keep_objective(actor, objective, now=now)


def _decided(view: KeyResultView, given: Grade | None) -> Grade:
    """What is given now, else what was decided before, else what is proposed."""
    if given:
        return Grade(given.grade, given.reason.strip())
    if view.grade is not None:
        return Grade(view.grade, view.key_result.grade_reason)
    return Grade(view.proposed_grade)


def _mean(view: ObjectiveView) -> float | None:
    """The weighted mean of its key results' grades; without any its progress; None where nothing could be averaged."""
    if view.key_results:
        return objective_grade([(one.key_result.grade, one.key_result.weight) for one in view.key_results])
    return proposed_grade(view.standing.progress) if view.status != "no_data" else None
