"""Work for Celery: each task pulls what is due for one organization, and can be killed at any line and run again."""

import datetime as dt
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from accounts.models import Organization
from accounts.tenancy.context import organization_context
from accounts.wakeups import finish, lease
from okrs.actions.ahead import PLAN, create_cycles_ahead
from okrs.actions.following import FOLLOW, follow_announced
from okrs.models import CycleRhythm


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
