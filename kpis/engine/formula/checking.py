"""What a formula means in its organization: whether its names are KPIs, and which unit its result has."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kpis.engine.formula.dimensions import NUMBER, PERCENT, common, is_plain, product, quotient
from kpis.engine.formula.errors import FormulaError, did_you_mean, quoted
from kpis.engine.formula.resemblance import closest
from kpis.engine.formula.syntax import COMPARISONS, Binary, Call, Expression, Function, Name, Number, Unary, walk
from kpis.engine.units import Unit, UnitKind

__all__ = ["UnitHint", "Warning", "check_names", "unit_of"]

_LARGEST_SHARE: Final = 1.5  # a number beyond this beside a percentage is taken for percent points
_SUMS: Final = {"+": "added", "-": "subtracted"}
_LOGIC: Final = ("and", "or")
_CHOICES: Final = (Function.IF, Function.COALESCE, Function.MIN, Function.MAX)
_OF_NUMBERS: Final = (Function.SQRT, Function.LN, Function.LOG10, Function.EXP)


@dataclass(frozen=True, slots=True)
class Warning:
    """Units that do not go together; `is_error` where the result is certainly wrong (two currencies added)."""

    detail: str
    column: int
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class UnitHint:
    """The unit of a formula's result (None: cannot be told), and what looks wrong on the way to it."""

    unit: str | None
    warnings: tuple[Warning, ...] = ()


def check_names(expression: Expression, known: Collection[str]) -> None:
    """Raises FormulaError at the first name that is not among the `known` keys, with the key that resembles it."""
    strangers = [part for part in walk(expression) if isinstance(part, Name) and part.key not in known]
    if strangers:
        first = min(strangers, key=lambda name: name.column)
        close = closest(first.key, known)
        hint = did_you_mean(close) if close else None
        raise FormulaError("unknown_name", f"No KPI has the key {quoted(first.key)}.", first.column, hint)


def unit_of(expression: Expression, units: Mapping[str, str]) -> UnitHint:
    """The unit of the result, from those of the KPIs by key; names without one and what cannot be told give None.

    Money per thing is money, a share of money is money, money per money is a ratio, a comparison is a number. Numbers
    written in the formula go with every unit. Quotients count as `ratio`, growth as `percent`; whether a ratio is
    better shown as a percentage is its author's choice.
    """
    inference = _Inference({key: Unit.parse(unit) for key, unit in units.items()})
    found = inference.of(expression)
    unit = NUMBER if found.is_literal else found.unit
    return UnitHint(None if unit is None else str(unit), tuple(inference.warnings))


@dataclass(frozen=True, slots=True)
class _Quantity:
    """What is known of a part: its unit, or that it consists of written numbers only, and which one if it is one."""

    unit: Unit | None = None
    is_literal: bool = False
    value: float | None = None


_UNKNOWN: Final = _Quantity()
_LITERAL: Final = _Quantity(is_literal=True)
_COUNT: Final = _Quantity(NUMBER)


@dataclass(slots=True)
class _Inference:
    """One pass over a tree; its depth is limited, so it may recurse."""

    units: Mapping[str, Unit]
    warnings: list[Warning] = field(default_factory=list)

    def of(self, expression: Expression) -> _Quantity:
        match expression:
            case Number(value=value):
                return _Quantity(is_literal=True, value=value)
            case Name(key=key):
                return _Quantity(self.units.get(key))
            case Unary(operator=operator, operand=operand):
                inner = self.of(operand)
                return inner if operator == "-" else _COUNT
            case Binary():
                return self._of_binary(expression)
            case Call():
                return self._of_call(expression)

    def _of_binary(self, expression: Binary) -> _Quantity:
        left, right = self.of(expression.left), self.of(expression.right)
        operator, column = expression.operator, expression.column
        if operator in _LOGIC:
            return _COUNT
        if operator in COMPARISONS:
            self._together([left, right], "compared", column)
            return _COUNT
        if operator in _SUMS:
            return self._together([left, right], _SUMS[operator], column)
        return _SCALED[operator](left, right)

    def _of_call(self, expression: Call) -> _Quantity:
        arguments = [self.of(argument) for argument in expression.arguments]
        function = expression.function
        if function in _CHOICES:
            choices = arguments[1:] if function is Function.IF else arguments
            return self._together(choices, f"alternatives of {function}", expression.column)
        if function is Function.GROWTH:
            return _Quantity(PERCENT)
        if function in _OF_NUMBERS:
            return _COUNT if _is_number(arguments[0]) else _UNKNOWN
        return arguments[0] if arguments else _UNKNOWN

    def _together(self, quantities: Sequence[_Quantity], what: str, column: int) -> _Quantity:
        """Of one unit, or a warning that says which two are `what` ("added") there. Written numbers suit every unit."""
        measured = [quantity for quantity in quantities if not quantity.is_literal]
        if not measured:
            return _LITERAL
        unit = measured[0].unit
        for other in (quantity.unit for quantity in measured[1:]):
            if unit is None or other is None:
                unit = unit or other
            elif (shared := common(unit, other)) is None:
                self.warnings.append(_mixed(unit, other, what, column))
                return _UNKNOWN
            else:
                unit = shared
        if unit == PERCENT:
            values = [quantity.value for quantity in quantities if quantity.value is not None]
            self.warnings += [_points(value, column) for value in values if value > _LARGEST_SHARE]
        return _Quantity(unit)


def _times(left: _Quantity, right: _Quantity) -> _Quantity:
    if left.is_literal:
        return _LITERAL if right.is_literal else _times(right, left)
    if left.unit is None:
        return _UNKNOWN
    if right.is_literal:
        return _COUNT if right.value == 100 and left.unit.is_fraction else _Quantity(left.unit)
    return _Quantity(right.unit and product(left.unit, right.unit))


def _over(left: _Quantity, right: _Quantity) -> _Quantity:
    if right.is_literal:
        return _LITERAL if left.is_literal else _Quantity(left.unit)
    above = NUMBER if left.is_literal else left.unit
    return _Quantity(above and right.unit and quotient(above, right.unit))


def _to_the_power(left: _Quantity, right: _Quantity) -> _Quantity:
    if left.is_literal:
        return _LITERAL if right.is_literal else _COUNT
    return _Quantity(left.unit) if _is_number(left) else _UNKNOWN


def _remainder(left: _Quantity, right: _Quantity) -> _Quantity:
    rest = right if left.is_literal else left
    return _LITERAL if rest.is_literal else _Quantity(rest.unit)


_SCALED: Final = {"*": _times, "/": _over, "^": _to_the_power, "%": _remainder}


def _is_number(quantity: _Quantity) -> bool:
    return quantity.is_literal or (quantity.unit is not None and is_plain(quantity.unit))


def _mixed(left: Unit, right: Unit, what: str, column: int) -> Warning:
    if left.kind is right.kind is UnitKind.CURRENCY:
        detail = f"In column {column} {left} and {right} are {what}; amounts need one currency, so convert one first."
        return Warning(detail, column, is_error=True)
    return Warning(f"In column {column} {left} and {right} are {what}; that makes sense only in one unit.", column)


def _points(value: float, column: int) -> Warning:
    detail = (
        f"In column {column} a percentage meets the number {value:g}; percentages are fractions, "
        f"so {value:g} % is written {value / 100:g}."
    )
    return Warning(detail, column)
