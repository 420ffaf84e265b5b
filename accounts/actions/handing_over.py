"""What accounts itself knows of belongings: who leads a department, and who works in one."""

import datetime as dt
from collections.abc import Iterable

from accounts import audit, ownership
from accounts.actors import Actor
from accounts.models import Department, Member
from accounts.ownership import Belongings, Owner
from accounts.tenancy.context import current_organization_id


def register() -> None:
    """Make both kinds known; called once when the app is ready."""
    ownership.register(
        Belongings("department to lead", "departments to lead", count=lambda owner: len(_led(owner)), transfer=_lead)
    )
    ownership.register(Belongings("member", "members", count=lambda owner: len(_staff(owner)), transfer=_employ))


def _led(owner: Owner) -> list[Department]:
    return list(Department.objects.active().filter(lead=owner)) if isinstance(owner, Member) else []


def _staff(owner: Owner) -> list[Member]:
    if isinstance(owner, Member):
        return []
    members = Member.objects.of_organization(current_organization_id()).filter(department=owner)
    return list(members.select_related("user"))


def _lead(owner: Owner, successor: Owner, *, actor: Actor, now: dt.datetime) -> None:
    _assign(_led(owner), "lead", "department.lead_changed", (owner, successor), actor, now)


def _employ(owner: Owner, successor: Owner, *, actor: Actor, now: dt.datetime) -> None:
    _assign(_staff(owner), "department", "member.department_changed", (owner, successor), actor, now)


def _assign(
    rows: Iterable[Department | Member],
    field: str,
    action: str,
    change: tuple[Owner, Owner],
    actor: Actor,
    now: dt.datetime,
) -> None:
    for row in rows:
        setattr(row, field, change[1])
        row.save(update_fields=[field])
        audit.record(actor, action, row, now=now, changes={field: change})
