"""Finding where in a table the dates are, which way it runs, and what each line of numbers is called."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kpis.paste.dates import Order, looks_like_date, read_dates
from kpis.paste.numbers import Decimals, decimal_sign, is_missing, read_number
from kpis.paste.table import Rows, UnreadableError, split

# Dates stand in one of the first columns or rows; what lies further in is numbers.
COLUMNS_SEARCHED, ROWS_SEARCHED = 3, 6


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of the table; ``value`` is None where there is none, and ``problem`` says why if that is an error."""

    text: str
    value: float | None = None
    is_percent: bool = False
    currency: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One date of the table with the text it was read from; where ``problem`` is said its numbers are left out."""

    text: str
    date: dt.date | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """The numbers under one name, a cell for each line."""

    name: str
    cells: list[Cell]

    @property
    def count(self) -> int:
        return sum(cell.value is not None for cell in self.cells)

    @property
    def is_percent(self) -> bool:
        return any(cell.is_percent for cell in self.cells)

    @property
    def has_currency(self) -> bool:
        return any(cell.currency for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood. ``order`` and ``decimals`` are how dates and numbers were read; where they were a guess
    that only the reader can confirm, ``asks_order`` and ``asks_decimals`` are set.
    """

    lines: list[Line]
    series: list[Series]
    is_down: bool
    order: Order | None
    asks_order: bool
    decimals: Decimals
    asks_decimals: bool
    notes: list[str] = field(default_factory=list)

    @property
    def dates(self) -> list[dt.date]:
        return [line.date for line in self.lines if line.date]


def read(
    text: str,
    *,
    today: dt.date,
    earliest: dt.date = dt.date.min,
    latest: dt.date = dt.date.max,
    order: Order | None = None,
    decimals: Decimals | None = None,
) -> Reading:
    """Understand a pasted table: dates down or across, names at the head of the other direction.

    ``order`` and ``decimals`` settle what the table leaves open; dates outside ``earliest`` to ``latest`` are left out
    with a word. Raises ``UnreadableError`` where there is no table, no date or no number.
    """
    rows = split(text)
    at, is_down = _find_dates(rows)
    table = rows if is_down else [list(column) for column in zip(*rows, strict=True)]
    head = _head(table, at)
    read_as = read_dates([row[at] for row in table[head:]], today=today, order=order)
    lines = _lines([row[at] for row in table[head:]], read_as.dates, earliest, latest)
    columns = [column for column in range(len(table[0])) if column != at]
    sign = decimal_sign(row[column] for row in table[head:] for column in columns)
    series = [
        Series(
            _name(table[:head], column, is_down),
            _cells(lines, [row[column] for row in table[head:]], decimals or sign.decimals),
        )
        for column in columns
    ]
    kept = [each for each in series if each.count]
    if not kept:
        raise UnreadableError("Dates were found, but no numbers beside them. Copy the numbers along with the dates.")
    return Reading(
        [line for line in lines if line.date or line.problem],
        [_without_blank(each, lines) for each in kept],
        is_down,
        read_as.order,
        not read_as.is_certain,
        decimals or sign.decimals,
        decimals is None and not sign.is_certain,
        [*read_as.notes, *(f"“{each.name}” holds no numbers, so it is left out." for each in series if not each.count)],
    )


def _find_dates(rows: Rows) -> tuple[int, bool]:
    """The column (True) or row (False) that holds the dates."""
    columns = [list(column) for column in zip(*rows, strict=True)][:COLUMNS_SEARCHED]
    candidates = [(_date_likeness(cells), -index, True) for index, cells in enumerate(columns)]
    candidates += [(_date_likeness(cells), -index, False) for index, cells in enumerate(rows[:ROWS_SEARCHED])]
    (likely, _), index, is_down = max(candidates, key=lambda each: (each[0], each[2], each[1]))
    if not likely:
        raise UnreadableError(
            "No dates were found. Put them into the first column or the first row, such as Jan 2026, 2026-01 or "
            "31.01.2026."
        )
    return -index, is_down


def _date_likeness(cells: Sequence[str]) -> tuple[float, float]:
    """How many of the cells are dates, and which share of those that are filled; zero if it is less than a third.

    A bare year could be a number just as well, so it counts half.
    """
    filled = [cell for cell in cells if cell]
    likely = sum(0.5 if cell.isdigit() else 1.0 for cell in filled if looks_like_date(cell))
    return (likely, likely / len(filled)) if filled and 3 * likely >= len(filled) else (0.0, 0.0)


def _head(table: Rows, at: int) -> int:
    """How many rows stand above the first date."""
    return next((index for index, row in enumerate(table) if looks_like_date(row[at])), 0)


def _name(head: Rows, column: int, is_down: bool) -> str:
    """The nearest text above a column, or its number where there is none."""
    texts = [row[column] for row in reversed(head) if row[column]]
    return texts[0][:120] if texts else f"{'Column' if is_down else 'Row'} {column + 1}"


def _lines(texts: Sequence[str], dates: Sequence[dt.date | None], earliest: dt.date, latest: dt.date) -> list[Line]:
    last_of = {date: index for index, date in enumerate(dates) if date}
    return [
        Line(text, *_judged(text, date, is_last=date is None or last_of[date] == index, ends=(earliest, latest)))
        for index, (text, date) in enumerate(zip(texts, dates, strict=True))
    ]


def _judged(
    text: str, date: dt.date | None, *, is_last: bool, ends: tuple[dt.date, dt.date]
) -> tuple[dt.date | None, str]:
    if date is None:
        return None, f"“{text[:40]}” is not a date, so this line is left out" if text else ""
    if not ends[0] <= date <= ends[1]:
        return None, f"{date} is out of range: from {ends[0]} to {ends[1]}"
    if not is_last:
        return None, f"“{text[:40]}” stands here twice; the later line counts"
    return date, ""


def _cells(lines: Iterable[Line], texts: Iterable[str], decimals: Decimals) -> list[Cell]:
    return [_cell(text, decimals) if line.date else Cell(text) for line, text in zip(lines, texts, strict=True)]


def _cell(text: str, decimals: Decimals) -> Cell:
    if is_missing(text):
        return Cell(text)
    try:
        number = read_number(text, decimals)
    except ValueError as error:
        return Cell(text, problem=str(error))
    return Cell(text, number.value, number.is_percent, number.currency)


def _without_blank(series: Series, lines: Sequence[Line]) -> Series:
    """Without the cells of lines that hold neither a date nor anything worth a word."""
    cells = [cell for cell, line in zip(series.cells, lines, strict=True) if line.date or line.problem]
    return Series(series.name, cells)
