"""Setting, changing, linking, ordering and removing key results."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from accounts.actors import Actor
from accounts.audit import differences, record
from accounts.errors import refusal
from kpis.models import Kpi
from kpis.models.choices import Aggregation, Source
from okrs.actions.changing import announce, lock_objectives, stored_key_result, stored_objective
from okrs.actions.milestones import MilestoneSpec, store_milestones
from okrs.actions.objectives import refuse_aligned
from okrs.actions.permissions import require_edit_key_result, require_edit_objective
from okrs.actions.refusals import accepted, one_line
from okrs.actions.versioning import end_versions, keep_key_result
from okrs.actions.wellformed import refuse_malformed_key_result
from okrs.following.storing import follow_by_id, forget
from okrs.models import CheckIn, KeyResult, Objective
from okrs.models.choices import Cadence, KeyResultKind, Reads

FIELDS: Final = frozenset(
    "title owner kind kpi reads unit start target low high checkpoints plan cadence cadence_day weight".split()
)
# What is promised: changing it once somebody has checked in needs a reason.
PROMISED: Final = frozenset("kind start target low high".split())
# What progress follows from.
FOLLOWED: Final = FIELDS - {"title", "owner", "weight"}
NUMBERS: Final = {
    KeyResultKind.METRIC: {"start", "target"},
    KeyResultKind.AT_LEAST: {"low"},
    KeyResultKind.AT_MOST: {"high"},
    KeyResultKind.BETWEEN: {"low", "high"},
    KeyResultKind.MILESTONES: set[str](),
}
USUAL_DAY: Final = {Cadence.WEEKLY: 4, Cadence.BIWEEKLY: 4, Cadence.MONTHLY: 31, Cadence.QUARTERLY: 31}


@transaction.atomic
def create_key_result(
    actor: Actor,
    objective: Objective,
    *,
    now: dt.datetime,
    title: str,
    milestones: Sequence[MilestoneSpec] = (),
    **fields: Any,
) -> KeyResult:
    """Measure an objective by one more key result. ``fields`` as in ``FIELDS``; the owner is the objective's unless
    another one is given, and the unit that of the KPI.

    Raises ValidationError by field, and PermissionDenied for whom would have to ask an editor.
    """
    given = accepted({"title": title, **fields}, FIELDS, "A key result")
    require_edit_objective(actor, objective)
    organization = lock_objectives()
    stored = stored_objective(objective)
    key_result = KeyResult(objective=stored, owner=stored.owner, created_at=now, position=_next_position(stored))
    _assign(key_result, given)
    refuse_malformed_key_result(key_result, organization, FIELDS, milestones=len(milestones), now=now)
    key_result.save(force_insert=True)
    store_milestones(key_result, milestones, today=organization.today(now))
    changes = {name: (None, getattr(key_result, name)) for name in ("objective", *given) if getattr(key_result, name)}
    record(actor, "key_result.created", key_result, now=now, changes=changes)
    keep_key_result(actor, key_result, now=now)
    follow_by_id(organization, [key_result.pk], today=organization.today(now))
    announce()
    return key_result


def update_key_result(
    actor: Actor, key_result: KeyResult, *, now: dt.datetime, reason: str = "", **changed: Any
) -> KeyResult:
    """Change a key result. What it is to reach needs a ``reason`` once somebody has checked in; both stay known."""
    given = accepted(changed, FIELDS, "A key result")
    require_edit_key_result(actor, key_result)
    organization = lock_objectives()
    before, after = stored_key_result(key_result), stored_key_result(key_result)
    require_edit_key_result(actor, before)
    _assign(after, given)
    changes = differences(before, {name: getattr(after, name) for name in sorted(FIELDS)})
    if not changes:
        return after
    milestones = after.milestones.count()
    refuse_malformed_key_result(after, organization, changes, milestones=milestones, now=now, before=before)
    _require_reason(before, changes, reason)
    after.save()
    told = changes | ({"reason": (None, reason.strip())} if reason.strip() else {})
    record(actor, "key_result.changed", after, now=now, changes=told)
    keep_key_result(actor, after, now=now, reason=reason.strip())
    if FOLLOWED & changes.keys():
        follow_by_id(organization, [after.pk], today=organization.today(now))
    announce()
    return after


def link_kpi(
    actor: Actor, key_result: KeyResult, kpi: Kpi | None, *, now: dt.datetime, reads: str = "", reason: str = ""
) -> KeyResult:
    """Let a KPI's data move a key result from now on, or let its owner again. Refused, saying what would be right: an
    archived KPI, one of another unit, and a target against its direction."""
    return update_key_result(actor, key_result, now=now, reason=reason, kpi=kpi, reads=reads)


def remove_key_result(actor: Actor, key_result: KeyResult, *, now: dt.datetime) -> None:
    """Take a key result away; what it was stays known at past instants. Refused while objectives are aligned to it."""
    require_edit_key_result(actor, key_result)
    organization = lock_objectives()
    stored = stored_key_result(key_result)
    require_edit_key_result(actor, stored)
    refuse_aligned(stored.title, Objective.objects.filter(parent_key_result=stored))
    KeyResult.objects.filter(pk=stored.pk).update(removed_at=now, kpi=None, reads="")
    record(actor, "key_result.removed", stored, now=now, changes={"objective": (stored.objective, None)})
    end_versions([], [stored.pk], now=now)
    forget(organization, [stored.pk])
    announce()


def reorder_key_results(actor: Actor, key_results: Sequence[KeyResult], *, now: dt.datetime) -> None:
    """Have these key results of one objective follow each other in this order."""
    lock_objectives()
    if not key_results:
        return
    if len({row.pk for row in key_results}) != len(key_results):
        raise refusal("key_results", "A key result stands in the order twice; name each once.", "repeated")
    if len({row.objective_id for row in key_results}) > 1:
        raise refusal("key_results", "Only key results of one objective have an order.", "objectives")
    objective = stored_objective(key_results[0].objective)
    require_edit_objective(actor, objective)
    moved = [(row, position) for position, row in enumerate(key_results) if row.position != position]
    for row, position in moved:
        row.position = position
        row.save(update_fields=["position"])
    if moved:
        order = [row.title for row in key_results]
        record(actor, "key_result.reordered", objective, now=now, changes={"order": (None, order)})
        announce()


def usual_reads(kpi: Kpi, kind: str) -> str:
    """How a key result reads a KPI unless it says otherwise: a stock's latest value, else the last complete period."""
    is_stock = kpi.source == Source.MEASURED and kpi.aggregation == Aggregation.LAST
    return Reads.LATEST if is_stock and kind == KeyResultKind.METRIC else Reads.LAST_COMPLETE


def _assign(key_result: KeyResult, given: Mapping[str, Any]) -> None:
    """Take what is given; numbers that the kind does not have are forgotten unless they are given, which is refused."""
    for name, value in given.items():
        setattr(key_result, name, one_line(value) if name == "title" else value)
    if "kind" in given and key_result.kind in NUMBERS:
        for name in {"start", "target", "low", "high"} - NUMBERS[KeyResultKind(key_result.kind)] - given.keys():
            setattr(key_result, name, None)
        if key_result.kind != KeyResultKind.METRIC and "checkpoints" not in given:
            key_result.checkpoints = []
        if key_result.is_keep and "plan" not in given:
            key_result.plan = []
    _settle_kpi(key_result, given)
    if "cadence" in given and "cadence_day" not in given and key_result.cadence in USUAL_DAY:
        key_result.cadence_day = USUAL_DAY[Cadence(key_result.cadence)]


def _settle_kpi(key_result: KeyResult, given: Mapping[str, Any]) -> None:
    kpi = key_result.kpi
    if kpi is None:
        key_result.reads = given.get("reads", "")
        return
    if "unit" not in given and key_result._state.adding:
        key_result.unit = kpi.unit
    if not given.get("reads") and ("kpi" in given or not key_result.reads):
        key_result.reads = usual_reads(kpi, key_result.kind)


def _require_reason(before: KeyResult, changes: Mapping[str, Any], reason: str) -> None:
    if PROMISED & changes.keys() and not reason.strip() and CheckIn.objects.filter(key_result=before).exists():
        detail = "Somebody has checked in on it already, so say in a few words why it changes."
        raise refusal("reason", detail, "reason_required")


def _next_position(objective: Objective) -> int:
    last: int | None = KeyResult.objects.filter(objective=objective).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
