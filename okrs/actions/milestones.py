"""The milestones of a key result that is measured by them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.audit import record
from accounts.errors import ConflictError
from kpis.actions.refusing import refuse_rows
from kpis.engine.refusals import Refusal
from kpis.words import day
from okrs.actions.changing import announce, lock_objectives, stored_key_result
from okrs.actions.permissions import require_edit_key_result
from okrs.actions.refusals import one_line
from okrs.actions.versioning import keep_key_result
from okrs.following.storing import follow_by_id
from okrs.models import Cycle, KeyResult, Milestone
from okrs.models.choices import KeyResultKind

LONGEST_TITLE: Final = 200
MOST: Final = 100


@dataclass(frozen=True)
class MilestoneSpec:
    """One milestone as it is to be; ``id`` is that of the stored one which it goes on with."""

    title: str
    weight: float = 1.0
    done_on: dt.date | None = None
    id: UUID | None = None


@transaction.atomic
def set_milestones(
    actor: Actor, key_result: KeyResult, milestones: Sequence[MilestoneSpec], *, now: dt.datetime
) -> list[Milestone]:
    """Make ``milestones`` the whole list of the key result's, in this order."""
    require_edit_key_result(actor, key_result)
    organization = lock_objectives()
    stored = stored_key_result(key_result)
    require_edit_key_result(actor, stored)
    if stored.kind != KeyResultKind.MILESTONES:
        raise ConflictError(f"“{stored.title}” is not measured by milestones. Change its kind first.")
    before = [_words(row) for row in stored.milestones.in_order()]
    rows = store_milestones(stored, milestones, today=organization.today(now))
    after = [_words(row) for row in rows]
    if before != after:
        record(actor, "key_result.milestones_set", stored, now=now, changes={"milestones": (before, after)})
        keep_key_result(actor, stored, now=now)
        follow_by_id(organization, [stored.pk], today=organization.today(now))
        announce()
    return rows


def mark_milestone(
    actor: Actor, milestone: Milestone, *, now: dt.datetime, done: bool = True, done_on: dt.date | None = None
) -> list[Milestone]:
    """Say that one milestone is done, today unless ``done_on`` says when, or that it is not."""
    key_result = KeyResult.ever.with_context().get(pk=milestone.key_result_id)  # refused below if it was removed
    today = lock_objectives().today(now)
    specs = [
        MilestoneSpec(row.title, row.weight, (done_on or row.done_on or today) if done else None, row.pk)
        if row.pk == milestone.pk
        else MilestoneSpec(row.title, row.weight, row.done_on, row.pk)
        for row in key_result.milestones.in_order()
    ]
    return set_milestones(actor, key_result, specs, now=now)


def store_milestones(key_result: KeyResult, specs: Sequence[MilestoneSpec], *, today: dt.date) -> list[Milestone]:
    """Check and store the list; the caller has locked it, and tells of it."""
    stored = {row.pk: row for row in key_result.milestones.all()}
    cycle = key_result.objective.cycle
    refuse_rows("milestones", _refusals(specs, stored.keys(), cycle, today))
    kept = {spec.id for spec in specs}
    Milestone.objects.filter(pk__in=[pk for pk in stored if pk not in kept]).delete()
    rows = []
    for position, spec in enumerate(specs):
        row = stored[spec.id] if spec.id else Milestone(key_result=key_result)
        row.title, row.weight = one_line(spec.title), spec.weight
        row.done_on, row.position = spec.done_on, position
        row.save()
        rows.append(row)
    return rows


def _refusals(specs: Sequence[MilestoneSpec], known: object, cycle: Cycle, today: dt.date) -> Iterator[Refusal]:
    if len(specs) > MOST:
        yield Refusal("too_many", "title", f"A key result has {MOST} milestones at most; split it.", MOST)
    seen: set[UUID] = set()
    for index, spec in enumerate(specs):
        if spec.id and (spec.id not in known or spec.id in seen):  # type: ignore[operator]
            yield Refusal("unknown", "id", "There is no such milestone, or it is named twice.", index)
        seen |= {spec.id} if spec.id else set()
        for field, detail, code in (
            *_title_problems(spec),
            *_number_problems(spec),
            *_date_problems(spec, cycle, today),
        ):
            yield Refusal(code, field, detail, index)


def _title_problems(spec: MilestoneSpec) -> Iterator[tuple[str, str, str]]:
    if not spec.title.strip():
        yield "title", "Say what is to be done.", "required"
    elif len(one_line(spec.title)) > LONGEST_TITLE:
        yield "title", f"Say it in {LONGEST_TITLE} characters at most.", "max_length"
    if "\0" in spec.title:
        yield "title", "A text cannot hold the character NUL; leave it out.", "nul"


def _number_problems(spec: MilestoneSpec) -> Iterator[tuple[str, str, str]]:
    if not isfinite(spec.weight) or spec.weight <= 0:
        yield "weight", "A weight says how much this counts beside others, so it is above 0; 1 is usual.", "weight"


def _date_problems(spec: MilestoneSpec, cycle: Cycle, today: dt.date) -> Iterator[tuple[str, str, str]]:
    if spec.done_on and spec.done_on > today:
        yield "done_on", "This date lies ahead; say so once it is done.", "future"
    elif spec.done_on and spec.done_on < cycle.starts_on:
        detail = f"{cycle} begins on {day(cycle.starts_on)}; what was done before does not count in it."
        yield "done_on", detail, "before_the_cycle"


def _words(row: Milestone) -> str:
    weight = f", weight {row.weight:g}" if row.weight != 1 else ""
    return f"{row.title}{weight}{f', done on {row.done_on}' if row.done_on else ''}"
