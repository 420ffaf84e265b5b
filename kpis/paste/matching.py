"""Which name of a spreadsheet means which KPI."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

K = TypeVar("K")

# Below this likeness (0 to 1) two names are taken for different things.
ALIKE = 0.78


def match(names: Sequence[str], known: Mapping[K, Sequence[str]]) -> dict[int, K]:
    """For the positions of ``names`` the key of the KPI that is meant, where one is; each KPI once, the likest first.

    ``known`` holds what each KPI is called: its name, its key.
    """
    plain = [_plain(name) for name in names]
    called = {key: [_plain(text) for text in texts] for key, texts in known.items()}
    pairs = [
        (likeness, -index, -rank, key)
        for index, name in enumerate(plain)
        for rank, (key, texts) in enumerate(called.items())
        if (likeness := max((_likeness(name, text) for text in texts), default=0.0)) >= ALIKE
    ]
    matched: dict[int, K] = {}
    for _, index, _, key in sorted(pairs, key=lambda pair: pair[:3], reverse=True):
        if -index not in matched and key not in matched.values():
            matched[-index] = key
    return matched


def _plain(text: str) -> str:
    """Without accents, case, signs and what stands in brackets: "Net sales (€)" and "net_sales" are one."""
    unaccented = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    without_brackets = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", unaccented)
    return " ".join(re.findall(r"[a-z0-9]+", without_brackets))


def _likeness(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    if one == other or sorted(one.split()) == sorted(other.split()):
        return 1.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
