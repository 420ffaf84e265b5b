"""How large a formula may be. Enough for anything a person can still read, too little to harm."""

from __future__ import annotations

from typing import Final

from kpis.engine.formula.errors import FormulaError
from kpis.engine.formula.syntax import Binary, Expression, Name, operands, walk

LONGEST: Final = 1_000  # characters
MOST_NODES: Final = 200
DEEPEST: Final = 30
MOST_NAMES: Final = 50

_SPLIT: Final = "Give a part of it a KPI of its own and use its key here."

_SAME_LEVEL: Final = {sign: level for level in ("+-", "*/%", ("and",), ("or",)) for sign in level}


def check_length(text: str) -> None:
    """Raises FormulaError for a text that is too long to be looked at."""
    if len(text) > LONGEST:
        detail = f"The formula has {len(text):,} characters; at most {LONGEST:,} are allowed. {_SPLIT}"
        raise FormulaError("too_long", detail)


def check_count(count: int) -> None:
    """Raises FormulaError for more numbers, names, operators and functions than a tree may have nodes."""
    if count > MOST_NODES:
        detail = f"The formula has {count} numbers, keys, operators and functions; at most {MOST_NODES} are allowed."
        raise FormulaError("too_many_nodes", f"{detail} {_SPLIT}")


def check_tree(expression: Expression) -> None:
    """Raises FormulaError for a tree of too many levels or too many KPIs."""
    _check_depth(expression)
    _check_names([part for part in walk(expression) if isinstance(part, Name)])


def too_deep(column: int) -> FormulaError:
    """The error for brackets or operators inside one another beyond the limit."""
    return FormulaError("too_deep", f"Here the formula is nested more than {DEEPEST} levels deep. {_SPLIT}", column)


def _check_depth(expression: Expression) -> None:
    """A chain such as a + b - c is one level, as it is for its reader."""
    pending = [(expression, 1)]
    while pending:
        current, depth = pending.pop()
        if depth > DEEPEST:
            raise too_deep(current.column)
        pending += [(operand, depth + (not _continues(current, operand))) for operand in operands(current)]


def _continues(parent: Expression, operand: Expression) -> bool:
    """Whether the operand is the beginning of the chain of equal operators that the parent ends."""
    if not (isinstance(parent, Binary) and isinstance(operand, Binary) and operand is parent.left):
        return False
    return parent.operator in _SAME_LEVEL and _SAME_LEVEL[parent.operator] is _SAME_LEVEL.get(operand.operator)


def _check_names(found: list[Name]) -> None:
    seen: set[str] = set()
    for name in found:
        seen.add(name.key)
        if len(seen) > MOST_NAMES:
            count = len({each.key for each in found})
            detail = f"The formula uses {count} KPIs; at most {MOST_NAMES} are allowed. {_SPLIT}"
            raise FormulaError("too_many_names", detail, name.column)
