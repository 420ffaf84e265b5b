"""``manage.py load_demo``: three organizations to look around in; ``--remove`` takes them away again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.demo import LOG_IN, PASSWORD, DataMissingError, RefusedError, SlugTakenError, load, remove


class Command(BaseCommand):
    help = "Load the demo company, or what is missing of it; running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--remove", action="store_true", help="remove the demo with everything in it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = [f"{name}: removed" for name in remove()] if options["remove"] else load(now=timezone.now())
        except (DataMissingError, RefusedError, SlugTakenError) as error:
            raise CommandError(str(error)) from error
        for line in done or ["There is nothing to do."]:
            self.stdout.write(line)
        if not options["remove"]:
            self.stdout.write(f"Log in as {LOG_IN} with the password {PASSWORD}.")
