"""What leaves with a member or a department unless it is handed on: KPIs, and actions that are not done yet."""

import datetime as dt

from accounts import ownership
from accounts.actors import Actor
from accounts.audit import record
from accounts.models import Member
from accounts.ownership import Belongings, Owner
from kpis.actions.versioning import keep_version
from kpis.models import Action, Kpi
from kpis.models.kpis import KpiQuerySet


def register() -> None:
    """Make both known to whoever removes people and departments; called once when the app is ready."""
    ownership.register(Belongings("KPI", "KPIs", count=lambda owner: _of(owner).count(), transfer=_hand_on))
    ownership.register(
        Belongings("action to do", "actions to do", count=lambda owner: len(_owed_by(owner)), transfer=_hand_on_actions)
    )


def _of(owner: Owner) -> KpiQuerySet:
    """Archived ones too, which may be restored."""
    return Kpi.objects.filter(**{_field(owner): owner})


def _hand_on(owner: Owner, successor: Owner, *, actor: Actor, now: dt.datetime) -> None:
    field = _field(owner)
    for kpi in list(_of(owner)):
        setattr(kpi, field, successor)
        kpi.save(update_fields=[field])
        keep_version(actor, kpi, now=now)
        record(actor, "kpi.changed", kpi, now=now, changes={field: (owner, successor)})


def _owed_by(owner: Owner) -> list[Action]:
    """What is done or dropped stays with whoever did it."""
    return list(Action.objects.unfinished().owned_by(owner)) if isinstance(owner, Member) else []


def _hand_on_actions(owner: Owner, successor: Owner, *, actor: Actor, now: dt.datetime) -> None:
    for action in _owed_by(owner):
        action.owner = successor
        action.save(update_fields=["owner"])
        record(actor, "action.changed", action, now=now, changes={"owner": (owner, successor)})


def _field(owner: Owner) -> str:
    return "owner" if isinstance(owner, Member) else "department"
