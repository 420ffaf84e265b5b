"""What becomes of units when values are multiplied, divided, added or compared. None: cannot be told."""

from __future__ import annotations

from typing import Final

from kpis.engine.units import Unit, UnitKind

NUMBER: Final = Unit(UnitKind.NUMBER)
PERCENT: Final = Unit(UnitKind.PERCENT)
RATIO: Final = Unit(UnitKind.RATIO)

# The unit further up stays when two are multiplied or the lower divides it: 10 % of 200 customers are customers, euros
# per customer are euros. A label counts things of some kind, so it gives way to money and time.
_RANK: Final = {
    UnitKind.PERCENT: 0,
    UnitKind.RATIO: 0,
    UnitKind.NUMBER: 1,
    UnitKind.CUSTOM: 2,
    UnitKind.CURRENCY: 3,
    UnitKind.DURATION: 3,
}


def is_plain(unit: Unit) -> bool:
    """Whether it measures nothing in particular: a number, percentage or ratio."""
    return _RANK[unit.kind] <= _RANK[UnitKind.NUMBER]


def product(left: Unit, right: Unit) -> Unit | None:
    """The unit of left * right."""
    if _RANK[left.kind] != _RANK[right.kind]:
        return max(left, right, key=lambda unit: _RANK[unit.kind])
    if not is_plain(left):
        return None
    return left if left == right else RATIO


def quotient(left: Unit, right: Unit) -> Unit | None:
    """The unit of left / right."""
    if left == right or (left.is_fraction and right.is_fraction):
        return RATIO
    if _RANK[left.kind] > _RANK[right.kind] or (left.is_fraction and right == NUMBER):
        return left
    return None


def common(left: Unit, right: Unit) -> Unit | None:
    """The unit in which both can be added or compared, None where there is none."""
    if left == right:
        return left
    if RATIO in (left, right) and is_plain(left) and is_plain(right):
        return right if left == RATIO else left
    return None
