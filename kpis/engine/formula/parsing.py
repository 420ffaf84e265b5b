"""From the text of a formula to its tree, by an LALR grammar (`grammar.lark`): in linear time, without recursion."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, cast

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args
from lark.parsers.lalr_interactive_parser import InteractiveParser

from kpis.engine.formula.errors import FormulaError, shortened
from kpis.engine.formula.functions import call
from kpis.engine.formula.limits import check_count, check_length, check_tree
from kpis.engine.formula.mistakes import check_brackets, check_words, column_of, misplaced
from kpis.engine.formula.spelling import miswritten
from kpis.engine.formula.syntax import Binary, Call, Expression, Function, Name, Number, Unary

__all__ = ["FormulaError", "parse"]

_EXAMPLE: Final = "net_sales / baskets"
_PUNCTUATION: Final = ("_OPEN", "_CLOSE", "_COMMA")


def parse(text: str) -> Expression:
    """The tree of a formula.

    Raises FormulaError, with the column where there is one, for everything that is no formula or too large for one;
    whatever the text holds, at the cost of at most 1,000 characters. Whether the names are KPIs is not asked here.
    """
    check_length(text)
    if not text.strip():
        raise FormulaError("empty", f"The formula is empty. Write one such as {_EXAMPLE}.")
    reader = _PARSER.parse_interactive(text)
    tokens = _tokens(reader, text)
    check_count(sum(token.type not in _PUNCTUATION for token in tokens))
    check_words(tokens)
    check_brackets(tokens)
    expression = _tree(reader, tokens)
    check_tree(expression)
    return expression


def _tokens(reader: InteractiveParser, text: str) -> list[Token]:
    try:
        return list(reader.lexer_thread.lex(reader.parser_state))  # type: ignore[no-untyped-call]
    except UnexpectedCharacters as error:
        raise miswritten(text, error.pos_in_stream or 0) from None


def _tree(reader: InteractiveParser, tokens: Sequence[Token]) -> Expression:
    before = None
    try:
        for token in tokens:
            reader.feed_token(token)
            before = token
        return cast(Expression, reader.feed_token(Token.new_borrow_pos("$END", "", tokens[-1])))
    except UnexpectedToken as error:
        raise misplaced(error.token, before) from None


@v_args(inline=True)
class _Tree(Transformer[Token, Expression]):
    """Called by the parser with the parts of each rule, from the leaves upwards; named as in the grammar."""

    def number(self, token: Token) -> Number:
        value = float(token)
        if math.isinf(value):
            detail = f"{shortened(token)} is too large; numbers go up to about 1.8e308."
            raise FormulaError("number_too_large", detail, column_of(token))
        return Number(value, column_of(token))

    def name(self, token: Token) -> Name:
        return Name(str(token), column_of(token))

    def unary(self, operator: Token, operand: Expression) -> Unary:
        return Unary(str(operator), operand, column_of(operator))

    def binary(self, left: Expression, operator: Token, right: Expression) -> Binary:
        return Binary(str(operator), left, right, column_of(operator))

    def call(self, name: Token, arguments: tuple[Expression, ...]) -> Call:
        return call(Function(name), arguments, column_of(name))

    def arguments(self, *arguments: Expression) -> tuple[Expression, ...]:
        return arguments


# Built once, in some hundredths of a second. The basic lexer reads the same tokens whatever stands before them, so that
# a stray character is seen as such.
_PARSER: Final = Lark.open("grammar.lark", rel_to=__file__, parser="lalr", lexer="basic", transformer=_Tree())
