"""``manage.py rebuild_scores``: compute every score anew; ``--check`` only compares, and fails on any difference."""

import datetime as dt

from accounts.models import Organization
from kpis.compute import differences, rebuild
from kpis.management.rebuilding import RebuildCommand
from kpis.models import Kpi


class Command(RebuildCommand):
    help = "Compute every score anew from measurements and definitions."
    changed = "score rows changed"
    wrong = "stored scores differ from what their measurements give."

    def rebuild(self, organization: Organization, now: dt.datetime) -> int:
        return rebuild(organization, now=now)

    def differences(self, organization: Organization, now: dt.datetime) -> list[str]:
        keys = dict(Kpi.objects.values_list("pk", "key"))
        found = differences(organization, now=now)
        return [f"{keys.get(one.kpi_id, one.kpi_id)} {one.period} is {one.what}" for one in found]
