"""Work for the workers: the sweep, from which every organization's work starts, and letters to the invited."""

import datetime as dt
from smtplib import SMTPException
from uuid import UUID

import structlog
from celery import shared_task
from django.utils import timezone

from accounts.actions.invitations import PER, SEND, WRITE
from accounts.actions.invitations import write_to_expected as write_to_all_expected
from accounts.invitation_links import link, secret_hash
from accounts.mail import send_letter
from accounts.models import Invitation
from accounts.tenancy.context import organization_context
from accounts.wakeups import extend, finish, lease, lease_due, ring

logger = structlog.get_logger(__name__)

BATCH = 1000
RETRY_AFTER = dt.timedelta(minutes=10)


@shared_task(ignore_result=True)
def sweep(now: dt.datetime | None = None) -> None:
    """Ring for every organization whose work is due and whose doorbell was lost, or whose time has come."""
    for organization_id, kind in lease_due(now or timezone.now(), BATCH):
        ring(kind, organization_id)


@shared_task(name=SEND, ignore_result=True)
def send_invitations(organization_id: str, now: dt.datetime | None = None) -> None:
    """Send the letters that have not gone out; a letter is sent again only if its sender died before noting it."""
    organization, now = UUID(organization_id), now or timezone.now()
    leased_until = lease(organization, SEND, now=now)
    with organization_context(organization):
        waiting = list(Invitation.objects.unsent(now).order_by("id").values_list("id", flat=True))
    failed = False
    for invitation_id in waiting:
        failed |= not _sent(organization, invitation_id, now)
        leased_until = extend(organization, SEND, leased_until, now=timezone.now())
    finish(organization, SEND, leased_until, again_at=now + RETRY_AFTER if failed else None)


@shared_task(name=WRITE, ignore_result=True)
def write_to_expected(organization_id: str, now: dt.datetime | None = None) -> None:
    """Invite those who were taken in without a letter, as far as that may be by now; the others in a day."""
    organization, now = UUID(organization_id), now or timezone.now()
    leased_until = lease(organization, WRITE, now=now)
    with organization_context(organization):
        too_many = write_to_all_expected(now=now)
    finish(organization, WRITE, leased_until, again_at=now + PER if too_many else None)


def _sent(organization_id: UUID, invitation_id: UUID, now: dt.datetime) -> bool:
    """Send one letter, unless somebody else does or has; a mail server's refusal does not hold up the others."""
    with organization_context(organization_id):
        rows = Invitation.objects.unsent(now).select_for_update(skip_locked=True, of=["self"])
        invitation = rows.select_related("organization", "member", "invited_by__user").filter(pk=invitation_id).first()
        if invitation is None:
            return True
        try:
            send_letter("accounts/mail/invitation", invitation.email, _contents(invitation))
        except (OSError, SMTPException) as error:
            logger.warning("invitation_not_sent", to=invitation.email, error=str(error))
            return False
        invitation.sent_at, invitation.secret_hash = now, secret_hash(invitation)
        invitation.save(update_fields=["sent_at", "secret_hash"])
        return True


def _contents(invitation: Invitation) -> dict[str, object]:
    return {"invitation": invitation, "organization": invitation.organization, "link": link(invitation)}
