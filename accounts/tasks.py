"""Periodic work: one sweep over the wake-ups, from which every organization's work starts."""

import datetime as dt

from celery import shared_task
from django.utils import timezone

from accounts.models import Wakeup
from accounts.wakeups import ring

BATCH = 1000


@shared_task(ignore_result=True)
def sweep(now: dt.datetime | None = None) -> None:
    """Ring for every organization whose work is due and whose doorbell was lost, or whose time has come."""
    for organization_id, kind in Wakeup.objects.due(now or timezone.now()).values_list("organization_id", "kind")[
        :BATCH
    ]:
        ring(kind, organization_id)
