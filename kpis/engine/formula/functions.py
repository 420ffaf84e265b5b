"""Calls of functions: which functions there are, what each takes, and what is said when it is given something else."""

from __future__ import annotations

from typing import Final

from kpis.engine.formula.errors import FormulaError, did_you_mean, quoted
from kpis.engine.formula.reference import REFERENCE
from kpis.engine.formula.resemblance import closest
from kpis.engine.formula.syntax import Call, Expression, Function, Name, Number, Unary

LONGEST_LAG: Final = 366  # periods: a leap year of days
MOST_DIGITS: Final = 12

# The least and the largest number of arguments (None: as many as one likes), and that in words.
_COUNTS: Final[dict[Function, tuple[int, int | None, str]]] = {
    **dict.fromkeys(Function, (1, 1, "one argument")),
    Function.IF: (3, 3, "three arguments"),
    **dict.fromkeys((Function.COALESCE, Function.MIN, Function.MAX), (2, None, "at least two arguments")),
    **dict.fromkeys((Function.ROUND, Function.PREV), (1, 2, "one or two arguments")),
    **dict.fromkeys((Function.ROLLING_SUM, Function.ROLLING_MEAN), (2, 2, "two arguments")),
    **dict.fromkeys((Function.CHILDREN_SUM, Function.CHILDREN_MEAN), (0, 1, "one argument or none")),
}
# The literal behind the arguments: the least, the largest, and the one meant where it may be left out.
_LITERALS: Final = {
    Function.PREV: (1, LONGEST_LAG, 1),
    Function.ROLLING_SUM: (1, LONGEST_LAG, None),
    Function.ROLLING_MEAN: (1, LONGEST_LAG, None),
    Function.ROUND: (-MOST_DIGITS, MOST_DIGITS, 0),
}
_OF_A_KEY: Final = (Function.YTD, Function.QTD, Function.CHILDREN_SUM, Function.CHILDREN_MEAN)
# What the functions of spreadsheets and databases are called here, where spelling alone would not tell.
_ALSO_KNOWN_AS: Final = {
    "avg": "rolling_mean",
    "average": "rolling_mean",
    "ifblank": "coalesce",
    "iferror": "coalesce",
    "ifnull": "coalesce",
    "isnull": "coalesce",
    "nvl": "coalesce",
    "lag": "prev",
    "log": "ln or log10",
    "mean": "rolling_mean or children_mean",
    "pow": "^",
    "power": "^",
    "sum": "+, rolling_sum or children_sum",
    "yoy": "same_period_last_year",
}


def unknown_function(name: str, column: int) -> FormulaError:
    """The error for a name before a bracket that is no function."""
    guess = _ALSO_KNOWN_AS.get(name) or closest(name, Function, cutoff=0.7)
    others = "" if guess else f" The functions are {', '.join(Function)}."
    detail = f"There is no function {quoted(name)}; for a KPI's key, put an operator before the bracket.{others}"
    return FormulaError("unknown_function", detail, column, did_you_mean(guess) if guess else None)


def call(function: Function, given: tuple[Expression, ...], column: int) -> Call:
    """The function of what is `given` between its brackets. Raises FormulaError if it does not take that."""
    _check_count(function, len(given), column)
    if function in _OF_A_KEY:
        _check_keys(function, given)
    if function not in _LITERALS:
        return Call(function, given, column=column)
    least, largest, default = _LITERALS[function]
    periods = default if len(given) == 1 else _literal(function, given[1], least, largest)
    return Call(function, given[:1], periods, column)


def _check_count(function: Function, count: int, column: int) -> None:
    least, most, words = _COUNTS[function]
    if count < least or (most is not None and count > most):
        here = {0: "are none", 1: "is one"}.get(count, f"are {count}")
        comma = " A number is written without commas, such as 1000 or 0.5." if function is Function.IF else ""
        detail = f"{function} takes {words}, {REFERENCE[function].signature}; here {here}.{comma}"
        raise FormulaError("wrong_arguments", detail, column)


def _check_keys(function: Function, given: tuple[Expression, ...]) -> None:
    for argument in given:
        if not isinstance(argument, Name):
            detail = f"{function} takes a KPI's key, such as {function}(net_sales)."
            raise FormulaError("key_expected", detail, argument.column)


def _literal(function: Function, argument: Expression, least: int, largest: int) -> int:
    """The whole number that stands there as such; nothing is computed, so that it is the same in every period."""
    match argument:
        case Number(value=value):
            pass
        case Unary(operator="-", operand=Number(value=magnitude)):
            value = -magnitude
        case _:
            value = largest + 1.0
    if value.is_integer() and least <= value <= largest:
        return int(value)
    signature = REFERENCE[function].signature
    detail = f"The second argument of {signature} is a whole number from {least} to {largest}, such as 3."
    raise FormulaError("literal_expected", detail, argument.column)
