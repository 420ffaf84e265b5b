"""A formula made ready to be evaluated: steps for a stack, apart from the KPIs they are applied to.

Formulas of one shape (`a / b`, whatever a and b are) have equal steps, so that all of them are evaluated at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kpis.engine.formula.syntax import Binary, Call, Expression, Function, Name, Number, Unary
from kpis.engine.periods import Frequency

# How many periods lie between a period and the same one a year before: whole weeks, so that weekdays stay weekdays.
YEAR = {
    Frequency.DAILY: 364,
    Frequency.WEEKLY: 52,
    Frequency.MONTHLY: 12,
    Frequency.QUARTERLY: 4,
    Frequency.YEARLY: 1,
}
# How many periods at most lie between the first period of a fiscal year or quarter and its last.
WITHIN_YEAR = {
    Frequency.DAILY: 365,
    Frequency.WEEKLY: 53,
    Frequency.MONTHLY: 11,
    Frequency.QUARTERLY: 3,
    Frequency.YEARLY: 0,
}
WITHIN_QUARTER = {
    Frequency.DAILY: 91,
    Frequency.WEEKLY: 13,
    Frequency.MONTHLY: 2,
    Frequency.QUARTERLY: 0,
    Frequency.YEARLY: 0,
}


class LeafKind(StrEnum):
    """What a formula takes of a KPI: its values, those added up so far in the fiscal year or quarter, or those of its
    children together."""

    VALUE = "value"
    YTD = "ytd"
    QTD = "qtd"
    CHILDREN_SUM = "children_sum"
    CHILDREN_MEAN = "children_mean"

    @property
    def is_of_children(self) -> bool:
        return self in (LeafKind.CHILDREN_SUM, LeafKind.CHILDREN_MEAN)


@dataclass(frozen=True, slots=True)
class Leaf:
    """An input of a formula; `key` None is the formula's own KPI, whose children are meant."""

    kind: LeafKind
    key: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One operation on the stack: what it does, and its number: a constant, a slot, how many arguments or periods."""

    does: str
    number: float = 0


@dataclass(frozen=True, slots=True)
class Program:
    """`steps` in the order of execution, and the `leaves` that their slots stand for."""

    steps: tuple[Step, ...]
    leaves: tuple[Leaf, ...]

    @property
    def shape(self) -> tuple[tuple[Step, ...], tuple[LeafKind, ...]]:
        """What formulas that can be evaluated together have in common."""
        return self.steps, tuple(leaf.kind for leaf in self.leaves)

    def lookback(self, frequency: Frequency) -> int:
        """How many periods back, at most, a value depends on."""
        return _lookback(self.steps, self.leaves, frequency)


LEAVES = {
    Function.YTD: LeafKind.YTD,
    Function.QTD: LeafKind.QTD,
    Function.CHILDREN_SUM: LeafKind.CHILDREN_SUM,
    Function.CHILDREN_MEAN: LeafKind.CHILDREN_MEAN,
}
# How many of the stack's topmost values an operation takes, where that is always the same.
OPERATORS = frozenset("+ - * / ^ % == != < <= > >= and or".split())
TIMED = frozenset({Function.PREV, Function.SAME_PERIOD_LAST_YEAR, Function.CHANGE, Function.GROWTH})


def compiled(expression: Expression) -> Program:
    """The program of a parsed formula."""
    steps: list[Step] = []
    leaves: dict[Leaf, int] = {}
    _compile(expression, steps, leaves)
    return Program(tuple(steps), tuple(leaves))


def _compile(expression: Expression, steps: list[Step], leaves: dict[Leaf, int]) -> None:
    """Appends what leaves the expression's value on top of the stack."""
    match expression:
        case Number(value=value):
            steps.append(Step("number", value))
        case Name(key=key):
            _compile_leaf(Leaf(LeafKind.VALUE, key), steps, leaves)
        case Unary(operator=operator, operand=operand):
            _compile(operand, steps, leaves)
            steps.append(Step("negate" if operator == "-" else "not", 1))
        case Binary(operator=operator, left=left, right=right):
            _compile(left, steps, leaves)
            _compile(right, steps, leaves)
            steps.append(Step(operator, 2))
        case Call(function=function, arguments=arguments) if function in LEAVES:
            named = arguments[0] if arguments else None
            _compile_leaf(Leaf(LEAVES[function], named.key if isinstance(named, Name) else None), steps, leaves)
        case Call(function=function, arguments=arguments, periods=periods):
            for argument in arguments:
                _compile(argument, steps, leaves)
            steps.append(Step(function.value, len(arguments) if periods is None else periods))


def _compile_leaf(leaf: Leaf, steps: list[Step], leaves: dict[Leaf, int]) -> None:
    steps.append(Step("slot", leaves.setdefault(leaf, len(leaves))))


def taken(step: Step) -> int:
    """How many values an operation takes from the stack."""
    if step.does in ("number", "slot"):
        return 0
    if step.does in OPERATORS:
        return 2
    return int(step.number) if step.does in (Function.COALESCE, Function.MIN, Function.MAX, Function.IF) else 1


def _lookback(steps: Sequence[Step], leaves: Sequence[Leaf], frequency: Frequency) -> int:
    stack: list[int] = []
    for step in steps:
        if step.does == "slot":
            stack.append(_lookback_of(leaves[int(step.number)], frequency))
            continue
        count = taken(step)
        under = max(stack[len(stack) - count :], default=0)
        del stack[len(stack) - count :]
        stack.append(under + _shift(step, frequency))
    return stack[-1]


def _lookback_of(leaf: Leaf, frequency: Frequency) -> int:
    if leaf.kind is LeafKind.YTD:
        return WITHIN_YEAR[frequency]
    return WITHIN_QUARTER[frequency] if leaf.kind is LeafKind.QTD else 0


def _shift(step: Step, frequency: Frequency) -> int:
    """How many periods back an operation itself looks."""
    match step.does:
        case Function.PREV:
            return int(step.number)
        case Function.CHANGE | Function.GROWTH:
            return 1
        case Function.SAME_PERIOD_LAST_YEAR:
            return YEAR[frequency]
        case Function.ROLLING_SUM | Function.ROLLING_MEAN:
            return int(step.number) - 1
        case _:
            return 0
