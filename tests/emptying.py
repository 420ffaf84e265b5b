"""Empties the database after tests with real transactions, by the rows they left and not by all tables there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from psycopg.sql import SQL, Identifier

# What migrations leave, which no test changes.
KEPT = ["auth_permission", "django_content_type", "django_migrations", "django_site"]
# Only a large table is emptied sooner by new files for it and its indexes than row by row.
LARGE = 4_000_000
WRITTEN = """
SELECT relname, pg_relation_size(oid) > %s FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0 AND NOT relname = ANY(%s)
"""


def empty_database(_case: Any = None) -> None:
    with superuser() as cursor:
        tables = written(cursor)
        if tables:  # whoever is still writing ends first
            cursor.execute(SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(SQL(", ").join(map(Identifier, tables))))
        for table in (name for name, is_large in tables.items() if not is_large):
            cursor.execute(SQL("DELETE FROM {}").format(Identifier(table)))
        if large := [Identifier(name) for name, is_large in tables.items() if is_large]:
            cursor.execute(SQL("TRUNCATE {} CASCADE").format(SQL(", ").join(large)))


def written(cursor: psycopg.Cursor) -> dict[str, bool]:
    """The tables that have or had rows, and whether they are large."""
    return dict(cursor.execute(WRITTEN, [LARGE, KEPT]).fetchall())


@contextmanager
def superuser() -> Iterator[psycopg.Cursor]:
    """Everybody else is bound by row-level security, and by the order that foreign keys ask for."""
    connected = connection.get_connection_params()
    where = {name: connected[name] for name in ("host", "port", "dbname")}
    with psycopg.connect(**where, user="postgres") as session, session.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor
