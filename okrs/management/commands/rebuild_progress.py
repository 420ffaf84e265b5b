"""``manage.py rebuild_progress``: work out all progress anew; ``--check`` compares, and fails on any difference."""

import datetime as dt

from accounts.models import Organization
from kpis.management.rebuilding import RebuildCommand
from okrs.following.rebuild import differences, rebuild
from okrs.models import KeyResult


class Command(RebuildCommand):
    help = "Work out the progress of every key result of an open cycle anew from check-ins, milestones and KPIs."
    changed = "rows of progress changed"
    wrong = "stored rows of progress differ from what they follow from."

    def rebuild(self, organization: Organization, now: dt.datetime) -> int:
        return rebuild(organization, now=now)

    def differences(self, organization: Organization, now: dt.datetime) -> list[str]:
        titles = dict(KeyResult.ever.values_list("pk", "title"))
        return [f"{titles.get(id, id)} differs on {on}" for id, on in differences(organization, now=now)]
