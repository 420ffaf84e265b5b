"""The word that somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from heapq import nlargest
from typing import Final

_WORTH_COMPARING: Final = 50  # difflib takes milliseconds for a hundred long words, and there may be thousands


def closest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word most like `word`, None if none is; `cutoff` is difflib's ratio, 1 for equal words.

    Only the words that share the most pairs of neighbouring letters, and are of a similar length, are compared in full.
    """
    pairs = list(map(str.__add__, word, word[1:]))

    def likeness(other: str) -> tuple[int, int]:
        return sum(map(other.__contains__, pairs)), -abs(len(other) - len(word))

    alike = nlargest(_WORTH_COMPARING, known, key=likeness)
    return next(iter(get_close_matches(word, alike, n=1, cutoff=cutoff)), None)
