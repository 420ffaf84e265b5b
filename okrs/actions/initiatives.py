"""Initiatives: the work from which a key result is expected to move."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from accounts.actors import Actor
from accounts.audit import differences, record
from accounts.errors import ConflictError
from accounts.models import Organization
from okrs.actions.changing import announce, lock_objectives, stored_key_result
from okrs.actions.permissions import require_edit_key_result, require_move
from okrs.actions.refusals import Problem, accepted, one_line, people_problems, refuse, text_problems
from okrs.models import Initiative, KeyResult
from okrs.models.choices import InitiativeState

FIELDS: Final = frozenset("title owner due_on state closed_on".split())
# How far it is: for whoever is to do it to say, too.
PROGRESS: Final = frozenset({"state", "closed_on"})


def create_initiative(
    actor: Actor, key_result: KeyResult, *, now: dt.datetime, title: str, **fields: Any
) -> Initiative:
    """Plan a piece of work for a key result. ``fields`` as in ``FIELDS``. Raises ValidationError by field."""
    given = accepted({"title": title, **fields}, FIELDS, "An initiative")
    require_edit_key_result(actor, key_result)
    organization = lock_objectives()
    stored = stored_key_result(key_result)
    require_edit_key_result(actor, stored)
    initiative = Initiative(key_result=stored, created_at=now)
    _assign(initiative, given, organization.today(now))
    _refuse_malformed(initiative, organization, organization.today(now))
    initiative.save(force_insert=True)
    changes = {name: (None, getattr(initiative, name)) for name in ("key_result", *given) if getattr(initiative, name)}
    record(actor, "initiative.created", initiative, now=now, changes=changes)
    announce()
    return initiative


def update_initiative(actor: Actor, initiative: Initiative, *, now: dt.datetime, **changed: Any) -> Initiative:
    """Change an initiative, or say how far it is; done and dropped ones get the date given or today's."""
    given = accepted(changed, FIELDS, "An initiative")
    organization = lock_objectives()
    before, after = _stored(initiative), _stored(initiative)
    stored_key_result(before.key_result)
    if given.keys() <= PROGRESS:
        require_move(actor, before)
    else:
        require_edit_key_result(actor, before.key_result)
    _assign(after, given, organization.today(now))
    _refuse_malformed(after, organization, organization.today(now), before)
    changes = differences(before, {name: getattr(after, name) for name in sorted(FIELDS)})
    if changes:
        after.save()
        record(actor, "initiative.changed", after, now=now, changes=changes)
        announce()
    return after


def remove_initiative(actor: Actor, initiative: Initiative, *, now: dt.datetime) -> None:
    """Remove an initiative that should not be there; one that is given up is dropped instead."""
    lock_objectives()
    stored = _stored(initiative)
    stored_key_result(stored.key_result)
    require_edit_key_result(actor, stored.key_result)
    record(actor, "initiative.removed", stored, now=now, changes={"key_result": (stored.key_result, None)})
    stored.delete()
    announce()


def _stored(initiative: Initiative) -> Initiative:
    rows = Initiative.objects.select_related("key_result__objective__cycle", "owner__user")
    stored = rows.filter(pk=initiative.pk).first()
    if stored is None:
        raise ConflictError(f"“{initiative.title}” was removed.")
    return stored


def _assign(initiative: Initiative, given: Mapping[str, Any], today: dt.date) -> None:
    closed_on = initiative.closed_on
    for name, value in given.items():
        setattr(initiative, name, one_line(value) if name == "title" else value)
    if initiative.is_unfinished and not given.get("closed_on"):
        initiative.closed_on = None
    elif not initiative.is_unfinished:
        initiative.closed_on = initiative.closed_on or closed_on or today


def _refuse_malformed(
    initiative: Initiative, organization: Organization, today: dt.date, before: Initiative | None = None
) -> None:
    problems = [
        *text_problems(initiative, "title"),
        *people_problems(organization, initiative.owner, before.owner if before else None),
        *_date_problems(initiative, today),
    ]
    refuse(initiative, ["key_result", "owner"], problems)


def _date_problems(initiative: Initiative, today: dt.date) -> Iterator[Problem]:
    if initiative.closed_on and initiative.is_unfinished and initiative.state in InitiativeState:
        state = InitiativeState(initiative.state).label.lower()
        yield "closed_on", f"It is still “{state}”; only what is done or dropped has this date.", "not_closed"
    elif initiative.closed_on and initiative.closed_on > today:
        yield "closed_on", "This date lies ahead; give today’s or an earlier one.", "future"
