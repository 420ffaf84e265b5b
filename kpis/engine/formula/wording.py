"""A formula as one reads it aloud, with the names of KPIs in place of their keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from kpis.engine.formula.syntax import Binary, Call, Expression, Function, Name, Number, Unary

# How strongly an operator binds; what binds less strongly stands in brackets beside it.
_STRENGTH: Final = {
    "or": 1, "and": 2, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "%": 6, "^": 8,
}  # fmt: skip
_UNARY: Final = {"not": 3, "-": 7}
_PHRASE: Final = 0  # of functions, which read as phrases
_WHOLE: Final = 9
_SYMBOLS: Final = {"*": "\u00d7", "/": "÷", "-": "\u2212", "==": "=", "!=": "≠", "<=": "≤", ">=": "≥", "%": "modulo"}


def in_words(expression: Expression, names: Mapping[str, str]) -> str:
    """Net sales ÷ Baskets, Revenue a year before: `names` are the KPIs' names by key; keys without one stay."""
    said = _said(expression, names)
    return said[:1].upper() + said[1:]


def _said(expression: Expression, names: Mapping[str, str]) -> str:
    match expression:
        case Number(value=value):
            return f"{value:,.10g}"
        case Name(key=key):
            return names.get(key, key)
        case Unary(operator=operator, operand=operand):
            inner = _within(operand, _UNARY[operator], names)
            return f"not {inner}" if operator == "not" else f"\u2212{inner}"
        case Binary():
            return _binary(expression, names)
        case Call():
            return _call(expression, names)


def _binary(expression: Binary, names: Mapping[str, str]) -> str:
    strength, operator = _STRENGTH[expression.operator], expression.operator
    turns_right = operator == "^"
    left = _within(expression.left, strength + turns_right, names)
    right = _within(expression.right, strength + (not turns_right and operator not in ("+", "*", "and", "or")), names)
    return f"{left} {_SYMBOLS.get(operator, operator)} {right}"


def _within(expression: Expression, strength: int, names: Mapping[str, str]) -> str:
    said = _said(expression, names)
    return f"({said})" if _strength(expression) < strength else said


def _strength(expression: Expression) -> int:
    match expression:
        case Binary(operator=operator):
            return _STRENGTH[operator]
        case Unary(operator=operator):
            return _UNARY[operator]
        case Call():
            return _PHRASE
    return _WHOLE


def _call(expression: Call, names: Mapping[str, str]) -> str:
    arguments = [_within(argument, _WHOLE, names) for argument in expression.arguments]
    return _PHRASES[expression.function](arguments, expression.periods)


def _before(arguments: Sequence[str], periods: int | None) -> str:
    return f"{arguments[0]} {'one period' if periods in (None, 1) else f'{periods} periods'} before"


def _rounded(arguments: Sequence[str], digits: int | None) -> str:
    if not digits:
        return f"{arguments[0]} rounded to a whole number"
    return f"{arguments[0]} rounded to {digits} {'decimal' if digits == 1 else 'decimals'}"


def _beneath(what: str) -> Callable[[Sequence[str], int | None], str]:
    return lambda arguments, _: f"{what} of what ladders up to {arguments[0] if arguments else 'it'}"


_PHRASES: Final[Mapping[Function, Callable[[Sequence[str], int | None], str]]] = {
    Function.IF: lambda given, _: f"{given[1]} if {given[0]}, otherwise {given[2]}",
    Function.COALESCE: lambda given, _: ", or where that is missing ".join(given),
    Function.MIN: lambda given, _: f"the smallest of {', '.join(given)}",
    Function.MAX: lambda given, _: f"the largest of {', '.join(given)}",
    Function.ABS: lambda given, _: f"{given[0]} without its sign",
    Function.ROUND: _rounded,
    Function.SQRT: lambda given, _: f"the square root of {given[0]}",
    Function.LN: lambda given, _: f"the natural logarithm of {given[0]}",
    Function.LOG10: lambda given, _: f"the logarithm of {given[0]} to base 10",
    Function.EXP: lambda given, _: f"e to the power of {given[0]}",
    Function.PREV: _before,
    Function.SAME_PERIOD_LAST_YEAR: lambda given, _: f"{given[0]} a year before",
    Function.CHANGE: lambda given, _: f"the change of {given[0]}",
    Function.GROWTH: lambda given, _: f"the growth of {given[0]}",
    Function.YTD: lambda given, _: f"{given[0]} in the year so far",
    Function.QTD: lambda given, _: f"{given[0]} in the quarter so far",
    Function.ROLLING_SUM: lambda given, periods: f"the sum of {given[0]} over {periods} periods",
    Function.ROLLING_MEAN: lambda given, periods: f"the mean of {given[0]} over {periods} periods",
    Function.CHILDREN_SUM: _beneath("the sum"),
    Function.CHILDREN_MEAN: _beneath("the mean"),
}
