"""The tree of a formula: immutable values, equal when they have the same shape, wherever they stand in their text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


class Function(StrEnum):
    """The functions of the language, by the name people write."""

    IF = "if"
    COALESCE = "coalesce"
    MIN = "min"
    MAX = "max"
    ABS = "abs"
    ROUND = "round"
    SQRT = "sqrt"
    LN = "ln"
    LOG10 = "log10"
    EXP = "exp"
    PREV = "prev"
    SAME_PERIOD_LAST_YEAR = "same_period_last_year"
    CHANGE = "change"
    GROWTH = "growth"
    YTD = "ytd"
    QTD = "qtd"
    ROLLING_SUM = "rolling_sum"
    ROLLING_MEAN = "rolling_mean"
    CHILDREN_SUM = "children_sum"
    CHILDREN_MEAN = "children_mean"


WORDS = ("and", "or", "not")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written: finite and not negative (a minus is an operator)."""

    value: float
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A KPI, by its key."""

    key: str
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """`-` or `not` before an operand."""

    operator: str
    operand: Expression
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """One of `+ - * / ^ %`, the comparisons, `and` and `or`, between two operands."""

    operator: str
    left: Expression
    right: Expression
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of its arguments.

    `periods` is the literal behind them: how many periods for prev, rolling_sum and rolling_mean (1 to 366), how many
    digits for round (-12 to 12); None for all others. Without arguments `children_sum` and `children_mean` mean the
    children of the formula's own KPI.
    """

    function: Function
    arguments: tuple[Expression, ...]
    periods: int | None = None
    column: int = field(default=1, compare=False)


Expression: TypeAlias = Number | Name | Unary | Binary | Call


def operands(expression: Expression) -> tuple[Expression, ...]:
    """What stands directly beneath, from left to right."""
    match expression:
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Call(arguments=arguments):
            return arguments
        case _:
            return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything beneath it, each before its operands, from left to right; without recursion."""
    pending = [expression]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(operands(current)))


def names(expression: Expression) -> frozenset[str]:
    """The keys of all KPIs that the expression uses."""
    return frozenset(part.key for part in walk(expression) if isinstance(part, Name))
