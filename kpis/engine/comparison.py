"""Comparisons in which two numbers within 1e-9 of each other, relative to the larger, count as equal.

So ten times 0.1 reaches a target of 1. Every comparison with a target, floor, bound or threshold goes through here.
Arguments are scalars or arrays that broadcast; NaN compares false.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

RELATIVE_TOLERANCE = 1e-9

Truths: TypeAlias = NDArray[np.bool_]

# What is answered for one pair by itself, for which arrays would take twenty times as long.
_ONE = (int, float)
_TRUE, _FALSE = np.broadcast_to(True, ()), np.broadcast_to(False, ())  # read-only


def is_equal(a: ArrayLike, b: ArrayLike) -> Truths:
    """Whether a and b are equal within the tolerance, element by element."""
    if isinstance(a, _ONE) and isinstance(b, _ONE):
        return _TRUE if _is_near(a, b) else _FALSE
    x, y = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    tolerance = RELATIVE_TOLERANCE * np.maximum(np.abs(x), np.abs(y))
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(np.abs(x - y) <= tolerance)


def is_at_least(a: ArrayLike, b: ArrayLike) -> Truths:
    """Whether a >= b, or equal within the tolerance."""
    if isinstance(a, _ONE) and isinstance(b, _ONE):
        return _TRUE if a >= b or _is_near(a, b) else _FALSE
    return np.greater_equal(a, b) | is_equal(a, b)


def is_at_most(a: ArrayLike, b: ArrayLike) -> Truths:
    """Whether a <= b, or equal within the tolerance."""
    if isinstance(a, _ONE) and isinstance(b, _ONE):
        return _TRUE if a <= b or _is_near(a, b) else _FALSE
    return np.less_equal(a, b) | is_equal(a, b)


def _is_near(a: float, b: float) -> bool:
    return abs(a - b) <= RELATIVE_TOLERANCE * max(abs(a), abs(b))
