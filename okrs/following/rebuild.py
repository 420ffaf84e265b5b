"""Working out all progress anew, and proving that what is stored equals it. Closed cycles stay as they were closed."""

import datetime as dt
from uuid import UUID

from django.db.models import F

from accounts.actions.organizations import one_writer_at_a_time
from accounts.models import Organization
from okrs.following.storing import differing, follow
from okrs.models import KeyResult, ProgressRecord


def differences(organization: Organization, *, now: dt.datetime) -> list[tuple[UUID, dt.date]]:
    """(key result, day) of stored rows that are not what they should be, missing ones and those of nothing among them;
    changes nothing."""
    rows = KeyResult.objects.in_open_cycles().with_context()
    orphans = ProgressRecord.objects.exclude(key_result_id__in=KeyResult.objects.values("pk"))
    found = differing(organization, rows, organization.today(now))
    return [*found, *orphans.values_list("key_result_id", "on")]


def rebuild(organization: Organization, *, now: dt.datetime) -> int:
    """Store what follows from check-ins, milestones and KPIs; answers how many rows were wrong."""
    one_writer_at_a_time(organization.pk)
    orphans, _ = ProgressRecord.objects.exclude(key_result_id__in=KeyResult.objects.values("pk")).delete()
    wrong = orphans + follow(
        organization, KeyResult.objects.in_open_cycles().with_context(), today=organization.today(now)
    )
    if wrong:
        Organization.objects.filter(pk=organization.pk).update(version=F("version") + 1)
    return wrong
