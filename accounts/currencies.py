"""Currencies in use, for a select."""

from functools import cache

from babel.core import get_global
from babel.numbers import get_currency_name

FREQUENT = ("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD", "JPY", "CNY", "INR", "BRL")


@cache
def currency_choices() -> list[tuple[str, str]]:
    """Codes and names of the currencies that are legal tender somewhere, those met most often first."""
    current = {
        code
        for currencies in get_global("territory_currencies").values()
        for code, _, end, is_tender in currencies
        if end is None and is_tender
    }
    codes = [*FREQUENT, *sorted(current - set(FREQUENT))]
    return [(code, f"{code} · {get_currency_name(code, locale='en')}") for code in codes]
