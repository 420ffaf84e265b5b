"""``manage.py rebuild_scores``: compute every score anew; ``--check`` only compares, and fails on any difference."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Organization
from accounts.tenancy.context import organization_context
from kpis.compute import differences, rebuild
from kpis.models import Kpi

SHOWN = 20


class Command(BaseCommand):
    help = "Compute every score anew from measurements and definitions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="SLUG", help="only this one; by default all, one after the other")
        parser.add_argument("--check", action="store_true", help="change nothing; report what is stored otherwise")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = sum(
            self._one(organization, check=options["check"]) for organization in _chosen(options["organization"])
        )
        if wrong and options["check"]:
            raise CommandError(f"{wrong} stored scores differ from what their measurements give.")

    def _one(self, organization: Organization, *, check: bool) -> int:
        now = timezone.now()
        with organization_context(organization.pk):
            if not check:
                wrong = rebuild(organization, now=now)
                self.stdout.write(f"{organization.slug}: {wrong} score rows changed")
                return wrong
            found = differences(organization, now=now)
            keys = dict(Kpi.objects.values_list("pk", "key"))
        for one in found[:SHOWN]:
            self.stdout.write(f"{organization.slug}: {keys.get(one.kpi_id, one.kpi_id)} {one.period} is {one.what}")
        self.stdout.write(f"{organization.slug}: {len(found)} differences")
        return len(found)


def _chosen(slug: str | None) -> list[Organization]:
    chosen = Organization.objects.filter(slug=slug) if slug else Organization.objects.order_by("slug")
    if slug and not chosen:
        raise CommandError(f"There is no organization called {slug!r}.")
    return list(chosen)
