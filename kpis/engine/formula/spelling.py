"""Characters that the language does not know: what was probably meant, and how it is written here."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from kpis.engine.formula.errors import FormulaError, did_you_mean, quoted, shortened

_NO_TEXT: Final = "A formula has no text in quotation marks; write a KPI's key as it is, such as net_sales."
_ROUND: Final = "Only round brackets are used; write ( and )."
_MONEY: Final = "Amounts are written without a currency sign, such as 1500."
_CHOICE: Final = "A choice is written if(condition, a, b)."
_REMEDIES: Final = {
    "&&": "Write “and”.",
    "||": "Write “or”.",
    "=>": "Write >= for “at least”.",
    "=<": "Write <= for “at most”.",
    "=": "Write == to compare.",
    "&": "Write “and”.",
    "|": "Write “or”.",
    "!": "Write “not”, or != for “is not equal to”.",
    ";": "A function's arguments are separated by commas.",
    ".": "A point belongs only inside a number, such as 0.5.",
    "?": _CHOICE,
    ":": _CHOICE,
    **dict.fromkeys("[]{}", _ROUND),
    **dict.fromkeys("$€£¥", _MONEY),
}
_QUOTES: Final = (
    "\"'`\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}"
    "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\N{SINGLE LOW-9 QUOTATION MARK}"
    "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}"
)
# Signs as they are typeset, and how they are written here.
_TYPED: Final = {
    "\N{MULTIPLICATION SIGN}": "*",
    "\N{MIDDLE DOT}": "*",
    "\N{DOT OPERATOR}": "*",
    "\N{ASTERISK OPERATOR}": "*",
    "\N{BULLET}": "*",
    "\N{DIVISION SIGN}": "/",
    "\N{FRACTION SLASH}": "/",
    "\N{DIVISION SLASH}": "/",
    "\N{MINUS SIGN}": "-",
    "\N{HYPHEN}": "-",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{FIGURE DASH}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
    "\N{NOT EQUAL TO}": "!=",
    "\N{SUPERSCRIPT TWO}": "^ 2",
    "\N{SUPERSCRIPT THREE}": "^ 3",
    "\N{SQUARE ROOT}": "sqrt(…)",
    "\N{LOGICAL AND}": "and",
    "\N{LOGICAL OR}": "or",
    "\N{NOT SIGN}": "not",
    "\N{PER MILLE SIGN}": "/ 1000",
}
_WORD = re.compile(r"\w+", re.ASCII)
_GROUPED = re.compile(r"[0-9][0-9_]*")


def miswritten(text: str, position: int) -> FormulaError:
    """The error for the character at `position` (0-based), at which the text stops being a sequence of tokens."""
    character = text[position]
    if character.isascii() and (character.isalpha() or character == "_"):
        return _word(text, position)
    if character == "=" and not text[:position].strip():
        return _error("A formula begins without “=”; leave it out.", position)
    if character in _QUOTES:
        return _error(_NO_TEXT, position)
    for sign in (text[position : position + 2], character):
        if sign in _REMEDIES:
            return _error(f"{quoted(sign)} is not part of the language. {_REMEDIES[sign]}", position)
    return _error(_foreign(character), position)


def _error(detail: str, position: int) -> FormulaError:
    return FormulaError("unknown_character", detail, position + 1)


def _word(text: str, position: int) -> FormulaError:
    """A word with capitals or beginning with an underscore; `position` may lie inside it."""
    found = next(each for each in _WORD.finditer(text) if each.end() > position)
    word, start = found[0], found.start()
    if word != word.lower():
        right = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word).lower()
        detail = f"Keys and functions are written in lower case; {quoted(word)} is not."
        return FormulaError("lower_case", detail, start + 1, did_you_mean(right))
    if _GROUPED.fullmatch(word):
        return _error(f"The digits of a number are not grouped; write {shortened(word.replace('_', ''))}.", start)
    return _error(f"A key begins with a letter from a to z; {quoted(word)} does not.", start)


def _foreign(character: str) -> str:
    """What to say of a character outside the language's alphabet."""
    if character in _TYPED:
        return f"{quoted(character)} is not part of the language. Write {_TYPED[character]} instead."
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and len(plain) == 1 and " " < plain <= "~":
        return f"{_named(character)} only looks like {quoted(plain)}; type {plain} instead."
    if character.isspace():
        return f"{_named(character)} is a special space; type an ordinary one."
    if character.isalpha():
        return f"{_named(character)} is not one of the letters a to z, of which keys are made."
    return f"{_named(character)} is not part of the language; leave it out."


def _named(character: str) -> str:
    """The character and, unless every keyboard has it, its Unicode name; only that where it would not be seen."""
    if " " < character <= "~":
        return quoted(character)
    name = f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()
    return f"{quoted(character)} ({name})" if character.isprintable() else f"The invisible character {name}"
