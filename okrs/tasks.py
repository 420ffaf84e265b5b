"""Work for Celery: each task pulls what is due for one organization, and can be killed at any line and run again."""

import datetime as dt
from smtplib import SMTPException
from uuid import UUID

import structlog
from celery import shared_task
from django.db import IntegrityError
from django.utils import timezone

from accounts.mail import send_letter
from accounts.models import Organization
from accounts.tenancy.context import organization_context
from accounts.wakeups import extend, finish, lease
from okrs.actions.ahead import PLAN, create_cycles_ahead
from okrs.actions.following import FOLLOW, follow_announced
from okrs.actions.reminding import REMIND, next_reminders_at, note
from okrs.letters import Letter, load_letters
from okrs.models import CycleRhythm
from okrs.presenting.letters import address_of, contents, template_of

logger = structlog.get_logger(__name__)

RETRY_AFTER = dt.timedelta(minutes=10)


@shared_task(name=FOLLOW, ignore_result=True)
def follow_scores(organization_id: str, now: dt.datetime | None = None) -> None:
    """Bring the progress of key results up to date with the KPIs that were scored since."""
    organization = Organization.objects.filter(pk=UUID(organization_id)).first()
    if organization is None:
        return
    now = now or timezone.now()
    leased_until = lease(organization.pk, FOLLOW, now=now)
    with organization_context(organization.pk):
        follow_announced(now=now)
    finish(organization.pk, FOLLOW, leased_until)


@shared_task(name=PLAN, ignore_result=True)
def plan_cycles(organization_id: str, now: dt.datetime | None = None) -> None:
    """Make the cycles ahead that the organization's rhythms ask for, and look again at its next midnight."""
    organization = Organization.objects.filter(pk=UUID(organization_id)).first()
    if organization is None:
        return
    now = now or timezone.now()
    leased_until = lease(organization.pk, PLAN, now=now)
    with organization_context(organization.pk):
        create_cycles_ahead(now=now)
        goes_on = CycleRhythm.objects.exists()
    finish(organization.pk, PLAN, leased_until, again_at=organization.next_midnight(now) if goes_on else None)


@shared_task(name=REMIND, ignore_result=True)
def send_reminders(organization_id: str, now: dt.datetime | None = None) -> None:
    """Send the letters of the mornings that have come, and look again at the next morning of somebody.

    A worker that comes late sends them on the same day. As with invitations, a letter is sent again only if its sender
    died after handing it over and before the transaction that notes it had ended.
    """
    organization = Organization.objects.filter(pk=UUID(organization_id)).first()
    if organization is None:
        return
    now = now or timezone.now()
    leased_until = lease(organization.pk, REMIND, now=now)
    with organization_context(organization.pk):
        letters = load_letters(organization, now)
    failed = False
    for letter in letters:
        failed |= not _told(organization, letter, now)
        leased_until = extend(organization.pk, REMIND, leased_until, now=timezone.now())
    again_at = now + RETRY_AFTER if failed else next_reminders_at(organization.pk, now)
    finish(organization.pk, REMIND, leased_until, again_at=again_at)


def _told(organization: Organization, letter: Letter, now: dt.datetime) -> bool:
    """Send one letter; a mail server's refusal, or another worker at the same, does not hold up the others."""
    try:
        with organization_context(organization.pk):
            note(letter, now=now)
            send_letter(template_of(letter), address_of(letter), contents(letter, organization))
    except (OSError, SMTPException, IntegrityError) as error:
        logger.warning("reminder_not_sent", to=address_of(letter), error=str(error))
        return False
    return True
