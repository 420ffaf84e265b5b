"""People: what they change about themselves."""

import datetime as dt

from django.db import transaction

from accounts import consequences
from accounts.models import Member, User


@transaction.atomic
def change_profile(user: User, *, now: dt.datetime, name: str, time_zone: str, is_reminded: bool) -> User:
    """How a person is called, where they live, and whether they are written to when something of theirs is due."""
    user.name, user.time_zone, user.is_reminded = " ".join(name.split()), time_zone, is_reminded
    user.save(update_fields=["name", "time_zone", "is_reminded"])
    for organization_id in Member.objects.filter(user=user, removed_at=None).values_list("organization_id", flat=True):
        consequences.arrived(organization_id, now=now)
    return user
