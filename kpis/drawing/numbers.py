"""Values as people read them: rounded for display, with their unit, in full ("€ 401,204") or short ("€ 401 k").

Stored numbers are never rounded; everything here is text. Rounding is half away from zero, on the decimal number one
sees (2.675 with two decimals is 2.68), not on its binary neighbour. ``percent`` values are fractions: 0.125 reads "12.5
%".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from html import escape
from math import isfinite
from typing import Final

from babel.numbers import get_currency_precision, get_currency_symbol

LOCALE: Final = "en"
MINUS: Final = "\u2212"
SPACE: Final = "\u00a0"  # unbreakable, between a number and its unit
NOTHING: Final = "\u2013"

_SHORT: Final = ((Decimal(10) ** 12, "tn"), (Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "k"))
MOST_DIGITS: Final = 2  # of a number in thousands or millions
_SECONDS: Final = {"s": 1, "min": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Shown:
    """A value ready to show, in three parts so that a page can set the unit quieter than the figure."""

    before: str
    figure: str
    after: str

    def __str__(self) -> str:
        return self._joined(self.before, self.after)

    def as_html(self) -> str:
        """Return the value as escaped HTML, its unit in spans of the class ``unit``."""
        return f'<span class="value">{self._joined(_quiet(self.before), _quiet(self.after))}</span>'

    def _joined(self, before: str, after: str) -> str:
        """A sign stands before everything, the currency too."""
        sign = self.figure[0] if before and self.figure[0] in f"+{MINUS}" else ""
        parts = (before, self.figure.removeprefix(sign), after)
        return sign + SPACE.join(part for part in parts if part)


def _quiet(unit: str) -> str:
    return f'<span class="unit">{escape(unit)}</span>' if unit else ""


def show(
    value: float | None,
    unit: str,
    decimals: int | None = None,
    *,
    short: bool = False,
    signed: bool = False,
    step: float = 0.0,
) -> Shown:
    """Return ``value`` with its ``unit`` (``number``, ``percent``, ``ratio``, ``currency:EUR``, ``duration:min``,
    ``custom:visits``).

    ``decimals`` defaults to what the unit usually has. ``short`` keeps two or three figures with k, M, bn, tn, and
    splits durations ("1 h 35 min"); with a ``step`` above 0 it keeps what it takes to tell multiples of that apart.
    ``signed`` puts a plus before positive values. A missing value reads as a dash.
    Raises ``ValueError`` for an unknown unit.
    """
    kind, _, detail = unit.partition(":")
    before, after, places = _dress(kind, detail)
    if value is None or not isfinite(value):
        return Shown("", NOTHING, "")
    factor = 100 if kind == "percent" else 1
    exact, apart = Decimal(repr(float(value))) * factor, Decimal(repr(float(step))) * factor
    places = places if decimals is None else decimals
    if short and kind == "duration" and abs(exact) * _SECONDS[detail] >= 60 and not 0 < apart * _SECONDS[detail] < 1:
        return Shown("", _sign(exact, signed) + _duration(abs(exact), detail, apart), "")
    figure, power = _shortened(exact, places, apart) if short else (grouped(exact, places), "")
    if signed and exact > 0 and figure.strip("0.,"):
        figure = f"+{figure}"
    return Shown(before, f"{figure}{SPACE}{power}" if power else figure, after)


def show_axis(ticks: Sequence[float], unit: str, decimals: int | None = None) -> list[str]:
    """Return evenly spaced values, ascending, in short, each with the digits it takes to tell it from the next: "1.20
    k", "1.25 k" rather than "1.2 k", "1.3 k".
    """
    step = (ticks[-1] - ticks[0]) / (len(ticks) - 1) if len(ticks) > 1 else 0.0
    return [str(show(tick, unit, decimals, short=True, step=step)) for tick in ticks]


def show_change(value: float | None, base: float | None, unit: str, decimals: int | None = None) -> str:
    """Return how ``value`` differs from ``base``, signed: "+7.3 %", for percent units "+2.1 points", else in the unit
    itself.

    A relative change means something only from a positive base to a value that is not negative; otherwise the
    difference is shown.
    """
    if value is None or base is None or not isfinite(value) or not isfinite(base):
        return ""
    kind = unit.partition(":")[0]
    if kind == "percent":
        points = (Decimal(repr(float(value))) - Decimal(repr(float(base)))) * 100
        return f"{_signed_figure(points, 1)}{SPACE}points"
    if kind != "ratio" and base > 0 and value >= 0:
        share = (Decimal(repr(float(value))) / Decimal(repr(float(base))) - 1) * 100
        return f"{_signed_figure(share, 1 if abs(share) < 100 else 0)}{SPACE}%"
    return str(show(value - base, unit, decimals, short=True, signed=True))


def is_improvement(value: float, base: float, direction: str) -> bool | None:
    """Tell whether going from ``base`` to ``value`` is good for a KPI with ``direction``; None when level, or when it
    depends (``between``).
    """
    if value == base or direction not in ("increase", "decrease"):
        return None
    return (value > base) == (direction == "increase")


def grouped(value: Decimal, places: int) -> str:
    """Return ``value`` rounded half away from zero to ``places`` decimals, thousands grouped; zero has no sign."""
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) if value.adjusted() < 24 else value
    if not rounded:
        rounded = abs(rounded)
    text = f"{rounded:,.{places}f}" if value.adjusted() < 24 else f"{value:.3e}"
    return text.replace("-", MINUS, 1) if rounded < 0 else text


@lru_cache(maxsize=512)
def _dress(kind: str, detail: str) -> tuple[str, str, int]:
    """What stands before and after a figure, and its usual decimals."""
    match kind:
        case "number":
            return "", "", 0
        case "percent":
            return "", "%", 1
        case "ratio":
            return "", "", 2
        case "currency":
            return get_currency_symbol(detail, locale=LOCALE), "", get_currency_precision(detail)
        case "duration" if detail in _SECONDS:
            return "", detail, 0
        case "custom":
            return "", detail, 0
    raise ValueError(
        f"Unknown unit {f'{kind}:{detail}' if detail else kind!r}; use number, percent, ratio, currency:EUR, "
        "duration:s, duration:min, duration:h, duration:d or custom:label."
    )


def _shortened(value: Decimal, places: int, step: Decimal) -> tuple[str, str]:
    """Three figures with a power of ten: 401,204 -> 401 k, 2,130 -> 2.1 k, 999,600 -> 1 M; with a step of 10: 2,130 ->
    2.13 k, and in full where that would be many digits of a million.
    """
    if step:
        return _stepped(value, step)
    size = abs(value)
    for index, (power, name) in enumerate(_SHORT):
        if size < power * (1 if index == len(_SHORT) - 1 else Decimal("0.9995")):
            continue
        scaled = value / power
        digits = 0 if abs(scaled) >= Decimal("99.95") else 1
        figure = grouped(scaled, digits)
        return figure.removesuffix(".0"), name
    return grouped(value, places), ""


def _stepped(value: Decimal, step: Decimal) -> tuple[str, str]:
    for power, name in _SHORT:
        digits = _digits(step / power)
        if abs(value) >= power and digits <= MOST_DIGITS:
            return grouped(value / power, digits), name
    return grouped(value, _digits(step)), ""


def _digits(step: Decimal) -> int:
    """How many decimals multiples of a step have: 2 for 0.25. Three figures of it, for it was computed in binary."""
    exponent = Decimal(f"{step:.2e}").normalize().as_tuple().exponent
    return max(0, -int(exponent))


def _signed_figure(value: Decimal, places: int) -> str:
    figure = grouped(value, places)
    return f"+{figure}" if value > 0 and figure.strip("0.,") else figure


def _sign(value: Decimal, signed: bool) -> str:
    return MINUS if value < 0 else "+" if signed and value > 0 else ""


def _duration(size: Decimal, unit: str, step: Decimal) -> str:
    """The two largest parts of a minute or more: 5,400 s -> 1 h 30 min; with a step as many as that takes."""
    seconds = int((size * _SECONDS[unit]).to_integral_value(rounding=ROUND_HALF_UP))
    finest = step * _SECONDS[unit]
    parts: list[str] = []
    for name, length in reversed(_SECONDS.items()):
        amount, seconds = divmod(seconds, length)
        if amount:
            parts.append(f"{amount:,}{SPACE}{name}")
        elif parts and not step:
            break
        if length <= finest:
            break
    return " ".join(parts if step else parts[:2])
