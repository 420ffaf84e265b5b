"""Members: role, department, removal with a successor, leaving."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied

from accounts import audit, ownership
from accounts.actions.organizations import bump_version, one_writer_at_a_time
from accounts.actors import SYSTEM, Actor
from accounts.errors import ConflictError, refusal
from accounts.models import Department, Invitation, Member, Role


def change_role(actor: Actor, member: Member, *, now: dt.datetime, role: Role) -> None:
    """Only owners make and unmake owners, and one always remains."""
    one_writer_at_a_time(member.organization_id)
    member.refresh_from_db(fields=["role", "removed_at"])
    if member.role == role:
        return
    check_may_grant(actor, role)
    check_may_grant(actor, Role(member.role))
    _check_owner_remains(member, "must keep that role")
    _change(actor, member, "member.role_changed", now, role=role)


def change_department(actor: Actor, member: Member, *, now: dt.datetime, department: Department | None) -> None:
    """Put a member into a department, or into none."""
    if department and department.archived_at:
        message = f"{department} is archived; choose a department in use."
        raise refusal("department", message, "archived")
    if (department.pk if department else None) != member.department_id:
        _change(actor, member, "member.department_changed", now, department=department)


def update_member(actor: Actor, member: Member, *, now: dt.datetime, **changed: Any) -> None:
    """Change role and department in one call; ``changed`` holds those of ``role, department`` to assign."""
    if "role" in changed:
        change_role(actor, member, now=now, role=Role(changed["role"]))
    if "department" in changed:
        change_department(actor, member, now=now, department=changed["department"])


def remove_member(actor: Actor, member: Member, *, now: dt.datetime, successor: Member | None = None) -> None:
    """End a membership; what the member owns goes to ``successor``, who is needed only if there is something.

    Their history stays; an invitation not yet accepted becomes void.
    """
    check_may_grant(actor, Role(member.role))
    _end(actor, member, "member.removed", now, successor)


def leave(actor: Actor, *, now: dt.datetime, successor: Member | None = None) -> None:
    """End one's own membership, under the same conditions."""
    if actor.member is None:
        raise PermissionDenied("Only a member can leave.")
    _end(actor, actor.member, "member.left", now, successor)


def check_may_grant(actor: Actor, role: Role) -> None:
    """Who is an owner is for owners to say; a token, whoever made it, is no owner."""
    is_owner = actor == SYSTEM or (actor.member is not None and actor.member.has_role(Role.OWNER))
    if role == Role.OWNER and not is_owner:
        raise PermissionDenied("Only an owner can make somebody an owner, change an owner's role or remove an owner.")


def _end(actor: Actor, member: Member, action: str, now: dt.datetime, successor: Member | None) -> None:
    one_writer_at_a_time(member.organization_id)
    member.refresh_from_db(fields=["role", "removed_at"])
    if member.removed_at:
        raise ConflictError(f"{member} is no longer a member.")
    _check_owner_remains(member, "cannot leave")
    _hand_over(actor, member, now, successor)
    Invitation.objects.filter(member=member).open(now).update(revoked_at=now)
    member.removed_at = now
    member.save(update_fields=["removed_at"])
    changes = {"successor": (None, successor)} if successor else None
    audit.record(actor, action, member, now=now, changes=changes)
    bump_version(member.organization_id)


def _hand_over(actor: Actor, member: Member, now: dt.datetime, successor: Member | None) -> None:
    owned = ownership.owned_by(member)
    if not owned:
        return
    if successor is None:
        message = f"{member} has {' and '.join(owned)}. Choose who takes over."
        raise refusal("successor", message, "required")
    if successor == member or successor.removed_at or successor.organization_id != member.organization_id:
        raise refusal("successor", "Choose another member of this organization.", "invalid")
    ownership.transfer(member, successor, actor=actor, now=now)


def _check_owner_remains(member: Member, consequence: str) -> None:
    """An owner who was only invited cannot act, so does not count."""
    if member.role != Role.OWNER or not member.has_arrived:
        return
    owners = Member.objects.of_organization(member.organization_id).arrived().filter(role=Role.OWNER)
    if not owners.exclude(pk=member.pk).exists():
        raise ConflictError(f"{member} is the only owner and {consequence}. Make somebody else an owner first.")


def _change(actor: Actor, member: Member, action: str, now: dt.datetime, **changed: object) -> None:
    changes = audit.differences(member, changed)
    for field, value in changed.items():
        setattr(member, field, value)
    member.save(update_fields=list(changed))
    audit.record(actor, action, member, now=now, changes=changes)
    bump_version(member.organization_id)
