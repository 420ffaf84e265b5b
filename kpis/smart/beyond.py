"""How far a target lies beyond anything seen so far."""

from __future__ import annotations

from typing import NamedTuple

from kpis.drawing.numbers import MINUS, show, show_change
from kpis.engine.definitions import Direction
from kpis.smart.facts import SmartFacts


class Beyond(NamedTuple):
    """A target's distance from the best value so far, beside how far values ever moved, both in the KPI's unit."""

    distance: float
    span: float
    detail: str


def beyond_history(facts: SmartFacts) -> Beyond | None:
    """How far the target lies beyond the best value so far, with a sentence that says so.

    None for a target that was reached before, and without a target, values or a unit. A range was reached before if any
    value may have lain in it.
    """
    lowest, highest = facts.lowest_value, facts.highest_value
    if lowest is None or highest is None or not facts.has_target or not facts.has_unit:
        return None
    at_least, at_most = _bounds(facts)
    if at_least is not None and at_least > highest:
        return Beyond(at_least - highest, highest - lowest, _detail(facts, at_least, highest, "above"))
    if at_most is not None and at_most < lowest:
        return Beyond(lowest - at_most, highest - lowest, _detail(facts, at_most, lowest, "below"))
    return None


def _bounds(facts: SmartFacts) -> tuple[float | None, float | None]:
    """What has to be exceeded, and what not to be exceeded."""
    match facts.direction:
        case Direction.INCREASE:
            return facts.target, None
        case Direction.DECREASE:
            return None, facts.target
    return facts.low, facts.high


def _detail(facts: SmartFacts, wanted: float, best: float, side: str) -> str:
    goal, reached = (show(value, facts.unit, facts.decimals) for value in (wanted, best))
    by = show_change(wanted, best, facts.unit, facts.decimals).lstrip(f"+{MINUS}")
    return f"The target, {goal}, lies {by} {side} anything seen so far, {reached}."
