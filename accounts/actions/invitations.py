"""Invitations: invite, resend, revoke, accept."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts import audit, consequences, ownership
from accounts.actions.members import check_may_grant, remove_member
from accounts.actions.organizations import bump_version, one_writer_at_a_time
from accounts.actors import Actor
from accounts.errors import ConflictError, UnverifiedAddressError, refusal
from accounts.invitation_links import secret_hash
from accounts.models import AuditEntry, Department, Invitation, Member, Role, User
from accounts.models.invitations import VALID_FOR
from accounts.tenancy.context import current_organization_id
from accounts.wakeups import wake

SEND = "accounts.tasks.send_invitations"
WRITE = "accounts.tasks.write_to_expected"
EXPECTED = "member.expected"
# Within a day: nobody's mailbox is filled, and nobody's organization writes to the whole world.
MOST_LETTERS = 500
MOST_LETTERS_TO_ONE = 5
PER = dt.timedelta(days=1)


def invite(
    actor: Actor,
    *,
    now: dt.datetime,
    email: str,
    role: Role = Role.CONTRIBUTOR,
    department: Department | None = None,
) -> Invitation:
    """Make a member who has not arrived, reachable at ``email``, and have a letter sent there.

    The member can own things from now on. Somebody who was removed comes back with their history.
    """
    check_may_invite(actor)
    _check_not_too_many(_clean_email(email), now)
    member = _add(actor, "member.invited", email, role, department, now)
    invitation = _write(actor, member, now)
    wake(member.organization_id, SEND, due_at=now, now=now)
    return invitation


def expect(
    actor: Actor,
    *,
    now: dt.datetime,
    email: str,
    role: Role = Role.CONTRIBUTOR,
    department: Department | None = None,
) -> Member:
    """Make a member who has not arrived, without a letter: for an inviter whose own address is not verified yet, or who
    wrote too many letters today.

    The member can own things from now on. The letter follows by itself, once the address is verified and a day later;
    ``resend_invitation`` sends it before.
    """
    member = _add(actor, EXPECTED, email, role, department, now)
    wake(member.organization_id, WRITE, due_at=now + PER, now=now)
    return member


def write_now_verified(user: User, *, now: dt.datetime) -> None:
    """Somebody's address is verified: they are written to from now on, and so are those whom they took in without a
    letter, wherever that was."""
    with transaction.atomic():
        for member in Member.objects.filter(user=user, removed_at=None):
            consequences.arrived(member.organization_id, now=now)
            wake(member.organization_id, WRITE, due_at=now, now=now)


def write_to_expected(*, now: dt.datetime) -> bool:
    """Write to those who were taken in without a letter, in the name of whoever did so and may write by now.

    Answers whether somebody still waits because enough letters were written today.
    """
    organization = one_writer_at_a_time(current_organization_id())
    waiting = list(Member.objects.of_organization(organization.pk).without_letter().order_by("id"))
    hosts = _hosts(waiting)
    too_many = False
    for member in waiting:
        if host := hosts.get(member.pk):
            too_many |= not _is_written(Actor(member=host), member, now)
    return too_many


def resend_invitation(actor: Actor, member: Member, *, now: dt.datetime) -> Invitation:
    """Send somebody who has not arrived a letter, or a new one; the link of the former one no longer works."""
    check_may_invite(actor)
    if member.has_arrived or member.removed_at:
        raise ConflictError(f"{member} is not waiting for an invitation.")
    _check_not_too_many(member.invited_email, now)
    is_first = not Invitation.objects.filter(member=member).unanswered().exists()
    invitation = _write(actor, member, now)
    audit.record(actor, "invitation.sent" if is_first else "invitation.resent", member, now=now)
    wake(member.organization_id, SEND, due_at=now, now=now)
    return invitation


def revoke_invitation(actor: Actor, member: Member, *, now: dt.datetime, successor: Member | None = None) -> None:
    """Take an invitation back: the link stops working, and what the invited was to own goes to ``successor``."""
    if member.has_arrived:
        raise ConflictError(f"{member} has accepted already; remove the member instead.")
    remove_member(actor, member, now=now, successor=successor)


def accept_invitation(user: User, invitation: Invitation, *, now: dt.datetime) -> Member:
    """Let the invited person in. Only somebody with the invited address may, and only once."""
    organization = one_writer_at_a_time(current_organization_id())
    invitation.refresh_from_db(fields=["accepted_at", "revoked_at", "expires_at"])
    if problem := problem_with(invitation, now):
        raise ConflictError(problem)
    if not is_for(invitation, user):
        raise PermissionDenied(f"This invitation is for {invitation.email}, and you are logged in as {user.email}.")
    member = _arrive(user, invitation.member, now)
    user.settle_in(organization.time_zone)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=now)
    audit.record(Actor(member=member), "member.joined", member, now=now, changes={"role": (None, member.role)})
    bump_version(member.organization_id)
    consequences.arrived(member.organization_id, now=now)
    return member


def problem_with(invitation: Invitation, now: dt.datetime) -> str:
    """Why an invitation can no longer be accepted, in a sentence; empty if it can."""
    if invitation.accepted_at:
        return "This invitation has been used already. Log in to go to the organization."
    if invitation.revoked_at:
        return "This invitation was taken back or replaced by a newer one. Look for a later mail, or ask for a new one."
    if invitation.expires_at <= now:
        return f"This invitation expired on {invitation.expires_at:%-d %B %Y}. Ask for a new one."
    return ""


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether a person has the invited address: as their log-in, or as a further one that is verified."""
    return user.email.lower() == invitation.email.lower() or user.has_verified(invitation.email)


def check_may_invite(actor: Actor) -> None:
    """Ladder writes to strangers only for people who proved that an address is their own."""
    member = actor.person
    if member and member.user and not member.user.has_verified_email:
        raise UnverifiedAddressError(
            f"Verify your own address first: follow the link in the mail to {member.user.email}, or have it sent again."
        )


def _add(actor: Actor, action: str, email: str, role: Role, department: Department | None, now: dt.datetime) -> Member:
    check_may_grant(actor, role)
    email = _clean_email(email)
    one_writer_at_a_time(current_organization_id())
    member = _invited_member(email)
    member.role, member.department = role, department
    member.save()
    changes = {"role": (None, role), "department": (None, department)}
    audit.record(actor, action, member, now=now, changes=changes)
    bump_version(member.organization_id)
    return member


def _clean_email(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        message = f"{email or 'An empty text'} is no e-mail address; write one such as anna@example.com."
        raise refusal("email", message, "invalid") from None
    return email


def _invited_member(email: str) -> Member:
    """A new member, or the removed one with that address, back among the invited."""
    organization_id = current_organization_id()
    known = Member.objects.filter(organization_id=organization_id).with_email(email).select_related("user")
    if present := known.filter(removed_at=None).first():
        state = (
            "is already a member" if present.has_arrived else "is already invited; send the invitation again instead"
        )
        raise refusal("email", f"{email} {state}.", "member")
    member = known.order_by("-removed_at").first() or Member(organization_id=organization_id)
    member.user, member.invited_email, member.removed_at = None, email, None
    return member


def _hosts(waiting: Iterable[Member]) -> dict[UUID | None, Member]:
    """By the expected member's id, who took them in, as the audit log tells; only those who may write by now."""
    entries = AuditEntry.objects.filter(action=EXPECTED, subject_id__in=[member.pk for member in waiting])
    host_ids = dict(entries.order_by("at", "id").values_list("subject_id", "member_id"))
    there = Member.objects.of_organization(current_organization_id()).filter(pk__in=set(host_ids.values()))
    able = {member.pk: member for member in there.select_related("user") if _may_write(member)}
    return {guest: able[host] for guest, host in host_ids.items() if host in able}


def _may_write(member: Member) -> bool:
    return bool(member.has_role(Role.ADMIN) and member.user and member.user.has_verified_email)


def _is_written(actor: Actor, member: Member, now: dt.datetime) -> bool:
    try:
        resend_invitation(actor, member, now=now)
    except ConflictError:
        return False
    return True


def _check_not_too_many(email: str, now: dt.datetime) -> None:
    """Letters go to people who did not ask for them, so their number is bounded, those taken back included."""
    recent = Invitation.objects.filter(created_at__gt=now - PER)
    if recent.filter(email__iexact=email).count() >= MOST_LETTERS_TO_ONE:
        raise ConflictError(f"{MOST_LETTERS_TO_ONE} invitations went to {email} within a day; wait until tomorrow.")
    if recent.count() >= MOST_LETTERS:
        raise ConflictError(f"{MOST_LETTERS} invitations were written within a day; go on tomorrow.")


def _write(actor: Actor, member: Member, now: dt.datetime) -> Invitation:
    Invitation.objects.filter(member=member).open(now).update(revoked_at=now)
    invitation = Invitation(
        member=member,
        email=member.invited_email,
        invited_by=actor.person,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    invitation.secret_hash = secret_hash(invitation)
    invitation.save(force_insert=True)
    return invitation


def _arrive(user: User, member: Member, now: dt.datetime) -> Member:
    """Tie the person to the invited member, or, if they were here before under another address, to that one."""
    before = Member.objects.filter(organization_id=member.organization_id, user=user).first()
    if before is None:
        member.user, member.joined_at = user, now
        member.save(update_fields=["user", "joined_at"])
        return member
    if before.removed_at is None:
        raise ConflictError(f"You are already a member, as {user.email}.")
    before.role, before.department, before.removed_at = member.role, member.department, None
    before.save(update_fields=["role", "department", "removed_at"])
    ownership.transfer(member, before, actor=Actor(member=before), now=now)
    member.removed_at = now
    member.save(update_fields=["removed_at"])
    return before
