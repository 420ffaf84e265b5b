"""From the bytes of a request to measurements: JSON, NDJSON or CSV."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, TypeVar

import msgspec

from kpis.ingest.items import MAX_ITEMS, Item, ItemError, Parsed, UnevenRow, check_items, note_problem

T = TypeVar("T")

_items = msgspec.json.Decoder(list[Item])
_line = msgspec.json.Decoder(Item)


class _Envelope(msgspec.Struct, forbid_unknown_fields=True):
    measurements: list[Item]


_envelope = msgspec.json.Decoder(_Envelope)

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


class UndecodableError(ValueError):
    """The body as a whole cannot be read; the message says where and why."""


class TooManyItemsError(ValueError):
    """More items than one call may carry."""


def decode(content_type: str, body: bytes) -> Parsed:
    """Read a body of one of ``FORMATS``.

    Well-formed items are decoded in one pass; only if that fails are they looked at one by one, to name each error.
    Raises ``UndecodableError`` for a body that is no list of items at all, ``TooManyItemsError`` beyond ``MAX_ITEMS``
    and ``KeyError`` for another content type.
    """
    return FORMATS[content_type](body)


def _at_most(items: Iterable[T]) -> list[T]:
    """All of the items. Too many are only counted: to judge each of them by itself would take minutes."""
    each = iter(items)
    taken = list(islice(each, MAX_ITEMS))
    if more := sum(1 for _ in each):
        raise TooManyItemsError(
            f"One call carries at most {MAX_ITEMS:,} measurements, this one {MAX_ITEMS + more:,}. Send them in parts."
        )
    return taken


def _decode_json(body: bytes) -> Parsed:
    try:
        enveloped = body.lstrip()[:1] == b"{"
        return _accept(_envelope.decode(body).measurements if enveloped else _items.decode(body))
    except (msgspec.ValidationError, msgspec.DecodeError, RecursionError):
        return check_items(_at_most(_list_of_items(_loads(body, "The body"))))


def _list_of_items(content: Any) -> list[Any]:
    if isinstance(content, dict) and isinstance(content.get("measurements"), list) and len(content) == 1:
        return list(content["measurements"])
    if isinstance(content, list):
        return content
    raise UndecodableError('Send {"measurements": [...]} or a bare array of measurements.')


def _decode_ndjson(body: bytes) -> Parsed:
    try:
        return _accept(_line.decode_lines(body))
    except (msgspec.ValidationError, msgspec.DecodeError, RecursionError):
        pass
    raw: list[Any] = []
    broken: list[ItemError] = []
    for line in _at_most(filter(None, map(bytes.strip, io.BytesIO(body)))):
        try:
            raw.append(_loads(line, "The line"))
        except UndecodableError as error:
            broken.append(ItemError(f"/{len(raw)}", "invalid_json", str(error)))
            raw.append(_BROKEN)
    return _replace_broken(check_items(raw), broken)


_BROKEN = object()


def _replace_broken(parsed: Parsed, broken: list[ItemError]) -> Parsed:
    """A line that is no JSON has one error of its own instead of "not an object"."""
    pointers = {error.pointer for error in broken}
    parsed.errors = sorted(
        [*(error for error in parsed.errors if error.pointer not in pointers), *broken],
        key=lambda error: int(error.pointer.split("/")[1]),
    )
    return parsed


def _loads(text: bytes, what: str) -> Any:
    """Python's reader, which unlike JSON itself knows NaN and Infinity, so that these get an error of their own."""
    try:
        return json.loads(text.decode())
    except UnicodeDecodeError as error:
        raise UndecodableError(f"{what} is not UTF-8 text: {error.reason} at byte {error.start}.") from None
    except RecursionError:
        raise UndecodableError(f"{what} is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise UndecodableError(
            f"{what} is not valid JSON: {error.msg.lower()} at line {error.lineno}, column {error.colno}."
        ) from None
    except ValueError:
        raise UndecodableError(f"{what} contains a number with too many digits.") from None


def _decode_csv(body: bytes) -> Parsed:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UndecodableError(f"The body is not UTF-8 text: {error.reason} at byte {error.start}.") from None
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip().lower() for name in next(rows, [])]
        _check_header(header)
        return check_items([_csv_item(header, row) for row in _at_most(filter(None, rows))])
    except csv.Error as error:
        raise UndecodableError(f"The body is not valid CSV: {error} (line {rows.line_num}).") from None


def _check_header(header: list[str]) -> None:
    if not {"kpi", "date", "value"} <= set(header) <= {"kpi", "date", "value", "note"} or len(set(header)) < len(
        header
    ):
        found = ",".join(header) or "nothing"
        raise UndecodableError(
            f"The first line must be the header kpi,date,value or kpi,date,value,note; found {found}."
        )


def _csv_item(header: list[str], row: list[str]) -> Any:
    if len(row) != len(header):
        return UnevenRow(len(row), header)
    cells: dict[str, Any] = {name: cell.strip() for name, cell in zip(header, row, strict=True)}
    if _NUMBER.fullmatch(cells["value"]):
        cells["value"] = float(cells["value"])
    return {name: cell for name, cell in cells.items() if cell != "" or name == "note"}


def _accept(items: list[Item]) -> Parsed:
    """Items that were decoded as a whole; notes are the one thing a type does not say all about."""
    errors: list[ItemError] = []
    positions: list[int] = []
    for position, item in enumerate(_at_most(items)):
        if item.note:
            code, detail = note_problem(item.note)
            if code:
                errors.append(ItemError(f"/{position}/note", code, detail))
                continue
        positions.append(position)
    kept = items if not errors else [items[position] for position in positions]
    return Parsed(kept, positions, errors, len(items))


FORMATS: dict[str, Callable[[bytes], Parsed]] = {
    "application/json": _decode_json,
    "application/x-ndjson": _decode_ndjson,
    "text/csv": _decode_csv,
}
