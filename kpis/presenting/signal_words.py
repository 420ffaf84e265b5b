"""What process limits and signals say, in sentences."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from kpis import words
from kpis.behaving import Behaving, Judged
from kpis.engine.periods import Frequency
from kpis.engine.signals import Rule, Side, Signal

Label = Callable[[dt.date], str]
Show = Callable[[float | None], str]

SIDES: Final = {Side.ABOVE: "above", Side.BELOW: "below", Side.CENTRE: "at"}
LIMITS: Final = {Side.ABOVE: "upper", Side.BELOW: "lower", Side.CENTRE: "upper"}
MOST_NAMED: Final = 4


def point_words(label: str, signals: Sequence[Signal]) -> str:
    """ "June 2026 lies outside what chance explains, above the upper limit." """
    return f"{label} {' and '.join(map(_rule_words, signals))}."


def _rule_words(signal: Signal) -> str:
    side = SIDES[signal.side]
    limit = LIMITS[signal.side]
    match signal.rule:
        case Rule.OUTSIDE:
            return f"lies outside what chance explains, {side} the {limit} limit"
        case Rule.RUN:
            return f"belongs to a row of eight or more {side} the usual"
        case Rule.NEAR_LIMIT:
            return f"is one of several in a short time that are nearer to the {limit} limit than to the usual"


def sentences(
    behaving: Behaving, points: Sequence[Judged], label: Label, show: Show, frequency: Frequency
) -> Iterator[str]:
    """What is ordinary for the KPI, and each of ``points`` that is not."""
    if not behaving.has_limits:
        yield "There are no limits yet: it takes six values to tell ordinary ups and downs from a signal."
        return
    limited = [one for one in points if one.centre is not None]
    if limited:
        last = limited[-1]
        season = f", for its season, in {words.in_sentence(label(last.period))}" if behaving.chart.is_adjusted else ""
        yield f"Between {show(last.lower)} and {show(last.upper)} is ordinary{season}; usual is {show(last.centre)}."
    yield from _unusual(points, label, frequency)


def _unusual(points: Sequence[Judged], label: Label, frequency: Frequency) -> Iterator[str]:
    outside = [(one, signal.side) for one in points for signal in one.signals if signal.rule is Rule.OUTSIDE]
    for side in (Side.ABOVE, Side.BELOW):
        found = [one for one, where in outside if where is side]
        if found:
            names = _listed([label(one.period) for one in found[-MOST_NAMED:]])
            verb = "lies" if len(found) == 1 else "lie"
            yield f"{names} {verb} outside what chance explains, {SIDES[side]} the {LIMITS[side]} limit."
    for rule in (Rule.RUN, Rule.NEAR_LIMIT):
        yield from _together(points, rule, label, frequency)
    if not any(one.signals for one in points):
        yield f"No {words.PERIOD[frequency]} here is a signal: these are ordinary ups and downs."


def _together(points: Sequence[Judged], rule: Rule, label: Label, frequency: Frequency) -> Iterator[str]:
    """The latest stretch that a rule marks."""
    marked = [(one, signal.side) for one in points for signal in one.signals if signal.rule is rule]
    if not marked:
        return
    side = marked[-1][1]
    stretch = [one for one, where in marked if where is side]
    first, last = words.in_sentence(label(stretch[0].period)), words.in_sentence(label(stretch[-1].period))
    where = f"{len(stretch)} {words.PERIOD[frequency]}s from {first} to {last} lie"
    if rule is Rule.RUN:
        yield f"{where} on one side, {SIDES[side]} the usual."
    else:
        yield f"{where} nearer to the {LIMITS[side]} limit than to the usual."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
