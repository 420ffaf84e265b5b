"""One measurement as it is sent, and what can be wrong with it."""

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

import msgspec

MAX_ITEMS = 50_000
MAX_NOTE = 2_000
MOST_UNKNOWN = 5  # fields of one item that are named
FIELDS = ("kpi", "date", "value", "note")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A measurement: the KPI's key or id, the day it is dated, its value."""

    kpi: str
    date: dt.date
    value: float
    note: str = ""


@dataclass(frozen=True)
class ItemError:
    """What is wrong, where (a JSON pointer that counts from the item list), and what would be right."""

    pointer: str
    code: str
    detail: str


@dataclass
class Parsed:
    """The well-formed items, each with its position in the list that was sent, and the errors of the others."""

    items: list[Item] = field(default_factory=list)
    positions: list[int] | range = field(default_factory=list)
    errors: list[ItemError] = field(default_factory=list)
    received: int = 0


def check_items(raw: list[Any]) -> Parsed:
    """Judge decoded items one by one; used where decoding them as a whole failed, so that every error gets its name."""
    parsed = Parsed(received=len(raw))
    positions: list[int] = []
    for position, value in enumerate(raw):
        found = _check(value, position)
        if isinstance(found, Item):
            parsed.items.append(found)
            positions.append(position)
        else:
            parsed.errors.extend(found)
    parsed.positions = positions
    return parsed


class UnevenRow(NamedTuple):
    """A line of CSV with another number of columns than the header."""

    columns: int
    header: Sequence[str]

    def __str__(self) -> str:
        has = f"{self.columns} column{'s' if self.columns != 1 else ''}"
        return f"This line has {has}, and the header {len(self.header)}: {','.join(self.header)}."


def _check(raw: Any, position: int) -> Item | list[ItemError]:
    if isinstance(raw, UnevenRow):
        return [ItemError(f"/{position}", "not_an_object", str(raw))]
    if not isinstance(raw, dict):
        return [ItemError(f"/{position}", "not_an_object", 'A measurement is an object: {"kpi", "date", "value"}.')]
    errors = [
        ItemError(f"/{position}/{name}", code, detail)
        for name, (code, detail) in {
            **dict.fromkeys(islice((name for name in raw if name not in FIELDS), MOST_UNKNOWN), _UNKNOWN_FIELD),
            "kpi": _kpi_problem(raw.get("kpi")),
            "date": _date_problem(raw.get("date")),
            "value": _value_problem(raw.get("value")),
            "note": _note_problem(raw.get("note", "")),
        }.items()
        if code
    ]
    if errors:
        return errors
    return Item(raw["kpi"], dt.date.fromisoformat(raw["date"]), float(raw["value"]), raw.get("note", ""))


_FINE = ("", "")
_UNKNOWN_FIELD = ("unknown_field", f"A measurement has the fields {', '.join(FIELDS)} only.")


def _kpi_problem(kpi: Any) -> tuple[str, str]:
    if kpi is None:
        return "required", "Name the KPI by its key or id."
    if not isinstance(kpi, str):
        return "not_a_text", "Name the KPI by its key or id, as a text."
    return _FINE


def _date_problem(date: Any) -> tuple[str, str]:
    if date is None:
        return "required", "Give the date as YYYY-MM-DD."
    if isinstance(date, str) and _DATE.fullmatch(date):
        try:
            dt.date.fromisoformat(date)
        except ValueError:
            return "invalid_date", f"{date} is not a day of the calendar."
        return _FINE
    return "invalid_date", "Give the date as YYYY-MM-DD, such as 2026-11-22."


def _value_problem(value: Any) -> tuple[str, str]:
    if value is None:
        return "required", "Give a number. A missing measurement is simply left out."
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "not_a_number", "Give a plain number with a decimal point, such as 12.5."
    if not _is_finite(value):
        return "not_a_number", "NaN, infinity and numbers beyond 1.8e308 cannot be stored."
    return _FINE


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _note_problem(note: Any) -> tuple[str, str]:
    if not isinstance(note, str):
        return "not_a_text", "A note is a text."
    return note_problem(note)


def note_problem(note: str) -> tuple[str, str]:
    """The code and detail of what is wrong with a note; two empty texts if nothing is."""
    if "\0" in note:
        return "invalid_text", "A note cannot contain the NUL character."
    if len(note) > MAX_NOTE:
        return "too_long", f"A note has at most {MAX_NOTE:,} characters; this one has {len(note):,}."
    return _FINE
