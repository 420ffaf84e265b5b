"""Holding a worker back at one line, to see what it leaves behind there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection


@contextmanager
def held_back(table: str) -> Iterator[Callable[[], bool]]:
    """Nobody can write into a table while this lasts; yields a question: is somebody waiting to?"""
    parameters = connection.get_connection_params()
    with psycopg.connect(host=parameters["host"], dbname=parameters["dbname"], user=parameters["user"]) as other:
        other.execute(f"LOCK TABLE {table} IN SHARE MODE")  # type: ignore[arg-type]
        yield lambda: _waiters(other, table) > 0


def _waiters(other: "psycopg.Connection[tuple[int]]", table: str) -> int:
    found = other.execute("SELECT count(*) FROM pg_locks WHERE relation = %s::regclass AND NOT granted", [table])
    row = found.fetchone()
    return row[0] if row else 0
