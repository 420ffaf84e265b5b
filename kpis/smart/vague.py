"""Names that do not say what is counted. Pure.

Short lists of English words and nothing clever: a word that is on no list is taken for something that can be counted,
so names in other languages, products and abbreviations pass.
"""

import re
from collections.abc import Sequence
from typing import Final

# What a wish begins with: what to do, or which way it should go.
AIMS: Final = frozenset(
    "accelerate achieve become better boost decrease deliver enhance ensure exceed expand faster fewer foster get "
    "greater grow happier higher improve improving increase increasing less lower make maximise maximize minimise "
    "minimize more optimise optimising optimize optimizing promote quicker raise reduce reducing strengthen "
    "stronger".split()
)
# Before one of these, "increase" and the like are things: "Increase in prices".
AFTER_A_NOUN: Final = frozenset("from in of on over per rate".split())
# Say nothing about what is counted.
FILLERS: Final = frozenset(
    "a agile an and annual at bad best business by company corporate daily department digital effective efficient "
    "excellent fast financial for from general goal good great happy healthy high important in indicator indicators "
    "innovative internal key kpi kpis low main measure metric metrics misc modern monthly my name new objective of on "
    "operational organization other our overall per poor productive quarterly smart strategic strong successful "
    "sustainable target team test the to untitled various we weekly yearly your".split()
)
# Say how something is counted, and not what.
MEASURES: Final = frozenset(
    "amount average count index level mean number percent percentage rate ratio score share sum total value".split()
)
# Cannot be counted unless a measure is named: "Engagement" is vague, "Engagement score" is what a survey gives.
SOFT: Final = frozenset(
    "agility alignment awareness communication culture development effectiveness efficiency engagement happiness "
    "health innovation loyalty morale motivation output process productivity satisfaction time wellbeing".split()
)
# Cannot be counted even then, and are no better behind something that can: "Sales performance", "Product quality".
HOLLOW_ENDS: Final = frozenset("excellence improvement improvements performance quality success transformation".split())
HOLLOW: Final = HOLLOW_ENDS | frozenset(
    "growth impact outcome outcomes potential progress results stuff things".split()
)
# A hollow word is something after all where its price is meant: "Cost of poor quality".
COSTS: Final = frozenset({"cost", "costs"})


def why_vague(name: str) -> str:
    """A sentence that says why a KPI's ``name`` is vague and what would be better, empty where it is not."""
    words = re.findall(r"[^\W\d_]+", name.casefold())
    if _is_aim(words):
        return f"“{name}” says what you wish, not what is counted. Name the number itself, such as “Net sales”."
    if _counts_nothing(words):
        return f"“{name}” does not say what is counted. Name what one can count, such as “Orders delivered on time”."
    return ""


def _is_aim(words: Sequence[str]) -> bool:
    return bool(words) and words[0] in AIMS and not (len(words) > 1 and words[1] in AFTER_A_NOUN)


def _counts_nothing(words: Sequence[str]) -> bool:
    said = [word for word in words if word not in FILLERS]
    is_measured = any(word in MEASURES for word in said)
    nothing = MEASURES | HOLLOW if is_measured else HOLLOW | SOFT
    if all(word in nothing for word in said):
        return True
    return said[-1] in HOLLOW_ENDS and not is_measured and COSTS.isdisjoint(said)
