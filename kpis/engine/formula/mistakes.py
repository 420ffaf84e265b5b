"""Tokens in the wrong place: what is said of them, before and while the grammar sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lark import Token

from kpis.engine.formula.errors import FormulaError, quoted, shortened
from kpis.engine.formula.functions import unknown_function
from kpis.engine.formula.limits import DEEPEST, too_deep
from kpis.engine.formula.reference import REFERENCE
from kpis.engine.formula.syntax import Function

_FUNCTIONS: Final = frozenset(Function)
_ENDS: Final = ("NUMBER", "NAME", "_CLOSE")  # with one of these an operand is complete
_STARTS: Final = ("NUMBER", "NAME", "_OPEN")
_PAIRS: Final = {"**": "Write ^ for a power.", "//": "Write / to divide.", "<>": "Write != for “is not equal to”."}
_PERCENT: Final = "“%” is the remainder of a division; write 0.2 for 20 %."


def column_of(token: Token) -> int:
    """The 1-based place of a token's first character in the text."""
    return (token.start_pos or 0) + 1


def check_words(tokens: Sequence[Token]) -> None:
    """Raises FormulaError for a function without its bracket, and for a bracket behind what is no function."""
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type != "NAME":
            continue
        is_called = following is not None and following.type == "_OPEN"
        if is_called and token not in _FUNCTIONS:
            raise unknown_function(token, column_of(token))
        if not is_called and token in _FUNCTIONS:
            signature = REFERENCE[Function(token)].signature
            detail = f"{quoted(token)} is a function, not a KPI's key; write {signature}."
            raise FormulaError("function_without_brackets", detail, column_of(token))


def check_brackets(tokens: Sequence[Token]) -> None:
    """Raises FormulaError for brackets unpaired or nested too deeply, and for commas that separate nothing."""
    opened: list[int] = []
    for index, token in enumerate(tokens):
        if token.type == "_OPEN":
            opened.append(index)
            if len(opened) > DEEPEST:
                raise too_deep(column_of(token))
        elif token.type == "_CLOSE":
            if not opened:
                detail = f"The bracket closed in column {column_of(token)} was never opened."
                raise FormulaError("bracket_not_opened", detail, column_of(token))
            opened.pop()
        elif token.type == "_COMMA":
            _check_comma(tokens, index, opened[-1] if opened else 0)
    if opened:
        column = column_of(tokens[opened[-1]])
        raise FormulaError("bracket_not_closed", f"The bracket opened in column {column} is never closed.", column)


def _check_comma(tokens: Sequence[Token], index: int, opening: int) -> None:
    """`index` is the comma's, `opening` that of the bracket around it.

    A comma between two digits is refused even among arguments, lest coalesce(x, 1,500) be 1 where x is missing. Only
    `if` may have it, because there one argument too many is noticed.
    """
    function = tokens[opening - 1] if opening and tokens[opening - 1].type == "NAME" else None
    if function != Function.IF and (number := _number_around(tokens, index)):
        space = f"; for two arguments put a space after the comma of {quoted(number[0])}" if function else ""
        detail = f"Write {shortened(number[1])} rather than {quoted(number[0])}{space}."
        raise FormulaError("comma_in_number", detail, column_of(tokens[index - 1]))
    if not function:
        detail = "A comma separates the arguments of a function, such as max(a, b); here is no function around it."
        raise FormulaError("stray_comma", detail, column_of(tokens[index]))


def _number_around(tokens: Sequence[Token], index: int) -> tuple[str, str] | None:
    """The digits around a comma as written, and as one number: "1,000.5" is 1000.5, "0,5" is 0.5."""
    around = tokens[max(index - 1, 0) : index + 2]
    if [token.type for token in around] != ["NUMBER", "_COMMA", "NUMBER"]:
        return None
    before, comma, after = around
    if before.end_pos != comma.start_pos or comma.end_pos != after.start_pos:
        return None
    whole = after.partition(".")[0]
    if not before.isdigit() or not whole.isdigit():
        return None
    if len(whole) == 3 and len(before) <= 3 and before != "0":
        return f"{before},{after}", f"{before}{after}"
    return (f"{before},{after}", f"{before}.{after}") if after == whole else None


def misplaced(token: Token, before: Token | None) -> FormulaError:
    """The error for a token that the grammar does not take after `before` (None: at the beginning).

    Brackets have their partners and functions their brackets by now (`check_words`, `check_brackets`).
    """
    column = column_of(token)
    if before is not None and before.type in _ENDS:
        return _after_operand(token, before, column)
    if token.type == "NOT":
        return FormulaError("not_in_brackets", "Put brackets around “not …” inside a calculation: (not a).", column)
    if token.type == "$END" and before is not None:
        column = column_of(before)
    return FormulaError("operand_missing", _nothing_between(token, before), column)


def _after_operand(token: Token, before: Token, column: int) -> FormulaError:
    """An operand was complete, and what follows neither continues nor ends it."""
    if token.type == "COMPARISON":
        detail = "Comparisons do not chain; join two of them with “and”, such as a < b and b < c."
        return FormulaError("chained_comparison", detail, column)
    if token.type == before.type == "NUMBER":
        return FormulaError("not_a_number", _two_numbers(before, token), column_of(before))
    sign = "* for a product" if token.type in _STARTS else "“and”"
    detail = f"An operator is missing between {quoted(before)} and {quoted(token)}, such as {sign}."
    return FormulaError("operator_missing", detail, column)


def _two_numbers(before: Token, token: Token) -> str:
    if before.end_pos == token.start_pos:
        return f"{quoted(before + token)} is not a number; numbers are written such as 1500, 0.5 or 1e6."
    gap = f"write {shortened(before + token)} without the gap, or an operator between them"
    return f"The numbers {quoted(before)} and {quoted(token)} stand side by side; {gap}."


def _nothing_between(token: Token, before: Token | None) -> str:
    """An operand was expected and something else came."""
    pair = f"{before}{token}"
    if before is not None and before.end_pos == token.start_pos and pair in _PAIRS:
        return f"{quoted(pair)} is not part of the language. {_PAIRS[pair]}"
    if before is None:
        return f"A formula cannot begin with {quoted(token)}; a number, a key or a bracket comes first."
    percent = f" {_PERCENT}" if before.type == "MODULO" else ""
    if token.type == "$END":
        return f"The formula ends after {quoted(before)}; a number or a key is missing.{percent}"
    if before.type == "_OPEN" and token.type == "_CLOSE":
        return "There is nothing between these brackets; write a number or a key, or leave them out."
    return f"Between {quoted(before)} and {quoted(token)} a number or a key is missing.{percent}"
