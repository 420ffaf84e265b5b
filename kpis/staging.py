"""Rows on their way into the database, as something a statement can select from.

Few rows travel as arrays inside the statement; many by binary COPY into a temporary table, because COPY into a table
with row-level security is refused. Columns are NumPy arrays of equal length:

| PostgreSQL | NumPy |
|---|---|
| ``uuid`` | ``V16``, the bytes of each (``uuids``) |
| ``date`` | ``datetime64[D]`` |
| ``float8`` | ``float64``; NaN stays NaN, the statement turns it into NULL |
| ``int2`` | ``int16`` |
| ``bool`` | ``bool`` |
| ``text`` | object |
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray

Column: TypeAlias = NDArray[Any]

# From this many rows on, COPY is cheaper than arrays in the statement.
COPY_FROM = 500
# Rows encoded at once, so that memory stays bounded.
CHUNK = 50_000
POSTGRES_EPOCH = np.datetime64("2000-01-01", "D")
SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
WIDTHS = {"uuid": "V16", "date": ">i4", "float8": ">f8", "int2": ">i2", "bool": "?", "text": "V0"}


def uuids(ids: Iterable[UUID]) -> Column:
    """Ids as a column."""
    return np.frombuffer(b"".join([id.bytes for id in ids]), dtype="V16")


def array_of(values: Iterable[object]) -> str:
    """Ids or dates as PostgreSQL reads an array of them (``%(ids)s::uuid[]``), far faster than as a list."""
    return f"{{{','.join(map(str, values))}}}"


@contextmanager
def staged(name: str, types: Mapping[str, str], columns: Mapping[str, Column]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What to put after FROM to select from the rows, by the alias ``name``, and the parameters that it takes."""
    rows = len(next(iter(columns.values())))
    if rows < COPY_FROM:
        arrays = ", ".join(f"%({name}_{column})s::{kind}[]" for column, kind in types.items())
        parameters = {f"{name}_{column}": _as_list(columns[column]) for column in types}
        yield f"unnest({arrays}) AS {name} ({', '.join(types)})", parameters
        return
    with connection.cursor() as cursor:
        declared = ", ".join(f"{column} {kind}" for column, kind in types.items())
        cursor.execute(f"CREATE TEMPORARY TABLE {name} ({declared}) ON COMMIT DROP")
        with cursor.copy(f"COPY {name} FROM STDIN (FORMAT BINARY)") as copy:
            for block in _encoded(types, columns, rows):
                copy.write(block)
        yield name, {}
        cursor.execute(f"DROP TABLE {name}")


def _as_list(column: Column) -> list[Any]:
    if column.dtype.kind == "V":
        return [UUID(bytes=bytes(value)) for value in column]
    return list(column.tolist())


def _encoded(types: Mapping[str, str], columns: Mapping[str, Column], rows: int) -> Iterator[bytes]:
    yield SIGNATURE
    for start in range(0, rows, CHUNK):
        chunk = {name: columns[name][start : start + CHUNK] for name in types}
        has_texts = any(any(chunk[name].tolist()) for name, kind in types.items() if kind == "text")
        yield _encode_texts(types, chunk) if has_texts else _encode(types, chunk)
    yield TRAILER


def _encode(types: Mapping[str, str], columns: Mapping[str, Column]) -> bytes:
    """Rows of one width, each field preceded by its length; texts are empty."""
    fields = [("count", ">i2"), *(pair for name, kind in types.items() for pair in _field(name, WIDTHS[kind]))]
    rows = np.empty(len(next(iter(columns.values()))), dtype=fields)
    rows["count"] = len(types)
    for name, kind in types.items():
        rows[f"{name} length"] = np.dtype(WIDTHS[kind]).itemsize
        if kind != "text":
            rows[name] = _wire(columns[name])
    return rows.tobytes()


def _field(name: str, width: str) -> list[tuple[str, str]]:
    return [(f"{name} length", ">i4"), (name, width)]


def _wire(column: Column) -> Column:
    """Dates travel as days since 2000-01-01; all else as it is."""
    return (column - POSTGRES_EPOCH).astype(np.int32) if column.dtype.kind == "M" else column


def _encode_texts(types: Mapping[str, str], columns: Mapping[str, Column]) -> bytes:
    """Rows with texts: those of one width, and the texts in between."""
    texts = [name for name, kind in types.items() if kind == "text"]
    if list(types)[-len(texts) :] != texts:
        raise ValueError("Texts come last.")
    fixed = {name: kind for name, kind in types.items() if kind != "text"}
    encoded = _encode(fixed, columns)
    width = len(encoded) // len(columns[texts[0]])
    head = len(types).to_bytes(2, "big")
    rows = (head + encoded[at + 2 : at + width] for at in range(0, len(encoded), width))
    values = (map(_encode_text, columns[name]) for name in texts)
    return b"".join(part for row in zip(rows, *values, strict=True) for part in row)


def _encode_text(text: str) -> bytes:
    encoded = text.encode()
    return len(encoded).to_bytes(4, "big") + encoded
