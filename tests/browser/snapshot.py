"""Rows as they once stood, put back for another test: much sooner than they are made."""

import psycopg
from psycopg.sql import SQL, Identifier

from tests.emptying import superuser, written


def take() -> dict[str, bytes]:
    """The rows of all tables that have any, by table."""
    with superuser() as cursor:
        return {table: rows for table in written(cursor) if (rows := _read(cursor, table))}


def put_back(rows: dict[str, bytes]) -> None:
    """Write them as they are. Sequences never go back when the database is emptied: no number is given twice."""
    with superuser() as cursor:
        for table, data in rows.items():
            with cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(table))) as copy:
                copy.write(data)


def _read(cursor: psycopg.Cursor, table: str) -> bytes:
    with cursor.copy(SQL("COPY {} TO STDOUT").format(Identifier(table))) as copy:
        return b"".join(copy)
