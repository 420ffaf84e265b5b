"""Instants as they come from the database: read at once, where Django parses each by an expression of its own.

Lists load hundreds of rows, and every row knows when it was made.
"""

import datetime as dt
from typing import Any

from django.db.backends.signals import connection_created
from psycopg.abc import Buffer
from psycopg.types.datetime import TimestamptzLoader


class InstantLoader(TimestamptzLoader):
    """What the server writes in UTC, as Django asks it to; anything else as ever."""

    timezone = dt.UTC  # Django compares it with its own

    def load(self, data: Buffer) -> dt.datetime:
        try:
            instant = dt.datetime.fromisoformat(bytes(data).decode())
        except ValueError:  # infinite, before Christ, or in another style
            instant = super().load(data)
        return instant if instant.tzinfo is dt.UTC else instant.astimezone(dt.UTC)


def register() -> None:
    connection_created.connect(_read_with, dispatch_uid="instants")


def _read_with(connection: Any, **_: Any) -> None:
    connection.connection.adapters.register_loader("timestamptz", InstantLoader)
