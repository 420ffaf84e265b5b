"""What leaves with a member or a department unless it is handed on: KPIs."""

import datetime as dt

from accounts import ownership
from accounts.actors import Actor
from accounts.audit import record
from accounts.models import Member
from accounts.ownership import Belongings, Owner
from kpis.actions.versioning import keep_version
from kpis.models import Kpi
from kpis.models.kpis import KpiQuerySet


def register() -> None:
    """Make KPIs known to whoever removes people and departments; called once when the app is ready."""
    ownership.register(Belongings("KPI", "KPIs", count=lambda owner: _of(owner).count(), transfer=_hand_on))


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


def _field(owner: Owner) -> str:
    return "owner" if isinstance(owner, Member) else "department"
