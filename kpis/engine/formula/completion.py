"""What the word being typed in a formula may become."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from typing import Final

from kpis.engine.formula.reference import REFERENCE
from kpis.engine.formula.syntax import Function

MOST: Final = 8
_TYPED = re.compile(r"(?<![\w.])[A-Za-z][A-Za-z0-9_]*\Z")  # a word up to the caret, not the exponent of a number
_LETTERS: Final = string.ascii_letters + string.digits + "_"


@dataclass(frozen=True, slots=True)
class Completion:
    """One offer: the text from `start` to `end` (0-based, `end` behind) becomes `text`.

    `title` is the KPI's key or the function's signature, `explanation` the KPI's name or a sentence on the function.
    """

    text: str
    start: int
    end: int
    title: str
    explanation: str
    is_function: bool = False


def completions(text: str, caret: int, keys: Mapping[str, str]) -> list[Completion]:
    """Up to 8 offers for the word that ends or contains the `caret` (0-based, between characters), best first.

    `keys` are the KPIs' names by key. First keys that begin with what is typed before the caret, then functions that
    do, then KPIs with it elsewhere in their key or in their name; each in alphabetical order. None without a word.
    """
    caret = min(max(caret, 0), len(text))
    typed = _TYPED.search(text[:caret])
    if typed is None:
        return []
    start, end = typed.start(), len(text) - len(text[caret:].lstrip(_LETTERS))
    opening = "" if text[end : end + 1] == "(" else "("
    return [
        Completion(word + opening, start, end, REFERENCE[word].signature, REFERENCE[word].summary, is_function=True)
        if isinstance(word, Function)
        else Completion(word, start, end, word, keys[word])
        for _, word in nsmallest(MOST, _ranked(typed[0].lower(), keys))
    ]


def _ranked(typed: str, keys: Mapping[str, str]) -> Iterator[tuple[int, str | Function]]:
    """Each key and function that fits, lower numbers being better."""
    spaced = typed.replace("_", " ")
    for key, name in keys.items():
        if key.startswith(typed):
            yield 0, key
        elif typed in key or spaced in name.casefold():
            yield 2, key
    yield from ((1, function) for function in Function if function.startswith(typed))
