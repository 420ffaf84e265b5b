"""Rounding for display. Stored numbers are never rounded."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

WIDE = Context(prec=400)  # enough for every digit a double can have before the point


def round_half_away(value: float, decimals: int) -> Decimal:
    """`value` to `decimals` places, halves away from zero: 2.5 -> 3, -2.5 -> -3, 1.005 -> 1.01.

    The half is that of the number as written (the shortest decimal that reads back as `value`), not of its binary
    expansion, in which 1.005 lies below the half. Never returns -0. Raises ValueError for NaN and infinities.
    """
    number = Decimal(repr(float(value)))
    if not number.is_finite():
        raise ValueError(f"{value} cannot be shown as a number.")
    rounded = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=WIDE)
    return rounded if rounded else abs(rounded)
