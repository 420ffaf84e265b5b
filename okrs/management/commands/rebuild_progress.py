"""``manage.py rebuild_progress``: work out all progress anew; ``--check`` compares, and fails on any difference."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Organization
from accounts.tenancy.context import organization_context
from okrs.following.rebuild import differences, rebuild
from okrs.models import KeyResult

SHOWN = 20


class Command(BaseCommand):
    help = "Work out the progress of every key result of an open cycle anew from check-ins, milestones and KPIs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="SLUG", help="only this one; by default all, one after the other")
        parser.add_argument("--check", action="store_true", help="change nothing; report what is stored otherwise")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = sum(
            self._one(organization, check=options["check"]) for organization in _chosen(options["organization"])
        )
        if wrong and options["check"]:
            raise CommandError(f"{wrong} stored rows of progress differ from what they follow from.")

    def _one(self, organization: Organization, *, check: bool) -> int:
        now = timezone.now()
        with organization_context(organization.pk):
            if not check:
                wrong = rebuild(organization, now=now)
                self.stdout.write(f"{organization.slug}: {wrong} rows of progress changed")
                return wrong
            found = differences(organization, now=now)
            titles = dict(KeyResult.ever.values_list("pk", "title"))
        for id, on in found[:SHOWN]:
            self.stdout.write(f"{organization.slug}: {titles.get(id, id)} differs on {on}")
        self.stdout.write(f"{organization.slug}: {len(found)} differences")
        return len(found)


def _chosen(slug: str | None) -> list[Organization]:
    chosen = Organization.objects.filter(slug=slug) if slug else Organization.objects.order_by("slug")
    if slug and not chosen:
        raise CommandError(f"There is no organization called {slug!r}.")
    return list(chosen)
