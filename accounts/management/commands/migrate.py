"""Django's ``migrate``, run as the role that owns the tables (``DATABASE_OWNER_URL``)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with _as_owner():
            super().handle(*args, **options)


@contextmanager
def _as_owner() -> Iterator[None]:
    """The default connection as the owner. A database that a test has switched by itself is left alone."""
    runtime = dict(connection.settings_dict)
    if runtime["USER"] == settings.DATABASE_OWNER["USER"]:
        yield
        return
    connection.close()
    connection.settings_dict.update({key: settings.DATABASE_OWNER[key] for key in ("HOST", "PORT", "USER", "PASSWORD")})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(runtime)
