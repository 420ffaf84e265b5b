"""Work for Celery: each task pulls what is due for one organization, and can be killed at any line and run again."""

import datetime as dt
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from accounts.models import Organization
from accounts.tenancy.context import organization_context
from accounts.wakeups import finish, lease
from kpis.actions.stale import COMPUTE
from kpis.compute import compute

# When to look again if another worker is at it: that one may have looked just before something became stale.
WHEN_BUSY = dt.timedelta(seconds=1)


@shared_task(name=COMPUTE, ignore_result=True)
def compute_scores(organization_id: str) -> None:
    """Compute what is stale, until nothing is; then ask to be woken at the organization's next midnight."""
    organization = Organization.objects.filter(pk=UUID(organization_id)).first()
    if organization is None:
        return
    while True:
        now = timezone.now()
        leased_until = lease(organization.pk, COMPUTE, now=now)
        with organization_context(organization.pk):
            computed = compute(organization, now=now)
        if computed is None:
            finish(organization.pk, COMPUTE, leased_until, again_at=now + WHEN_BUSY)
            return
        if computed.kpis == 0:
            break
        organization.refresh_from_db()
    finish(organization.pk, COMPUTE, leased_until, again_at=organization.next_midnight(now))
