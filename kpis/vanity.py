"""Which KPIs are only looked at: nothing stands on them, and they led to no decision. Pure.

A strategic KPI that others feed is the end of the ladder, not a dead end, and is never listed; a strategic one that
nothing feeds, and an operational one at the top of its own little ladder, are judged like any other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kpis.words import day

CADENCES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class VanityFacts:
    """What is known of an active KPI.

    ``feeds_count`` counts its parents and the formulas, weights and key results that use it. ``last_action_on`` is the
    latest date on which an action on it was planned, done or due, so an open one counts until it is due;
    ``last_target_change_on`` is that of a change with a reason, ``last_decision_on`` that of a review which decided
    something about it.
    """

    key: str
    name: str
    today: dt.date
    created_on: dt.date
    review_cadence_days: int
    is_strategic: bool = False
    has_children: bool = False
    feeds_count: int = 0
    last_action_on: dt.date | None = None
    last_target_change_on: dt.date | None = None
    last_decision_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Vanity:
    """A KPI of the vanity list, with the sentence that says why it is there."""

    key: str
    detail: str


def vanity_list(known: Iterable[VanityFacts]) -> list[Vanity]:
    """The KPIs that are only looked at, in the order given."""
    return [Vanity(facts.key, why) for facts in known if (why := why_vanity(facts))]


def why_vanity(facts: VanityFacts) -> str:
    """Why a KPI is only looked at, as a sentence; empty where it is not, or is younger than two cadences.

    It is where nothing stands on it and, in the last two cadences, no action was planned, done or due, no target was
    changed with a reason and no review decided anything.
    """
    since = facts.today - dt.timedelta(days=CADENCES * facts.review_cadence_days)
    if facts.created_on > since or _is_used(facts) or _was_decided_on(facts, since):
        return ""
    return (
        f"{_dead_end(facts)}, and since {day(since)} it has led to no action, no change of its target and no decision "
        "in a review. Archive it, or name the KPI it helps."
    )


def _is_used(facts: VanityFacts) -> bool:
    return facts.feeds_count > 0 or (facts.is_strategic and facts.has_children)


def _was_decided_on(facts: VanityFacts, since: dt.date) -> bool:
    decisions = (facts.last_action_on, facts.last_target_change_on, facts.last_decision_on)
    return any(decided_on is not None and decided_on >= since for decided_on in decisions)


def _dead_end(facts: VanityFacts) -> str:
    if facts.has_children:
        return f"What feeds “{facts.name}” ends there: no other KPI, formula or key result uses it"
    return f"“{facts.name}” feeds no other KPI, formula or key result"
