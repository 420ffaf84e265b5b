"""Targets as people type them: "700", "+25,000", "-5 %", "+20 % on Q2", "+2 points". Pure: what is meant."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kpis.drawing.numbers import MINUS
from kpis.engine.periods import Calendar, Frequency
from kpis.forms.numbers import read_number

MONTHS: Final = tuple(dt.date(2000, month, 1).strftime("%B").lower() for month in range(1, 13))
FIRST_YEAR, LAST_YEAR = 1900, 2200
LATEST = re.compile(r"last (?P<unit>day|week|month|quarter|year)")
QUARTER = re.compile(r"q(?P<number>[1-4])(?: (?P<year>\S+))?")
MONTH = re.compile(r"(?P<name>[a-z]{3,9})(?: (?P<year>\S+))?")
YEAR = re.compile(r"(?:fy ?)?(?P<year>\d{4})|fy ?(?P<short>\d{2})(?:/\d{2})?")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
CHANGE = re.compile(
    r"(?P<number>[+-].*?)\s*(?P<of>%|points?|pp)?\s*(?:\s(?:on|over|from)\s+(?P<period>.+))?", re.IGNORECASE
)
FREQUENCY_OF: Final = {
    "day": Frequency.DAILY,
    "week": Frequency.WEEKLY,
    "month": Frequency.MONTHLY,
    "quarter": Frequency.QUARTERLY,
    "year": Frequency.YEARLY,
}
# A change is written as pages write numbers, so that its comma groups: +25,000 are twenty-five thousand.
GROUPED = re.compile(r"[+-][1-9]\d{0,2}(,\d{3})+")
THOUSANDS: Final = 3
HOW: Final = "Write Q2, Q2 2026, June 2026, 2026, last year or a date like 2026-06-30."


class Measure(StrEnum):
    """What a change is counted in: the KPI's unit, a share of the base, or percentage points."""

    UNIT = "unit"
    SHARE = "share"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Period:
    """A period named in an entry: that of `frequency` with this `ordinal`."""

    frequency: Frequency
    ordinal: int


@dataclass(frozen=True, slots=True)
class Change:
    """So much more or less (`amount`, signed) than the value of a period, by default of the latest complete one."""

    amount: Decimal
    measure: Measure
    period: Period | None = None

    def on(self, base: float) -> float:
        """The target. A share of a negative base moves as the sign says: +20 % on -100 is -80. Raises ValueError."""
        exact = Decimal(repr(base))
        if self.measure is Measure.SHARE and not base:
            raise ValueError("That value is 0, of which a share means nothing; write the number.")
        if self.measure is Measure.UNIT:
            return float(exact + self.amount)
        share = self.amount / 100
        return float(exact + (share * abs(exact) if self.measure is Measure.SHARE else share))

    def words(self, named: str) -> str:
        """As it is kept and shown: "+20 % on Q2 2026"."""
        number = f"{self.amount.normalize():+,f}".replace("-", MINUS)
        unit = {Measure.UNIT: "", Measure.SHARE: " %", Measure.POINTS: " points"}[self.measure]
        return f"{number}{unit} on {named}"


def parse_entry(
    text: str, *, is_percent: bool, decimals: int, frequency: Frequency, calendar: Calendar, today: dt.date
) -> float | Change:
    """What was typed for a KPI: a number in the unit people see, or a change.

    A sign `+` always means a change. So does `-` with a period, a percent sign or points behind the number; a bare
    "-100" is a number, for targets may be negative. In a KPI counted in percent a change is said in points. Raises
    ValueError with a sentence that says what would be right.
    """
    plain = " ".join(text.replace(MINUS, "-").split())
    found = CHANGE.fullmatch(plain)
    if not found or (
        plain[0] == "-" and not found["period"] and (is_percent or not found["of"]) and not _says_points(found)
    ):
        return read_number(text, decimals=decimals)
    measure = _measure(found["of"] or "", is_percent, plain)
    digits = found["number"].replace(" ", "")
    number = read_number(digits, decimals=THOUSANDS if GROUPED.fullmatch(digits) else decimals)
    period = _period(found["period"], frequency, calendar, today) if found["period"] else None
    return Change(Decimal(repr(number)), measure, period)


def _says_points(found: re.Match[str]) -> bool:
    return (found["of"] or "").lower().startswith("p")


def _measure(of: str, is_percent: bool, text: str) -> Measure:
    if is_percent:
        if not of.lower().startswith("p"):
            number = text.split(" on ")[0].strip(" %")
            raise ValueError(f"“{text}” can mean points or a share. Write “{number} points”, or the percentage itself.")
        return Measure.POINTS
    if of.lower().startswith("p"):
        raise ValueError("Points are for KPIs counted in percent; write a number like +25,000 or a share like +5 %.")
    return Measure.SHARE if of else Measure.UNIT


def _period(name: str, own: Frequency, calendar: Calendar, today: dt.date) -> Period:
    period = _named(" ".join(name.lower().split()), own, calendar, today)
    if period is None:
        raise ValueError(f"“{name.strip()}” is not a period. {HOW}")
    if own.is_coarser_than(period.frequency):
        raise ValueError(f"This KPI has {own.value} values, so “{name.strip()}” has none of its own. {_as_coarse(own)}")
    if calendar.first_date(period.frequency, period.ordinal) > today:
        label = calendar.label(period.frequency, period.ordinal)
        raise ValueError(f"{label} has not begun; name a period that has values.")
    return period


def _as_coarse(own: Frequency) -> str:
    names = {Frequency.WEEKLY: "a month, a quarter or a year", Frequency.MONTHLY: "a month, a quarter or a year"}
    return f"Name {names.get(own, 'a quarter or a year' if own is Frequency.QUARTERLY else 'a year')}."


def _named(name: str, own: Frequency, calendar: Calendar, today: dt.date) -> Period | None:
    if found := LATEST.fullmatch(name):
        frequency = FREQUENCY_OF[found["unit"]]
        return Period(frequency, calendar.ordinal(frequency, today) - 1)
    if DATE.fullmatch(name):
        return _of_date(name, own, calendar)
    if found := YEAR.fullmatch(name):
        return _year(calendar, int(found["year"] or f"20{found['short']}"))
    if found := QUARTER.fullmatch(name):
        return _numbered(calendar, Frequency.QUARTERLY, int(found["number"]), found["year"], today)
    if (found := MONTH.fullmatch(name)) and (month := _month(found["name"])):
        return _numbered(calendar, Frequency.MONTHLY, month, found["year"], today)
    return None


def _of_date(text: str, own: Frequency, calendar: Calendar) -> Period | None:
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return Period(own, calendar.ordinal(own, date)) if FIRST_YEAR <= date.year <= LAST_YEAR else None


def _month(name: str) -> int:
    """1 to 12 for a month's name or its first three letters and more; 0 for anything else."""
    return next((number for number, full in enumerate(MONTHS, 1) if full.startswith(name)), 0)


def _year(calendar: Calendar, year: int) -> Period | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    begin = dt.date(year, calendar.fiscal_year_start, 1)
    return Period(Frequency.YEARLY, calendar.ordinal(Frequency.YEARLY, begin))


def _numbered(calendar: Calendar, frequency: Frequency, number: int, year: str | None, today: dt.date) -> Period | None:
    """A quarter or month of a year; without the year the latest one that is over."""
    if year is None:
        last = calendar.ordinal(frequency, today) - 1
        back = range(last, last - (12 if frequency is Frequency.MONTHLY else 4), -1)
        return next(Period(frequency, one) for one in back if _number_of(calendar, frequency, one) == number)
    found = YEAR.fullmatch(year)
    named = _year(calendar, int(found["year"] or f"20{found['short']}")) if found else None
    if named is None:
        return None
    if frequency is Frequency.MONTHLY:
        calendar_year = int(found["year"] or f"20{found['short']}")  # type: ignore[index]
        return Period(frequency, calendar.ordinal(frequency, dt.date(calendar_year, number, 1)))
    return Period(frequency, named.ordinal * 4 + number - 1)


def _number_of(calendar: Calendar, frequency: Frequency, ordinal: int) -> int:
    return calendar.first_date(frequency, ordinal).month if frequency is Frequency.MONTHLY else ordinal % 4 + 1
