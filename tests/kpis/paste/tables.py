"""Tables written as people's spreadsheets would, for whatever they hold."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
FULL = "January February March April May June July August September October November December".split()

DATES: dict[str, Callable[[dt.date], str]] = {
    "2026-01": lambda d: f"{d:%Y-%m}",
    "2026-01-31": lambda d: f"{d:%Y-%m-%d}",
    "01/2026": lambda d: f"{d:%m/%Y}",
    "Jan 26": lambda d: f"{MONTHS[d.month - 1]} {d:%y}",
    "Jan-2026": lambda d: f"{MONTHS[d.month - 1]}-{d.year}",
    "January 2026": lambda d: f"{FULL[d.month - 1]} {d.year}",
    "31.01.2026": lambda d: f"{d:%d.%m.%Y}",
    "1/31/2026": lambda d: f"{d.month}/{d.day}/{d.year}",
    "31/1/2026": lambda d: f"{d.day}/{d.month}/{d.year}",
    "31 Jan 2026": lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
    "Jan 31, 2026": lambda d: f"{MONTHS[d.month - 1]} {d.day}, {d.year}",
}


@dataclass(frozen=True)
class Locale:
    decimal: str
    grouping: str
    negative: Callable[[str], str] = lambda text: f"-{text}"
    dress: Callable[[str], str] = lambda text: text

    def write(self, value: float | None) -> str:
        if value is None:
            return ""
        text = f"{abs(value):,.2f}".replace(",", "\0").replace(".", self.decimal).replace("\0", self.grouping)
        text = self.dress(text)
        return self.negative(text) if value < 0 else text


LOCALES = {
    "en": Locale(".", ","),
    "de": Locale(",", "."),
    "fr": Locale(",", "\u202f"),
    "ch": Locale(".", "’"),
    "plain": Locale(".", ""),
    "plain comma": Locale(",", ""),
    "accounting": Locale(".", ",", negative=lambda text: f"({text})"),
    "late minus": Locale(",", ".", negative=lambda text: f"{text}-"),
    "euro before": Locale(".", ",", dress=lambda text: f"€ {text}"),
    "euro after": Locale(",", ".", dress=lambda text: f"{text}\u00a0€"),
    "code": Locale(".", ",", dress=lambda text: f"USD {text}"),
    "minus sign": Locale(".", ",", negative=lambda text: f"\u2212{text}"),
}

names = st.from_regex(r"[A-Z][a-z]{2,8}( [a-z]{3,8})?", fullmatch=True).filter(
    lambda name: not any(word[:3].title() in MONTHS for word in name.split())
)


@dataclass(frozen=True)
class Table:
    """What was meant."""

    dates: Sequence[dt.date]
    series: dict[str, Sequence[float | None]]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    first = draw(st.integers(0, 11))
    length = draw(st.integers(3, 14))
    months = [dt.date(2025 + (first + n) // 12, (first + n) % 12 + 1, 1) for n in range(length)]
    numbers = st.none() | st.integers(-99_999_999, 99_999_999).map(lambda cents: cents / 100)
    some = st.lists(numbers, min_size=length, max_size=length).filter(lambda values: any(v is not None for v in values))
    return Table(months, draw(st.dictionaries(names, some, min_size=1, max_size=5)))


def written(table: Table, *, separator: str, is_down: bool, locale: Locale, date: Callable[[dt.date], str]) -> str:
    rows = [["Month", *map(date, table.dates)]]
    rows += [[name, *map(locale.write, values)] for name, values in table.series.items()]
    if is_down:
        rows = [list(row) for row in zip(*rows, strict=True)]
    return "\n".join(separator.join(_quoted(cell, separator) for cell in row) for row in rows)


def _quoted(cell: str, separator: str) -> str:
    return f'"{cell}"' if separator in cell else cell
