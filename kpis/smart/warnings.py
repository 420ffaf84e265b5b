"""What to look at, beside the criteria."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from kpis.engine.periods import Frequency
from kpis.smart.beyond import beyond_history
from kpis.smart.criteria import Gap, irrelevant, timeless, unspecific
from kpis.smart.facts import SmartFacts
from kpis.words import day

WarningCode: TypeAlias = Literal[
    "vague_name",
    "no_owner",
    "no_target_date",
    "ladders_to_nothing",
    "too_many",
    "not_reviewed",
    "beyond_history",
    "no_values",
]

MOST_KPIS: Final = 7
CADENCES: Final = 2
# Days since the date of the last value: two periods in a row have none by the time the second is due, even if values
# are dated at a period's beginning. Two weeks for daily values, which a holiday may interrupt.
LONG_WITHOUT: Final = {
    Frequency.DAILY: 14,
    Frequency.WEEKLY: 22,
    Frequency.MONTHLY: 97,
    Frequency.QUARTERLY: 286,
    Frequency.YEARLY: 1106,
}


@dataclass(frozen=True, slots=True)
class SmartWarning:
    """Something to look at. ``field`` is what mends it, as in ``Criterion``, or department or review."""

    code: WarningCode
    detail: str
    field: str


def warnings_about(facts: SmartFacts) -> list[SmartWarning]:
    """What to look at, always in the same order, each code at most once.

    ``too_many`` is a team with more than seven KPIs, ``not_reviewed`` no review in two cadences, ``beyond_history`` a
    target better than anything seen so far, ``no_values`` a measured KPI that got none for long. Metrics get none about
    targets, reviews and teams.
    """
    asked = {code: find for code, find in _FINDERS.items() if not (facts.is_metric and code in _OF_KPIS_ONLY)}
    return [SmartWarning(code, *gap) for code, find in asked.items() if (gap := find(facts))]


def _first(gaps: Iterable[Gap], field: str) -> Gap | None:
    return next((gap for gap in gaps if gap.field == field), None)


def _vague_name(facts: SmartFacts) -> Gap | None:
    return _first(unspecific(facts), "name")


def _no_owner(facts: SmartFacts) -> Gap | None:
    return _first(unspecific(facts), "owner")


def _no_target_date(facts: SmartFacts) -> Gap | None:
    return next(timeless(facts), None)


def _ladders_to_nothing(facts: SmartFacts) -> Gap | None:
    return next(irrelevant(facts), None)


def _too_many(facts: SmartFacts) -> Gap | None:
    if facts.team_kpis <= MOST_KPIS:
        return None
    return Gap(
        f"Its team has {facts.team_kpis} KPIs, and hardly anybody can act on more than {MOST_KPIS}. Archive some, or "
        "make metrics of those that only serve to work out others.",
        "department",
    )


def _not_reviewed(facts: SmartFacts) -> Gap | None:
    since = facts.last_reviewed_on or facts.created_on
    if facts.review_cadence_days is None or (facts.today - since).days <= CADENCES * facts.review_cadence_days:
        return None
    last = f"The last review was on {day(since)}" if facts.last_reviewed_on else f"No review since {day(since)}"
    return Gap(f"{last}. Look whether its meaning and its target still hold.", "review")


def _beyond_history(facts: SmartFacts) -> Gap | None:
    beyond = beyond_history(facts)
    return beyond and Gap(f"{beyond.detail} Plan what will make the difference, or choose a nearer one.", "target")


def _no_values(facts: SmartFacts) -> Gap | None:
    since = facts.latest_value_on or facts.created_on
    if facts.source != "measured" or (facts.today - since).days <= LONG_WITHOUT[facts.frequency]:
        return None
    return Gap(f"No value has come since {day(since)}. Enter or send it, or archive it.", "values")


_FINDERS: Final[Mapping[WarningCode, Callable[[SmartFacts], Gap | None]]] = {
    "vague_name": _vague_name,
    "no_owner": _no_owner,
    "no_target_date": _no_target_date,
    "ladders_to_nothing": _ladders_to_nothing,
    "too_many": _too_many,
    "not_reviewed": _not_reviewed,
    "beyond_history": _beyond_history,
    "no_values": _no_values,
}
_OF_KPIS_ONLY: Final = frozenset({"no_target_date", "too_many", "not_reviewed", "beyond_history"})
