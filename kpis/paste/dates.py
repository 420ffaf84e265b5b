"""Reading dates and periods as spreadsheets write them; what one date leaves open, all of them together decide."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise, product
from typing import Final

from babel import Locale

_LANGUAGES: Final = ("en", "de", "fr", "es", "it", "nl")
_SHORTER: Final = {"mrz": 3, "maerz": 3, "sept": 9}  # as spreadsheets write them too


def _month_names() -> dict[str, int]:
    """Whole and short names in lower case, without the point behind them, with their accents and without.

    No name is that of different months in two of the languages.
    """
    names = dict(_SHORTER)
    for language, form, width in product(_LANGUAGES, ("format", "stand-alone"), ("wide", "abbreviated")):
        for number, name in Locale.parse(language).months[form][width].items():
            plain = name.lower().rstrip(".")
            names[plain] = names[_without_accents(plain)] = number
    return names


def _without_accents(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


_MONTHS: Final = _month_names()
_NAME = r"(?P<name>[A-Za-zÀ-ÿ]{3,10})\.?"
_YEAR = r"(?P<year>\d{4}|['’]?\d{2})"
_FULL_YEAR = r"(?P<year>\d{4})"
_GAP = r"[\s\-/.,]*"
_OF = r"(?:(?:of|de) )?"


class Order(StrEnum):
    """Which comes first in dates like 01/02/2026."""

    DAY_FIRST = "day"
    MONTH_FIRST = "month"


@dataclass(frozen=True, slots=True)
class Dates:
    """A date for each text (None: it is none). ``is_certain`` is False where the order of day and month was a guess
    that somebody has to confirm; ``order`` is None where nothing hung on it.
    """

    dates: list[dt.date | None]
    order: Order | None = None
    is_certain: bool = True
    notes: list[str] = field(default_factory=list)


def read_dates(texts: Sequence[str], *, today: dt.date, order: Order | None = None) -> Dates:
    """The dates a line of cells holds; a month, quarter, week or year is named by its first day.

    Months without a year are placed so that the last one is not after that of ``today``. ``order`` settles what
    01/02/2026 is; without it the reading is taken that all texts allow and, if both do, the one that goes month by
    month. Texts are understood in digits and in the languages of ``_LANGUAGES``.
    """
    slashed = [_slashed(text) for text in texts]
    chosen, is_certain = (order, True) if order else _order_of([parts for parts in slashed if parts])
    dates = [
        _dated(parts, chosen or Order.DAY_FIRST) if parts else _one(text)
        for text, parts in zip(texts, slashed, strict=True)
    ]
    notes: list[str] = []
    if not any(dates):
        dates = _months_without_year(texts, today)
        if found := [date for date in dates if date]:
            notes.append(f"No year is written here: read as {min(found):%B %Y} to {max(found):%B %Y}.")
    return Dates(dates, chosen, is_certain, notes)


def looks_like_date(text: str) -> bool:
    """Whether a cell could be a date by itself, a bare month or year included."""
    return bool(_slashed(text) or _one(text) or _month(text))


# Each pattern of a date that can be read by itself, and what it is.
_PATTERNS: Final[list[tuple[re.Pattern[str], Callable[[re.Match[str]], dt.date]]]] = [
    (re.compile(pattern, re.ASCII), make)
    for pattern, make in (
        (r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:[T ][\d:.]+Z?)?", lambda m: _day(m, "month")),
        (r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})", lambda m: _first_of(m, int(m["month"]))),
        (r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})", lambda m: _first_of(m, int(m["month"]))),
        (rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.)?{_GAP}{_OF}{_NAME}{_GAP}{_OF}{_YEAR}", lambda m: _day(m, "name")),
        (rf"{_NAME}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*|\s+){_FULL_YEAR}", lambda m: _day(m, "name")),
        (rf"{_NAME}{_GAP}{_OF}{_YEAR}", lambda m: _first_of(m, _named(m))),
        (rf"{_FULL_YEAR}{_GAP}{_NAME}", lambda m: _first_of(m, _named(m))),
        (rf"[Qq](?P<quarter>[1-4]){_GAP}{_YEAR}", lambda m: _first_of(m, 3 * int(m["quarter"]) - 2)),
        (rf"{_FULL_YEAR}{_GAP}[Qq](?P<quarter>[1-4])", lambda m: _first_of(m, 3 * int(m["quarter"]) - 2)),
        (
            rf"{_FULL_YEAR}[-\s]?(?:W|CW|KW)(?P<week>\d{{1,2}})",
            lambda m: dt.date.fromisocalendar(int(m["year"]), int(m["week"]), 1),
        ),
        (r"(?P<year>(?:19|20)\d{2})", lambda m: _first_of(m, 1)),
    )
]
_SLASHED = re.compile(r"(?P<first>\d{1,2})(?P<sign>[/.\-])(?P<second>\d{1,2})(?P=sign)(?P<year>\d{4}|\d{2})", re.ASCII)


def _one(text: str) -> dt.date | None:
    for pattern, make in _PATTERNS:
        if found := pattern.fullmatch(text.strip()):
            try:
                return make(found)
            except (ValueError, KeyError):
                continue
    return None


def _day(found: re.Match[str], month: str) -> dt.date:
    return dt.date(_year(found["year"]), _named(found) if month == "name" else int(found["month"]), int(found["day"]))


def _first_of(found: re.Match[str], month: int) -> dt.date:
    return dt.date(_year(found["year"]), month, 1)


def _named(found: re.Match[str]) -> int:
    """Raises KeyError for a word that is no month."""
    return _MONTHS[found["name"].lower()]


def _month(text: str) -> int | None:
    return _MONTHS.get(text.strip().rstrip(".").lower())


def _year(text: str) -> int:
    digits = text.lstrip("'’")
    return 2000 + int(digits) if len(digits) == 2 else int(digits)


@dataclass(frozen=True, slots=True)
class _Parts:
    first: int
    second: int
    year: int
    is_dotted: bool


def _slashed(text: str) -> _Parts | None:
    found = _SLASHED.fullmatch(text.strip())
    if found is None:
        return None
    return _Parts(int(found["first"]), int(found["second"]), _year(found["year"]), found["sign"] == ".")


def _dated(parts: _Parts, order: Order) -> dt.date | None:
    day, month = (parts.first, parts.second) if order is Order.DAY_FIRST else (parts.second, parts.first)
    try:
        return dt.date(parts.year, month, day)
    except ValueError:
        return None


def _order_of(parts: Sequence[_Parts]) -> tuple[Order | None, bool]:
    """The order all dates allow, and whether there was only one good answer."""
    if not parts:
        return None, True
    fitting = [order for order in Order if all(_dated(each, order) for each in parts)]
    if len(fitting) == 1:
        return fitting[0], True
    if not fitting:  # some are no dates at all; the others decide
        counts = {order: sum(_dated(each, order) is not None for each in parts) for order in Order}
        best = max(Order, key=lambda order: counts[order])
        return best, len(set(counts.values())) > 1
    if all(each.is_dotted for each in parts) or all(each.first == each.second for each in parts):
        return Order.DAY_FIRST, True  # points stand between day, month and year only where the day comes first
    even = [order for order in Order if _goes_month_by_month([_dated(each, order) for each in parts])]
    return (even[0], True) if len(even) == 1 else (Order.DAY_FIRST, False)


def _goes_month_by_month(dates: Sequence[dt.date | None]) -> bool:
    """Whether these dates are the same or the last day of successive months, in either direction."""
    known = [date for date in dates if date]
    if len(known) < 3:
        return False
    steps = {12 * (b.year - a.year) + b.month - a.month for a, b in pairwise(known)}
    is_last = all((date + dt.timedelta(days=1)).day == 1 for date in known)
    return steps in ({1}, {-1}) and (is_last or len({date.day for date in known}) == 1)


def _months_without_year(texts: Sequence[str], today: dt.date) -> list[dt.date | None]:
    """Months in the order they stand; where they run past December a year ends. The last one is not in the future."""
    months = [_month(text) for text in texts]
    known = [month for month in months if month]
    ascending = 2 * sum((b - a) % 12 <= 6 for a, b in pairwise(known)) >= len(known) - 1
    year, years, before = 0, [], None
    for month in known:
        if before is not None and (month <= before if ascending else month >= before):
            year += 1 if ascending else -1
        years.append(year)
        before = month
    if not known:
        return [None] * len(texts)
    latest = max(zip(years, known, strict=True))
    last_year = today.year if latest[1] <= today.month else today.year - 1
    shift = last_year - latest[0]
    placed = iter(years)
    return [dt.date(next(placed) + shift, month, 1) if month else None for month in months]
