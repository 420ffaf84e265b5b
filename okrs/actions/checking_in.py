"""Check-ins: what owners say as of a day, corrected without being forgotten."""

import datetime as dt
from collections.abc import Iterator
from math import isfinite
from typing import Any, Final

from accounts.actors import Actor
from accounts.audit import differences, record
from accounts.errors import ConflictError, refusal
from accounts.models import Organization
from kpis.words import day
from okrs.actions.changing import announce, lock_objectives, stored_key_result
from okrs.actions.permissions import require_check_in
from okrs.actions.refusals import Problem, refuse, text_problems
from okrs.following.storing import follow_by_id
from okrs.models import CheckIn, CheckInRevision, KeyResult
from okrs.models.choices import Confidence, KeyResultKind

SAID: Final = ("value", "confidence", "comment")
FIELDS: Final = frozenset({*SAID, "on"})
LONGEST_COMMENT: Final = 5000


def check_in(
    actor: Actor,
    key_result: KeyResult,
    *,
    now: dt.datetime,
    confidence: str,
    value: float | None = None,
    comment: str = "",
    on: dt.date | None = None,
) -> CheckIn:
    """Say how a key result stands, today unless ``on`` says as of when; the same day again corrects what was said.

    ``value`` None means words and confidence only, as where a KPI's data or milestones move it. Raises ValidationError
    by field, and ConflictError once the cycle is closed.
    """
    require_check_in(actor, key_result)
    organization = lock_objectives()
    stored = stored_key_result(key_result)
    require_check_in(actor, stored)
    on = on or organization.today(now)
    earlier = CheckIn.objects.filter(key_result=stored, on=on).first()
    if earlier:
        return _correct(actor, stored, earlier, organization, now, value=value, confidence=confidence, comment=comment)
    said = CheckIn(key_result=stored, on=on, value=value, confidence=confidence, comment=comment.strip())
    _stamp(said, actor, now)
    _refuse_malformed(said, stored, organization.today(now))
    said.save(force_insert=True)
    changes = {name: (None, getattr(said, name)) for name in ("on", *SAID) if getattr(said, name) not in (None, "")}
    record(actor, "check_in.recorded", stored, now=now, changes=changes)
    _follow(organization, stored, now)
    return said


def correct_check_in(actor: Actor, said: CheckIn, *, now: dt.datetime, **changed: Any) -> CheckIn:
    """Change what a check-in says: ``value``, ``confidence``, ``comment``, or the day it is ``on``. What it said before
    stays known."""
    if unknown := changed.keys() - FIELDS:
        raise TypeError(f"A check-in has no field called {', '.join(sorted(unknown))}.")
    organization, stored, earlier = _stored(actor, said)
    return _correct(actor, stored, earlier, organization, now, **changed)


def remove_check_in(actor: Actor, said: CheckIn, *, now: dt.datetime) -> None:
    """Take a check-in back; what it said stays known."""
    organization, stored, earlier = _stored(actor, said)
    _keep_revision(earlier, actor, now)
    earlier.delete()
    changes = {name: (getattr(earlier, name), None) for name in ("on", *SAID)}
    record(actor, "check_in.removed", stored, now=now, changes=changes)
    _follow(organization, stored, now)


def _stored(actor: Actor, said: CheckIn) -> tuple[Organization, KeyResult, CheckIn]:
    organization = lock_objectives()
    earlier = CheckIn.objects.filter(pk=said.pk).first()
    if earlier is None:
        raise ConflictError("This check-in was taken back a moment ago.")
    stored = stored_key_result(KeyResult.ever.get(pk=earlier.key_result_id))
    require_check_in(actor, stored)
    return organization, stored, earlier


def _correct(
    actor: Actor, stored: KeyResult, earlier: CheckIn, organization: Organization, now: dt.datetime, **changed: Any
) -> CheckIn:
    if "comment" in changed:
        changed["comment"] = changed["comment"].strip()
    changes = differences(earlier, changed)
    if not changes:
        return earlier
    after = CheckIn.objects.get(pk=earlier.pk)
    for name, value in changed.items():
        setattr(after, name, value)
    _stamp(after, actor, now)
    _refuse_malformed(after, stored, organization.today(now))
    if "on" in changes and CheckIn.objects.filter(key_result=stored, on=after.on).exclude(pk=after.pk).exists():
        raise refusal("on", f"There is a check-in of {day(after.on)} already; correct that one.", "taken")
    _keep_revision(earlier, actor, now)
    after.save()
    record(actor, "check_in.corrected", stored, now=now, changes={"of": (earlier.on, earlier.on)} | changes)
    _follow(organization, stored, now)
    return after


def _stamp(said: CheckIn, actor: Actor, now: dt.datetime) -> None:
    said.member, said.token, said.recorded_at = actor.member, actor.token, now


def _keep_revision(said: CheckIn, actor: Actor, now: dt.datetime) -> None:
    columns = {name: getattr(said, name) for name in ("on", *SAID, "member_id", "token_id", "recorded_at")}
    CheckInRevision.objects.create(
        key_result_id=said.key_result_id, replaced_at=now, replaced_by=actor.member, **columns
    )


def _refuse_malformed(said: CheckIn, key_result: KeyResult, today: dt.date) -> None:
    problems = [*text_problems(said, "comment"), *_date_problems(said, key_result, today)]
    problems += _value_problems(said, key_result)
    if said.confidence not in Confidence:
        choices = ", ".join(Confidence.values)
        problems.append(("confidence", f"Say how sure you are: one of {choices}.", "invalid_choice"))
    if len(said.comment) > LONGEST_COMMENT:
        problems.append(("comment", f"Say it in {LONGEST_COMMENT:,} characters at most.", "max_length"))
    refuse(said, ["key_result", "member", "token", "value", "confidence"], problems)


def _date_problems(said: CheckIn, key_result: KeyResult, today: dt.date) -> Iterator[Problem]:
    cycle = key_result.objective.cycle
    if said.on > today:
        yield "on", "This day lies ahead; check in as of today or an earlier day.", "future"
    elif said.on < cycle.starts_on:
        yield "on", f"{cycle} begins on {day(cycle.starts_on)}; check in as of that day or later.", "before_the_cycle"


def _value_problems(said: CheckIn, key_result: KeyResult) -> Iterator[Problem]:
    if said.value is None:
        return
    if not isfinite(said.value):
        yield "value", "Give a finite number.", "not_a_number"
    elif key_result.kpi:
        detail = f"Its value comes from the KPI “{key_result.kpi.name}”; leave the value out, and say how sure you are."
        yield "value", detail, "linked"
    elif key_result.kind == KeyResultKind.MILESTONES:
        yield "value", "It moves with its milestones; mark those that are done, and leave the value out.", "milestones"


def _follow(organization: Organization, key_result: KeyResult, now: dt.datetime) -> None:
    follow_by_id(organization, [key_result.pk], today=organization.today(now))
    announce()
