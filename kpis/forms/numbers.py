"""Numbers as people type them: ``12,5``, ``1 234.50``, ``€ 400``, ``12.5 %``."""

import re
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kpis.drawing.numbers import MINUS

# A sign and three digits after it: a fraction to some, thousands to others. Nothing before a 0 counts in thousands.
AMBIGUOUS = re.compile(r"(?P<whole>[+-]?[1-9]\d{0,2})[.,](?P<rest>\d{3})")
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
THOUSANDTHS = 3  # decimals, from which on three digits behind a point are what a page shows
NOT_IN_NUMBERS = re.compile(r"[\s'\u2019%\u202f]|^[^\d+\-.,\s]{1,3}\s?(?=[\d+\-.,])")


def read_number(text: str, *, decimals: int = 0) -> float:
    """The number somebody typed. Raises ValueError where it could be nothing or two things.

    The last of comma and point is the decimal sign. A single one with three digits behind it can be either and is
    refused, unless the number is one shown with three or more ``decimals``: there the comma groups and the point does
    not, as on pages. A currency sign before and a percent sign after are let go.
    """
    plain = NOT_IN_NUMBERS.sub("", text.strip().replace(MINUS, "-"))
    if decimals < THOUSANDTHS and (found := AMBIGUOUS.fullmatch(plain)):
        raise ValueError(_two_meanings(text, Decimal(f"{found['whole']}.{found['rest']}")))
    if "," in plain:
        plain = plain.replace(",", "") if GROUPED.fullmatch(plain) else plain.replace(".", "").replace(",", ".")
    try:
        number = float(Decimal(plain))
    except (InvalidOperation, ValueError, OverflowError):
        number = float("nan")
    if not isfinite(number):
        raise ValueError(f"“{text.strip()}” is not a number; write it like 1,234.5 or 1234,5.")
    return number


def _two_meanings(text: str, small: Decimal) -> str:
    large = small * 1000
    means, write = f"{small.normalize():f} or {large:,.0f}", f"{_unmistakable(small)} or {large:.0f}"
    return f"“{text.strip()}” can mean {means}. Write {write}.".replace("-", MINUS)


def _unmistakable(number: Decimal) -> str:
    """In digits and a point, with a zero more where three digits behind it could be thousands."""
    plain = f"{number.normalize():f}"
    return f"{plain}0" if AMBIGUOUS.fullmatch(plain) else plain


class NumberField(forms.Field):
    """A number in the unit people see: of ``percent`` KPIs 12.5 is typed and 0.125 stored. ``decimals`` are those it is
    shown with.
    """

    def __init__(self, *, is_percent: bool = False, decimals: int = 0, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "number-input"})
        super().__init__(**{"widget": widget, **kwargs})
        self.is_percent, self.decimals = is_percent, decimals

    def to_python(self, value: Any) -> float | None:
        if value in self.empty_values:
            return None
        try:
            number = read_number(str(value), decimals=self.decimals)
        except ValueError as error:
            raise ValidationError(str(error), code="not_a_number") from error
        return float(Decimal(repr(number)) / 100) if self.is_percent else number

    def prepare_value(self, value: Any) -> Any:
        """As it is edited again: no grouping, no rounding."""
        if not isinstance(value, float | int) or isinstance(value, bool):
            return value
        exact = Decimal(repr(float(value))) * (100 if self.is_percent else 1)
        return _unmistakable(exact)
