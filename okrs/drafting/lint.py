"""What would be better about the wording of an objective or a key result. Pure.

Short lists of English words and nothing clever, as for the names of KPIs: a word that is on no list passes, and so do
other languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from kpis.smart.vague import AIMS, FILLERS, HOLLOW, MEASURES, SOFT
from okrs.progress import Kind

FindingCode: TypeAlias = Literal["task", "no_number", "numbers", "too_long", "vague"]

MOST_WORDS_OF_OBJECTIVE: Final = 15
MOST_WORDS_OF_KEY_RESULT: Final = 20

# What one does, never what it changes.
TASKS: Final = frozenset(
    "build building built conduct create creating design designing develop developing draft implement implementation "
    "implementing introduce introducing introduction investigate launch launching launched migrate migrating migration "
    "organise organising organize organizing plan planning prepare preparing research rollout start write writing "
    "kickoff document documenting refactor redesign relaunch".split()
)
# What one does too, unless a number says how well it went: "Deliver 95 % of orders on time", not "Run 5 workshops".
TASKS_UNLESS_MEASURED: Final = frozenset(
    "complete completing deliver delivering deploy deploying finalise finalize finish finishing hire hiring hold make "
    "publish publishing release releasing run running send ship shipping train update updating upgrade".split()
)
TASKS_OF_TWO_WORDS: Final = frozenset(
    {("roll", "out"), ("set", "up"), ("carry", "out"), ("work", "on"), ("kick", "off")}
)
# Before one of these they are things: "Build time", "Release frequency".
AFTER_A_NOUN: Final = frozenset(
    "cost costs days duration errors failures frequency hours length minutes rate rates score time times".split()
)
HOW_WELL: Final = frozenset("above at below from least less more most over per than under within".split())
BEFORE_THE_VERB: Final = frozenset("fully please successfully team the to we will finally quickly also".split())
# Sound like a measure and are none.
WOOLLY: Final = frozenset(
    "adequate adequately appropriate appropriately asap better considerably drastically faster fewer greatly many "
    "massively optimal optimally properly regularly several significant significantly somewhat substantial "
    "substantially various".split()
)
STATES: Final = frozenset("be become remain stay keep have are is as much possible than ever best".split())

# Not part of a word (B2B, Q3), a name (ISO 27001), a time of day or a range of them (24/7).
_NAMES_WITH_NUMBERS: Final = re.compile(r"\b(?:iso|din|en|soc|sox|article|tier|level)[\s-]*\d+\b|\b24\s*/\s*7\b", re.I)
_YEAR: Final = re.compile(r"\b20[2-4]\d(?:/\d\d)?\b(?!\s*[%€$£])")
_NUMBER: Final = re.compile(r"(?<![\w.,])(?<![a-z]-)[€$£]?\d[\d.,]*(?:\s*%|\s?[€$£]|(?:k|m|bn|x)?\b)", re.I)


@dataclass(frozen=True, slots=True)
class Finding:
    """What would be better: ``words`` say what is wrong and what would be right."""

    code: FindingCode
    words: str


def objective_findings(title: str) -> list[Finding]:
    """What would be better about an objective's title, each code at most once; nothing about an empty one."""
    return list(_of_objective(title, _words(title))) if title.strip() else []


def key_result_findings(title: str, kind: Kind = "metric", *, has_target: bool = False) -> list[Finding]:
    """What would be better about a key result's title, each code at most once; nothing about an empty one.

    ``has_target``: the number to reach or to keep is given beside the title. Milestones are tasks and need no number.
    """
    return list(_of_key_result(title, _words(title), kind, has_target)) if title.strip() else []


def has_number(title: str) -> bool:
    """Whether a title holds a number that counts something: no year, no "ISO 27001", no "Q3"."""
    return bool(_NUMBER.search(_YEAR.sub("", _NAMES_WITH_NUMBERS.sub("", title))))


def _of_objective(title: str, words: Sequence[str]) -> Iterator[Finding]:
    if has_number(title):
        yield Finding(
            "numbers",
            "An objective says where you want to be, in words that people remember. Move its number into a key result.",
        )
    if len(words) > MOST_WORDS_OF_OBJECTIVE:
        yield _too_long(
            words, MOST_WORDS_OF_OBJECTIVE, "Say it so that everybody can repeat it; the rest belongs below it."
        )
    if _says_nothing(words):
        yield Finding(
            "vague",
            f"“{title}” could be anybody's. Say what will be different and for whom, such as “Fresh food that "
            "customers come back for”.",
        )


def _of_key_result(title: str, words: Sequence[str], kind: Kind, has_target: bool) -> Iterator[Finding]:
    counts_steps, numbered = kind == "milestones", has_number(title)
    if not counts_steps and _is_task(words, is_measured=numbered and _says_how_well(title, words)):
        yield Finding(
            "task",
            f"“{title}” is something to do. Say what it changes, such as “Weekly users from 2,000 to 5,000”, and plan "
            "the task as an action, or make it a key result of milestones.",
        )
    elif not counts_steps and not numbered and not has_target:
        yield Finding(
            "no_number",
            "There is no number, so nobody can tell when it is reached. Say from where to where, such as “from 12 to "
            "20”.",
        )
    if len(words) > MOST_WORDS_OF_KEY_RESULT:
        yield _too_long(
            words, MOST_WORDS_OF_KEY_RESULT, "Name the number, from where to where; reasons belong elsewhere."
        )
    if (woolly := _woolly(words)) and not numbered and not has_target:
        yield Finding("vague", f"“{woolly}” means something else to everybody. Say how much.")
    elif not counts_steps and _says_nothing(words):
        yield Finding("vague", f"“{title}” does not say what is counted. Name it, such as “Orders delivered on time”.")


def _is_task(words: Sequence[str], *, is_measured: bool) -> bool:
    """Whether a title (its words in lower case) begins with what is to be done."""
    said = list(words)
    while said and said[0] in BEFORE_THE_VERB:
        del said[0]
    if not said or AFTER_A_NOUN.intersection(said[1:2]):
        return False
    is_doing = said[0] in TASKS or tuple(said[:2]) in TASKS_OF_TWO_WORDS
    return is_doing or (said[0] in TASKS_UNLESS_MEASURED and not is_measured)


def _says_how_well(title: str, words: Sequence[str]) -> bool:
    return "%" in title or not HOW_WELL.isdisjoint(words)


def _words(title: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", title.casefold())


def _says_nothing(words: Sequence[str]) -> bool:
    # As of a KPI's name: "engagement" is vague, "engagement score" is what a survey gives.
    soft = SOFT if MEASURES.isdisjoint(words) else MEASURES
    nothing = AIMS | FILLERS | HOLLOW | WOOLLY | STATES | soft
    return bool(words) and all(word in nothing for word in words)


def _woolly(words: Sequence[str]) -> str:
    return next((word for word in words if word in WOOLLY), "")


def _too_long(words: Sequence[str], most: int, advice: str) -> Finding:
    return Finding("too_long", f"It has {len(words)} words, and more than {most} are hard to remember. {advice}")
