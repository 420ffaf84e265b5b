"""Making, changing, opening and removing cycles."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from accounts.actors import Actor
from accounts.audit import differences, record
from accounts.errors import ConflictError
from accounts.models import Organization
from kpis.words import day
from okrs.actions.changing import announce, lock_objectives, open_cycle
from okrs.actions.permissions import require_lead
from okrs.actions.refusals import Problem, accepted, one_line, refuse, text_problems
from okrs.actions.versioning import keep_cycle
from okrs.following.storing import follow
from okrs.models import CheckIn, Cycle, CycleVersion, KeyResult, Milestone, Objective
from okrs.models.choices import CycleLength, CycleState

FIELDS: Final = frozenset("name length starts_on ends_on".split())
# The retrospective may be written before the cycle is closed, and corrected afterwards.
RETROSPECTIVE: Final = frozenset({"learned", "carry_on"})
LONGEST_DAYS: Final = 3 * 366
LONGEST_TEXT: Final = 10_000


def create_cycle(
    actor: Actor,
    *,
    now: dt.datetime,
    name: str,
    starts_on: dt.date,
    ends_on: dt.date,
    length: str = CycleLength.CUSTOM,
) -> Cycle:
    """Plan a cycle from ``starts_on`` to ``ends_on``, both inclusive. Raises ValidationError by field."""
    require_lead(actor)
    lock_objectives()
    cycle = Cycle(name=one_line(name), starts_on=starts_on, ends_on=ends_on, length=length, created_at=now)
    _refuse_malformed(cycle)
    cycle.save(force_insert=True)
    given = {name: (None, getattr(cycle, name)) for name in ("name", "starts_on", "ends_on")}
    record(actor, "cycle.created", cycle, now=now, changes=given)
    keep_cycle(actor, cycle, now=now)
    announce()
    return cycle


def update_cycle(actor: Actor, cycle: Cycle, *, now: dt.datetime, **changed: Any) -> Cycle:
    """Rename a cycle, change its dates, or write its retrospective, which may be corrected once it is closed, too.

    ``changed`` as in ``FIELDS`` and ``RETROSPECTIVE``.
    """
    require_lead(actor)
    given = accepted(changed, FIELDS | RETROSPECTIVE, "A cycle")
    organization = lock_objectives()
    before = Cycle.objects.get(pk=cycle.pk) if given.keys() <= RETROSPECTIVE else open_cycle(cycle)
    after = Cycle.objects.get(pk=cycle.pk)
    for name, value in given.items():
        setattr(after, name, one_line(value) if name == "name" else value)
    changes = differences(before, {name: getattr(after, name) for name in sorted(FIELDS | RETROSPECTIVE)})
    if changes:
        _refuse_malformed(after, before)
        after.save()
        record(actor, "cycle.changed", after, now=now, changes=changes)
        keep_cycle(actor, after, now=now)
        _follow_dates(organization, after, changes, now)
        announce()
    return after


def activate_cycle(actor: Actor, cycle: Cycle, *, now: dt.datetime) -> Cycle:
    """Planning is over: from now on check-ins are due. Others may be active at the same time."""
    require_lead(actor)
    lock_objectives()
    stored = open_cycle(cycle)
    if stored.state == CycleState.ACTIVE:
        raise ConflictError(f"“{stored.name}” is active already.")
    stored.state = CycleState.ACTIVE
    stored.save(update_fields=["state"])
    record(actor, "cycle.activated", stored, now=now)
    keep_cycle(actor, stored, now=now)
    announce()
    return stored


def remove_cycle(actor: Actor, cycle: Cycle, *, now: dt.datetime) -> None:
    """Remove a cycle in which nothing was ever set."""
    require_lead(actor)
    lock_objectives()
    stored = open_cycle(cycle)
    count = Objective.ever.filter(cycle=stored).count()
    if count:
        noun = "objective was" if count == 1 else "objectives were"
        raise ConflictError(f"{count} {noun} set in “{stored.name}”, so it stays. Close it when it is over.")
    record(actor, "cycle.removed", stored, now=now)
    CycleVersion.objects.filter(cycle=stored).delete()
    stored.delete()
    announce()


def _refuse_malformed(cycle: Cycle, before: Cycle | None = None) -> None:
    refuse(cycle, ["learned", "carry_on"], [*text_problems(cycle, "name", "learned", "carry_on"), *_problems(cycle)])
    if before and before.starts_on != cycle.starts_on:
        refuse(cycle, ["learned", "carry_on"], _left_outside(cycle))


def _problems(cycle: Cycle) -> Iterator[Problem]:
    other = Cycle.objects.filter(name__iexact=cycle.name).exclude(pk=cycle.pk).first()
    if other:
        dates = f"from {day(other.starts_on)} to {day(other.ends_on)}"
        yield "name", f"There is a cycle called “{other.name}” already, {dates}; choose another name.", "taken"
    if cycle.ends_on <= cycle.starts_on:
        detail = f"It begins on {day(cycle.starts_on)}, so it cannot end on {day(cycle.ends_on)}; give a later date."
        yield "ends_on", detail, "ends_before_it_starts"
    elif cycle.days > LONGEST_DAYS:
        yield "ends_on", "A cycle lasts three years at most; give an earlier date.", "too_long"
    if not dt.date(1900, 1, 1) <= cycle.starts_on <= dt.date(2200, 12, 31):
        yield "starts_on", "Give a date from 1900 to 2200.", "no_such_date"
    for name in ("learned", "carry_on"):
        if len(getattr(cycle, name)) > LONGEST_TEXT:
            yield name, f"Say it in {LONGEST_TEXT:,} characters at most.", "max_length"


def _left_outside(cycle: Cycle) -> Iterator[Problem]:
    """Check-ins and milestones that would lie before the cycle."""
    key_results = KeyResult.objects.of_cycle(cycle.pk)
    first = (
        CheckIn.objects.filter(key_result__in=key_results.values("pk"), on__lt=cycle.starts_on).order_by("on").first()
    )
    if first:
        detail = f"There is a check-in of {day(first.on)}, so it cannot begin after that day."
        yield "starts_on", detail, "check_ins_before"
    done = Milestone.objects.filter(key_result__in=key_results.values("pk"), done_on__lt=cycle.starts_on).first()
    if done and done.done_on:
        detail = f"“{done.title}” was done on {day(done.done_on)}, so it cannot begin after that day."
        yield "starts_on", detail, "milestones_before"


def _follow_dates(organization: Organization, cycle: Cycle, changed: Mapping[str, Any], now: dt.datetime) -> None:
    if {"starts_on", "ends_on"} & changed.keys():
        rows = KeyResult.objects.of_cycle(cycle.pk).with_context()
        follow(organization, rows, today=organization.today(now))
