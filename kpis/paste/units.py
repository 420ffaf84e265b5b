"""What a series means in the unit of a KPI, and how far apart its dates are."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Final

from kpis.engine.periods import Frequency
from kpis.engine.units import Unit, UnitKind
from kpis.paste.layout import Cell, Series

# A percentage written without its sign: 12.5 can only be meant so, 0.125 is the fraction itself.
LARGEST_FRACTION: Final = 1.5
# Days between two dates up to which they are taken for neighbours of a frequency.
APART: Final = ((3, Frequency.DAILY), (16, Frequency.WEEKLY), (60, Frequency.MONTHLY), (180, Frequency.QUARTERLY))
CODES: Final = {
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "₩": "KRW",
    "₽": "RUB",
    "₺": "TRY",
    "₫": "VND",
    "₪": "ILS",
    "zł": "PLN",
}


def in_unit(series: Series, unit: Unit) -> Series:
    """The series with its values as they are stored in ``unit``: percentages as fractions, 0.125 of 12.5 %.

    A percentage where something else is counted, and another currency, become problems of their cells.
    """
    if unit.is_fraction:
        return _map(series, _as_fraction) if _is_in_percent(series, unit) else series
    return _map(series, lambda cell: _checked(cell, unit))


def likely_unit(series: Series, currency: str) -> str:
    """The unit of a KPI made from a series: percent or money where its cells say so, else a plain number."""
    if series.is_percent:
        return "percent"
    return f"currency:{currency}" if series.has_currency else "number"


def likely_frequency(dates: Sequence[dt.date]) -> Frequency:
    """How often the dates come, judged by the usual distance between two; monthly for a single one."""
    ordered = sorted(set(dates))
    if len(ordered) < 2:
        return Frequency.MONTHLY
    usual = median((later - earlier).days for earlier, later in pairwise(ordered))
    return next((frequency for days, frequency in APART if usual <= days), Frequency.YEARLY)


def _is_in_percent(series: Series, unit: Unit) -> bool:
    if series.is_percent:
        return True
    values = [cell.value for cell in series.cells if cell.value is not None]
    return unit.kind is UnitKind.PERCENT and any(abs(value) > LARGEST_FRACTION for value in values)


def _as_fraction(cell: Cell) -> Cell:
    if cell.value is None:
        return cell
    return replace(cell, value=float(Decimal(repr(cell.value)) / 100))


def _checked(cell: Cell, unit: Unit) -> Cell:
    if cell.value is None:
        return cell
    if cell.is_percent:
        return replace(cell, value=None, problem=f"“{cell.text}” is a percentage, which this KPI is not")
    code = CODES.get(cell.currency, cell.currency)
    if unit.kind is UnitKind.CURRENCY and len(code) == 3 and code.isalpha() and code != unit.detail:
        return replace(cell, value=None, problem=f"“{cell.text}” is in {code}, this KPI in {unit.detail}")
    return cell


def _map(series: Series, change: Callable[[Cell], Cell]) -> Series:
    return replace(series, cells=[change(cell) for cell in series.cells])
