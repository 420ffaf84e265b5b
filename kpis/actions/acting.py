"""Actions: the steps taken for a KPI, from planned to done."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError

from accounts.actors import Actor
from accounts.audit import differences, record
from accounts.models import Organization
from kpis.actions.changing import announce, lock_definitions, refuse_archived
from kpis.actions.permissions import require_edit, require_move
from kpis.actions.refusing import Errors, raise_all
from kpis.models import Action, Kpi
from kpis.models.followups import ActionKind, ActionState

FIELDS: Final = frozenset("kind title cause owner due_on state closed_on".split())
# How far an action is: for whoever is to do it to say, too.
PROGRESS: Final = frozenset({"state", "closed_on"})
LONGEST_CAUSE: Final = 5000


def create_action(actor: Actor, kpi: Kpi, *, now: dt.datetime, title: str, **fields: Any) -> Action:
    """Plan a step for a KPI, or write down one that is taken already. ``fields`` as in ``FIELDS``.

    Raises ValidationError by field.
    """
    require_edit(actor, kpi)
    organization = lock_definitions()
    refuse_archived(kpi)
    given = _accepted({"title": title, **fields})
    action = Action(kpi=kpi, created_at=now, created_by=actor.member)
    _assign(action, given, organization.today(now))
    _refuse_malformed(action, organization, organization.today(now))
    action.save(force_insert=True)
    changes = {name: (None, getattr(action, name)) for name in ("kpi", *given) if getattr(action, name)}
    record(actor, "action.created", action, now=now, changes=changes)
    announce([], now=now)
    return action


def update_action(actor: Actor, action: Action, *, now: dt.datetime, **changed: Any) -> Action:
    """Change an action, or say how far it is.

    Done and dropped ones get the date given or today's, and lose it when they are taken up again. How far it is can be
    said of an archived KPI's too, so that nothing stays open for ever.
    """
    given = _accepted(changed)
    organization = lock_definitions()
    before = Action.objects.select_related("kpi", "owner__user").get(pk=action.pk)
    if given.keys() <= PROGRESS:
        require_move(actor, before)
    else:
        require_edit(actor, before.kpi)
        refuse_archived(before.kpi)
    after = Action.objects.select_related("kpi", "owner__user").get(pk=action.pk)
    _assign(after, given, organization.today(now))
    _refuse_malformed(after, organization, organization.today(now), before)
    changes = differences(before, {name: getattr(after, name) for name in sorted(FIELDS)})
    if changes:
        after.save()
        record(actor, "action.changed", after, now=now, changes=changes)
        announce([], now=now)
    return after


def _accepted(fields: Mapping[str, Any]) -> dict[str, Any]:
    unknown = fields.keys() - FIELDS
    if unknown:
        raise TypeError(f"An action has no field called {', '.join(sorted(unknown))}.")
    return dict(fields)


def _assign(action: Action, given: Mapping[str, Any], today: dt.date) -> None:
    closed_on = action.closed_on
    for name, value in given.items():
        setattr(action, name, value)
    action.title = " ".join(action.title.split())
    if action.kind == ActionKind.PLANNED and "cause" not in given:
        action.cause = ""
    if action.is_unfinished and not given.get("closed_on"):
        action.closed_on = None
    elif not action.is_unfinished:
        action.closed_on = action.closed_on or closed_on or today


def _refuse_malformed(action: Action, organization: Organization, today: dt.date, before: Action | None = None) -> None:
    errors: Errors = {}
    try:
        blank = [name for name in ("cause", "due_on", "closed_on") if not getattr(action, name)]
        action.clean_fields(exclude=["organization", "kpi", "owner", "created_by", *blank])
    except ValidationError as error:
        errors.update(error.error_dict)
    for field, detail, code in (*_people_problems(action, organization, before), *_problems(action, today)):
        errors.setdefault(field, []).append(ValidationError(detail, code=code))
    raise_all(errors)


def _people_problems(
    action: Action, organization: Organization, before: Action | None
) -> Iterator[tuple[str, str, str]]:
    owner, is_new = action.owner, before is None or before.owner_id != action.owner_id
    if owner and is_new and (owner.organization_id != organization.pk or owner.removed_at):
        yield "owner", f"{owner} does not belong to {organization}; choose somebody who does.", "not_a_member"


def _problems(action: Action, today: dt.date) -> Iterator[tuple[str, str, str]]:
    if action.cause and action.kind == ActionKind.PLANNED:
        yield "cause", "Only a corrective action has a cause; leave this out, or make it corrective.", "not_corrective"
    if len(action.cause) > LONGEST_CAUSE:
        yield "cause", f"Say it in {LONGEST_CAUSE:,} characters at most.", "max_length"
    if action.closed_on and action.is_unfinished:
        state = ActionState(action.state).label.lower()
        yield "closed_on", f"It is still “{state}”; only what is done or dropped has this date.", "not_closed"
    elif action.closed_on and action.closed_on > today:
        yield "closed_on", "This date lies ahead; give today’s or an earlier one.", "future"
