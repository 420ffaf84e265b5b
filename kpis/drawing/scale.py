"""Mapping values to places in a picture, and the round numbers beside its axis."""

from collections.abc import Callable, Iterable
from math import floor, isfinite, log10
from typing import TypeGuard

Place = Callable[[float], float]
LARGEST = 1e300  # beyond it a difference of two values may overflow; nothing people measure comes near


def is_drawable(value: float | None) -> TypeGuard[float]:
    """Tell whether a value has a place in a picture: present, finite, and not so large that differences overflow."""
    return value is not None and -LARGEST < value < LARGEST  # NaN compares false


def extent(values: Iterable[float | None]) -> tuple[float, float] | None:
    """Return the smallest and largest drawable value, or None when there is none."""
    present = [value for value in values if is_drawable(value)]
    return (min(present), max(present)) if present else None


def linear(low: float, high: float, start: float, end: float) -> Place:
    """Return the function that maps ``low..high`` to ``start..end``; a range without width maps to the middle."""
    span = high - low
    if not span > 0:
        middle = (start + end) / 2
        return lambda _: middle
    return lambda value: start + (value - low) / span * (end - start)


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Return about ``count`` round values (1, 2, 2.5 or 5 times a power of ten apart) from at or below ``low`` to at
    or above ``high``.

    Equal ends are widened, so that there are always at least two ticks.
    """
    if not high > low:
        spread = abs(low) * 0.1 or 1.0
        low, high = low - spread, high + spread
    step = _nice_step((high - low) / max(count - 1, 1), max(abs(low), abs(high)))
    first = floor(low / step)
    ticks = [first * step]
    while ticks[-1] < high and len(ticks) < 4 * count:
        ticks.append((first + len(ticks)) * step)
    return ticks


def _nice_step(raw: float, magnitude: float) -> float:
    raw = max(raw, magnitude * 1e-12, 1e-300)  # a step too small to change the number would never arrive
    power = 10.0 ** floor(log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10, 20) if factor * power >= raw * 0.999)
    return step if isfinite(step) and step > 0 else raw
