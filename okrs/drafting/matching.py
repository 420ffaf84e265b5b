"""Which existing KPI a key result's title names, so that its data can be linked instead of typed in. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kpis.smart.vague import MEASURES

# Little words, which a title may leave out or add.
LITTLE: Final = frozenset("a an and at by for from in of on our per the to with".split())
FEWEST_INITIALS: Final = 3


@dataclass(frozen=True, slots=True)
class KnownKpi:
    """A KPI that could be linked: its key, its name, and what else it is called."""

    key: str
    name: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A KPI that a title names. ``words`` are those of the title that name it; ``is_exact`` tells that nothing of the
    name is missing ("churn" for "churn rate" is not)."""

    key: str
    words: frozenset[str]
    is_exact: bool


def matching(title: str, kpis: Sequence[KnownKpi], *, most: int = 3) -> list[Match]:
    """The KPIs that a title names, the best first, at most ``most``.

    A name is found when the title has all its words, in any order, singular or plural, in any case and with or without
    accents; words that only say how something is counted ("rate", "total") may be missing. Names of three words and
    more are found by their initials too ("NPS"). One whose words all belong to a better match is left out: where "net
    sales" is named, "sales" is not meant.
    """
    said = _words(title)
    found = [best for kpi in kpis if (best := max(_matches(kpi, said), key=_rank, default=None))]
    chosen: list[Match] = []
    for match in sorted(found, key=_rank, reverse=True):
        if not any(match.words <= better.words for better in chosen):
            chosen.append(match)
    return chosen[:most]


def _rank(match: Match) -> tuple[int, bool]:
    return len(match.words), match.is_exact


def _matches(kpi: KnownKpi, said: frozenset[str]) -> Iterator[Match]:
    for name in (kpi.name, kpi.key.replace("_", " "), *kpi.synonyms):
        words = _words(name)
        telling = words - MEASURES or words
        if telling and telling <= said:
            yield Match(kpi.key, words & said, words <= said)
        initials = _initials(name)
        if len(initials) >= FEWEST_INITIALS and _singular(initials) in said:
            yield Match(kpi.key, frozenset({_singular(initials)}), is_exact=True)


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(_singular(word) for word in _letters(text) if word not in LITTLE)


@lru_cache(maxsize=4096)
def _initials(name: str) -> str:
    return "".join(word[0] for word in _letters(name) if word not in LITTLE)


def _letters(text: str) -> list[str]:
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return re.findall(r"[^\W\d_]+", plain.casefold())


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
