"""Splitting pasted text into rows of cells."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

MOST_CHARACTERS: Final = 500_000
MOST_ROWS: Final = 4_000
MOST_COLUMNS: Final = 400
MOST_CELLS: Final = 40_000

Rows = list[list[str]]

# A comma between two digits may be a decimal comma, so it says less about the separator than one elsewhere.
_COMMA_IN_NUMBER = re.compile(r"(?<=\d),(?=\d)")
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]")


class UnreadableError(ValueError):
    """The text as a whole is no table; the message says what would be right."""


def split(text: str) -> Rows:
    """The cells of a table separated by tabs, semicolons or commas, trimmed, all rows of equal length.

    Empty rows and columns are left out. Raises ``UnreadableError`` for nothing, and for more than can be looked over
    on one page.
    """
    if len(text) > MOST_CHARACTERS:
        raise UnreadableError(
            f"This is {len(text):,} characters long; paste at most {MOST_CHARACTERS:,} at a time, or push through the "
            "API."
        )
    text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    rows = [[" ".join(cell.split()) for cell in row] for row in _cells(text)]
    rows = _without_empty_columns([row for row in rows if any(row)])
    if not rows:
        raise UnreadableError("There is nothing here yet. Copy the cells in your spreadsheet and paste them here.")
    if len(rows) > MOST_ROWS or len(rows[0]) > MOST_COLUMNS or len(rows) * len(rows[0]) > MOST_CELLS:
        raise UnreadableError(
            f"This table has {len(rows):,} rows and {len(rows[0]):,} columns; paste at most {MOST_CELLS:,} cells at a "
            "time, or push through the API."
        )
    return rows


def separator_of(text: str) -> str:
    """What stands between the cells: a tab wherever there is one, else a semicolon, else a comma."""
    lines = [line for line in text.splitlines() if line.strip()]
    if any("\t" in line.strip() for line in lines):
        return "\t"
    if _is_regular([line.count(";") for line in lines]):
        return ";"
    if _is_regular([len(_COMMA_IN_NUMBER.sub("", line).split(",")) - 1 for line in lines]):
        return ","
    if any(";" in line for line in lines):
        return ";"
    return ","


def _is_regular(counts: list[int]) -> bool:
    """Whether most lines have the character equally often, and at least once."""
    if not counts:
        return False
    count, times = Counter(counts).most_common(1)[0]
    return count > 0 and 2 * times > len(counts)


def _cells(text: str) -> Iterable[list[str]]:
    separator = separator_of(text)
    if text.count('"') % 2:  # a stray quotation mark, such as inches, would swallow all that follows
        return (line.split(separator) for line in text.split("\n"))
    csv.field_size_limit(MOST_CHARACTERS)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=separator != "\t"))
    except csv.Error:
        return (line.split(separator) for line in text.split("\n"))


def _without_empty_columns(rows: Rows) -> Rows:
    width = max((len(row) for row in rows), default=0)
    padded = [row + [""] * (width - len(row)) for row in rows]
    kept = [column for column in range(width) if any(row[column] for row in padded)]
    return [[row[column] for column in kept] for row in padded]
