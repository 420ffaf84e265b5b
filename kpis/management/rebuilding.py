"""What commands have in common that work out anew what is derived, or only compare it with what is stored."""

import datetime as dt
from abc import abstractmethod
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Organization
from accounts.tenancy.context import organization_context

SHOWN: Final = 20


class RebuildCommand(BaseCommand):
    """Works on one organization after the other; with ``--check`` it changes nothing and fails on any difference."""

    changed: str  # what was changed, counted: "score rows changed"
    wrong: str  # what a difference means, counted: "stored scores differ from ..."

    @abstractmethod
    def rebuild(self, organization: Organization, now: dt.datetime) -> int:
        """Work it out anew; answers how many rows changed."""

    @abstractmethod
    def differences(self, organization: Organization, now: dt.datetime) -> Sequence[str]:
        """What is stored otherwise, each in words."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="SLUG", help="only this one; by default all, one after the other")
        parser.add_argument("--check", action="store_true", help="change nothing; report what is stored otherwise")

    def handle(self, *args: Any, **options: Any) -> None:
        organizations = _chosen(options["organization"])
        if not options["check"]:
            for organization in organizations:
                self._rebuild(organization)
        elif wrong := sum(map(self._check, organizations)):
            raise CommandError(f"{wrong} {self.wrong}")

    def _rebuild(self, organization: Organization) -> None:
        with organization_context(organization.pk):
            count = self.rebuild(organization, timezone.now())
        self.stdout.write(f"{organization.slug}: {count} {self.changed}")

    def _check(self, organization: Organization) -> int:
        with organization_context(organization.pk):
            found = self.differences(organization, timezone.now())
        for words in found[:SHOWN]:
            self.stdout.write(f"{organization.slug}: {words}")
        self.stdout.write(f"{organization.slug}: {len(found)} differences")
        return len(found)


def _chosen(slug: str | None) -> list[Organization]:
    chosen = Organization.objects.filter(slug=slug) if slug else Organization.objects.order_by("slug")
    if slug and not chosen:
        raise CommandError(f"There is no organization called {slug!r}.")
    return list(chosen)
