"""From one cycle into another: what goes on, and what is set again."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.audit import record
from accounts.errors import refusal
from accounts.models import Organization
from okrs.actions.changing import announce, lock_objectives, open_cycle
from okrs.actions.cycles import create_cycle
from okrs.actions.permissions import require_lead
from okrs.actions.versioning import keep_key_result, keep_objective
from okrs.following.readings import span_of
from okrs.following.storing import follow_by_id
from okrs.models import Cycle, KeyResult, Milestone, Objective
from okrs.models.choices import CycleLength, KeyResultKind
from okrs.reading import load_key_results
from okrs.spans import DAY, Span

OBJECTIVE: Final = ("title", "description", "department", "owner", "kind", "progress_from", "weight", "position")
KEY_RESULT: Final = (
    "title", "owner", "kind", "kpi", "reads", "unit", "start", "target", "low", "high", "checkpoints", "cadence",
    "cadence_day", "weight", "position",
)  # fmt: skip


@transaction.atomic
def carry_over(actor: Actor, key_results: Sequence[KeyResult], into: Cycle, *, now: dt.datetime) -> list[KeyResult]:
    """Go on with key results in another cycle, under their objectives, which go on with them.

    A metric starts where it stands; of milestones those go on that are not done. Each knows what it was carried from.
    What was carried over before is not carried over twice.
    """
    require_lead(actor)
    organization = lock_objectives()
    cycle = open_cycle(into)
    ids = [row.pk for row in key_results]
    rows = list(KeyResult.objects.filter(pk__in=ids).with_context().in_order())
    _refuse_repeated(rows, cycle)
    standing = {view.id: view.current for view in load_key_results(organization, ids, organization.today(now))}
    objectives: dict[UUID, Objective] = {}
    carried = []
    for row in rows:
        source = row.objective
        if source.pk not in objectives:
            objectives[source.pk] = _carried_objective(actor, source, cycle, now)
        copy = _copy_key_result(row, objectives[source.pk], now)
        copy.carried_from = row
        _start_from(copy, standing.get(row.pk))
        _store(actor, organization, copy, _unfinished(row), now)
        record(actor, "key_result.carried_over", copy, now=now, changes={"cycle": (source.cycle, cycle)})
        carried.append(copy)
    announce()
    return carried


@transaction.atomic
def clone_cycle(
    actor: Actor,
    cycle: Cycle,
    *,
    now: dt.datetime,
    name: str,
    starts_on: dt.date,
    ends_on: dt.date,
    length: str = CycleLength.CUSTOM,
) -> Cycle:
    """Set the objectives and key results of a cycle again in a new one, with how they are aligned among each other;
    without check-ins and grades, milestones undone, plans moved to the new dates."""
    cloned = create_cycle(actor, now=now, name=name, starts_on=starts_on, ends_on=ends_on, length=length)
    organization = lock_objectives()
    objectives: dict[UUID, Objective] = {}
    key_results: dict[UUID, KeyResult] = {}
    sources = list(Objective.objects.filter(cycle=cycle).with_people().in_order())
    for source in sources:
        objectives[source.pk] = _copy_objective(source, cloned, now)
        objectives[source.pk].save(force_insert=True)
    for row in KeyResult.objects.of_cycle(cycle.pk).with_context().in_order():
        _refuse_archived_kpi(row)
        copy = _copy_key_result(row, objectives[row.objective_id], now)
        copy.plan = _moved(row.plan, span_of(cycle), span_of(cloned))
        if row.objective.cycle.is_closed and copy.is_linked:
            copy.start = None  # that of its KPI, which was settled when the cycle was closed
        steps = [Milestone(title=step.title, weight=step.weight) for step in row.milestones.in_order()]
        _store(actor, organization, copy, steps, now)
        key_results[row.pk] = copy
    for source in sources:
        _align_alike(objectives[source.pk], source, objectives, key_results)
        keep_objective(actor, objectives[source.pk], now=now)
    counts = {"of": (None, cycle), "objectives": (None, len(objectives)), "key results": (None, len(key_results))}
    record(actor, "cycle.cloned", cloned, now=now, changes=counts)
    announce()
    return cloned


def _refuse_repeated(rows: Iterable[KeyResult], into: Cycle) -> None:
    for row in rows:
        if row.objective.cycle_id == into.pk:
            raise refusal("cycle", f"“{row.title}” belongs to {into} already; choose another cycle.", "same_cycle")
        _refuse_archived_kpi(row)
        if KeyResult.objects.filter(carried_from=row, objective__cycle=into).exists():
            raise refusal("key_results", f"“{row.title}” was carried over into {into} already.", "carried_before")


def _refuse_archived_kpi(row: KeyResult) -> None:
    if row.kpi and row.kpi.archived_at:
        detail = f"“{row.title}” is moved by “{row.kpi.name}”, which is archived; restore that first, or leave it out."
        raise refusal("key_results", detail, "archived")


def _carried_objective(actor: Actor, source: Objective, into: Cycle, now: dt.datetime) -> Objective:
    before = Objective.objects.filter(carried_from=source, cycle=into).first()
    if before:
        return before
    copy = _copy_objective(source, into, now)
    copy.carried_from = source
    _keep_alignment(copy, source)
    copy.save(force_insert=True)
    record(actor, "objective.carried_over", copy, now=now, changes={"cycle": (source.cycle, into)})
    keep_objective(actor, copy, now=now)
    return copy


def _keep_alignment(copy: Objective, source: Objective) -> None:
    """It serves what it served where that goes on: in a longer cycle, or carried over as well."""
    parent = source.parent
    if parent and not parent.cycle.is_closed and span_of(parent.cycle).within(span_of(copy.cycle)):
        copy.parent = parent
    elif parent:
        copy.parent = Objective.objects.filter(carried_from=parent, cycle=copy.cycle).first()


def _copy_objective(source: Objective, into: Cycle, now: dt.datetime) -> Objective:
    columns = {name: getattr(source, name) for name in OBJECTIVE}
    copy = Objective(cycle=into, created_at=now, **columns)
    copy.owner = _still_here(copy.owner)
    copy.department = None if copy.department and copy.department.archived_at else copy.department
    return copy


def _copy_key_result(source: KeyResult, objective: Objective, now: dt.datetime) -> KeyResult:
    columns = {name: getattr(source, name) for name in KEY_RESULT}
    copy = KeyResult(objective=objective, created_at=now, **columns)
    copy.owner = _still_here(copy.owner)
    return copy


def _still_here(member: Any) -> Any:
    return None if member is None or member.removed_at else member


def _start_from(copy: KeyResult, current: float | None) -> None:
    """A metric that its owner reports starts where it stands, unless it stands at its target; a KPI's value speaks for
    itself. Checkpoints were those of the way from the former start."""
    if copy.kind != KeyResultKind.METRIC:
        return
    if copy.is_linked:
        copy.start = None
    elif current is not None and current != copy.target:
        copy.start = current
    copy.checkpoints = []


def _unfinished(row: KeyResult) -> list[Milestone]:
    steps = row.milestones.filter(done_on=None).in_order()
    return [Milestone(title=step.title, weight=step.weight) for step in steps]


def _store(
    actor: Actor, organization: Organization, copy: KeyResult, steps: Sequence[Milestone], now: dt.datetime
) -> None:
    copy.save(force_insert=True)
    for position, step in enumerate(steps):
        step.key_result, step.position = copy, position
        step.save(force_insert=True)
    keep_key_result(actor, copy, now=now)
    follow_by_id(organization, [copy.pk], today=organization.today(now))


def _moved(plan: Sequence[tuple[str, float]], before: Span, after: Span) -> list[list[Any]]:
    """A plan for other dates, each at the same share of the cycle; of two that fall on one day the later counts."""
    moved: dict[str, float] = {}
    for on, value in plan:
        share = before.days_elapsed(dt.date.fromisoformat(on)) / before.days
        day = after.starts_on + (max(1, round(share * after.days)) - 1) * DAY
        moved[day.isoformat()] = value
    return [[on, value] for on, value in moved.items()]


def _align_alike(
    copy: Objective, source: Objective, objectives: dict[UUID, Objective], key_results: dict[UUID, KeyResult]
) -> None:
    """As the source among its own; to another cycle's objective where that still goes on."""
    if source.parent_id in objectives:
        copy.parent = objectives[source.parent_id]
    elif source.parent_key_result_id in key_results:
        copy.parent_key_result = key_results[source.parent_key_result_id]
    else:
        _keep_alignment(copy, source)
    copy.save(update_fields=["parent", "parent_key_result"])
