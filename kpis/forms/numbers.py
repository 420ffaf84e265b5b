"""Numbers as people type them: ``12,5``, ``1 234.50``, ``€ 400``, ``12.5 %``."""

import re
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kpis.drawing.numbers import MINUS

NOT_IN_NUMBERS = re.compile(r"[\s'\u2019%\u202f]|^[^\d+\-.,\s]{1,3}\s?(?=[\d+\-.,])")


def read_number(text: str) -> float:
    """The number somebody typed. Raises ValueError where it could be nothing or two things.

    The last of comma and point is the decimal sign; a single comma before exactly three digits groups thousands, as
    pages write them. A currency sign before and a percent sign after are let go.
    """
    plain = NOT_IN_NUMBERS.sub("", text.strip().replace(MINUS, "-"))
    if "," in plain:
        groups = re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", plain)
        plain = plain.replace(",", "") if groups else plain.replace(".", "").replace(",", ".")
    try:
        number = float(Decimal(plain))
    except (InvalidOperation, ValueError, OverflowError):
        number = float("nan")
    if not isfinite(number):
        raise ValueError(f"“{text.strip()}” is not a number; write it like 1,234.5 or 1234,5.")
    return number


class NumberField(forms.Field):
    """A number in the unit people see: of ``percent`` KPIs 12.5 is typed and 0.125 stored."""

    def __init__(self, *, is_percent: bool = False, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "number-input"})
        super().__init__(**{"widget": widget, **kwargs})
        self.is_percent = is_percent

    def to_python(self, value: Any) -> float | None:
        if value in self.empty_values:
            return None
        try:
            number = read_number(str(value))
        except ValueError as error:
            raise ValidationError(str(error), code="not_a_number") from error
        return float(Decimal(repr(number)) / 100) if self.is_percent else number

    def prepare_value(self, value: Any) -> Any:
        """As it is edited again: no grouping, no rounding."""
        if not isinstance(value, float | int) or isinstance(value, bool):
            return value
        exact = Decimal(repr(float(value))) * (100 if self.is_percent else 1)
        return format(exact.normalize(), "f")
