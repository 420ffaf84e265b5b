"""Reading numbers as spreadsheets show them, the decimal sign decided by all cells together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Final


class Decimals(StrEnum):
    """The decimal sign of a table."""

    POINT = "."
    COMMA = ","


@dataclass(frozen=True, slots=True)
class Number:
    """A cell's number as written: 12.5 of "12.5 %" with ``is_percent``. ``currency`` is its sign or code, if any."""

    value: float
    is_percent: bool = False
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """The decimal sign of a table, and whether the other one would have been as good."""

    decimals: Decimals
    is_certain: bool


MISSING: Final = frozenset({"", "-", "–", "—", "−", "n/a", "na", "#n/a", "#nv", "null", "none", "nil", "?", "x", "."})
LONGEST: Final = 100
_CURRENCY = r"[A-Z]{1,2}\$|[$€£¥₹₩₽₺₫₪฿₴₦₱]|[A-Z]{3}|zł|Kč|Ft|kr\.?|Fr\."
_SHAPE = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[+\-−–]?)\s*(?P<before>(?:{_CURRENCY})?)\s*(?P<inner>[+\-−–]?)\s*"
    rf"(?P<digits>\d[\d.,'’\s]*|[.,]\d+)\s*(?P<percent>%?)\s*(?P<after>(?:{_CURRENCY})?)\s*(?P<late>-?)\s*(?P<close>\))?"
)
_GROUPING_SPACE = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no value. That is never zero."""
    return text.strip().lower() in MISSING


def decimal_sign(texts: Iterable[str]) -> Sign:
    """The decimal sign that fits most cells.

    "1,234.5" and "12.5" speak for the point, "1.234,5" and "12,5" for the comma, "1,234" and "1.234" alone for
    neither: there the sign is read as one between thousands, and the answer is not certain.
    """
    votes = [vote for vote in map(_vote, texts) if vote]
    clear = [sign for sign, is_clear in votes if is_clear]
    unclear = [sign for sign, is_clear in votes if not is_clear]
    counted = clear or unclear
    comma = sum(sign is Decimals.COMMA for sign in counted)
    decimals = Decimals.COMMA if 2 * comma > len(counted) else Decimals.POINT
    return Sign(decimals, is_certain=bool(clear) or not unclear)


def read_number(text: str, decimals: Decimals) -> Number:
    """The number in a cell. Raises ValueError, saying what is wrong, for anything else than one number.

    Currency signs and codes, a percent sign, spaces or apostrophes between thousands, and parentheses or a minus sign
    on either side of negative ones are understood.
    """
    found = _SHAPE.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if found is None or bool(found["open"]) != bool(found["close"]):
        raise ValueError(f"“{_short(text)}” is not a number")
    value = _value(found["digits"], decimals)
    if value is None:
        raise ValueError(f"“{_short(text)}” could be more than one number")
    if not isfinite(value):
        raise ValueError(f"“{_short(text)}” is too large")
    minus = [
        sign for sign in (found["sign"], found["inner"], found["late"], found["open"]) if sign not in (None, "", "+")
    ]
    if len(minus) > 1:
        raise ValueError(f"“{_short(text)}” has two minus signs")
    return Number(-value if minus and value else value, bool(found["percent"]), found["before"] or found["after"])


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _digits_of(text: str) -> str:
    found = _SHAPE.fullmatch(text.strip()) if len(text) <= LONGEST else None
    return _GROUPING_SPACE.sub("", found["digits"].strip()) if found else ""


def _vote(text: str) -> tuple[Decimals, bool] | None:
    """The decimal sign one cell speaks for, and whether it could be nothing else."""
    digits = _digits_of(text)
    points, commas = digits.count("."), digits.count(",")
    if not points and not commas:
        return None
    if points and commas:
        return (Decimals.POINT if digits.rfind(".") > digits.rfind(",") else Decimals.COMMA), True
    sign, other = (Decimals.POINT, Decimals.COMMA) if points else (Decimals.COMMA, Decimals.POINT)
    if points + commas > 1:
        return other, True
    whole, _, rest = digits.partition(sign.value)
    is_grouped = len(rest) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    return (other, False) if is_grouped else (sign, True)


def _value(digits: str, decimals: Decimals) -> float | None:
    """The number behind digits, or None where their grouping is not one of thousands."""
    grouping = Decimals.COMMA if decimals is Decimals.POINT else Decimals.POINT
    plain = _GROUPING_SPACE.sub("", digits.strip())
    whole, sign, rest = plain.partition(decimals.value)
    if grouping.value in rest or decimals.value in rest or re.search(r"\s|['’]", plain):
        return None
    if grouping.value in whole and not re.fullmatch(rf"\d{{1,3}}(?:{re.escape(grouping.value)}\d{{2,3}})*", whole):
        return None
    if grouping.value in whole and len(whole.rsplit(grouping.value, 1)[1]) != 3:
        return None
    return float(
        f"{whole.replace(grouping.value, '') or '0'}.{rest or '0'}" if sign else whole.replace(grouping.value, "")
    )
