"""Rows as they once stood, put back for another test: much sooner than they are made."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection
from psycopg.sql import SQL, Identifier

# Emptying the database fills these by itself.
FILLED = ["auth_permission", "django_content_type", "django_migrations", "django_site"]
TABLES = """
SELECT relname FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT relname = ANY(%s)
"""


def take() -> dict[str, bytes]:
    """The rows of all tables that have any, by table."""
    with _superuser() as cursor:
        tables = [name for (name,) in cursor.execute(TABLES, [FILLED]).fetchall()]
        return {table: rows for table in tables if (rows := _read(cursor, table))}


def put_back(rows: dict[str, bytes]) -> None:
    """Write them as they are. Sequences never go back when tables are emptied, so that no number is given twice."""
    with _superuser() as cursor:
        cursor.execute("SET session_replication_role = replica")  # rows come in no order that foreign keys would like
        for table, data in rows.items():
            with cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(table))) as copy:
                copy.write(data)


def _read(cursor: psycopg.Cursor, table: str) -> bytes:
    with cursor.copy(SQL("COPY {} TO STDOUT").format(Identifier(table))) as copy:
        return b"".join(copy)


@contextmanager
def _superuser() -> Iterator[psycopg.Cursor]:
    """Row-level security binds everybody else, and so do foreign keys."""
    parameters = connection.get_connection_params()
    with (
        psycopg.connect(**{name: parameters[name] for name in ("host", "port", "dbname")}, user="postgres") as session,
        session.cursor() as cursor,
    ):
        yield cursor
