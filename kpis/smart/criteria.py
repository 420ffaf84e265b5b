"""The five criteria, and "actionable"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias, TypedDict

from kpis.drawing.numbers import SPACE
from kpis.smart.beyond import beyond_history
from kpis.smart.facts import SmartFacts
from kpis.smart.vague import why_vague
from kpis.words import day

Code: TypeAlias = Literal["specific", "measurable", "achievable", "relevant", "time_bound", "actionable"]

FEWEST_VALUES: Final = 3
OUT_OF_REACH: Final = 0.1


@dataclass(frozen=True, slots=True)
class Criterion:
    """One letter of SMART, or "actionable". Where it is not met, ``detail`` says what is missing and would be right.

    ``field`` is what mends it: name, description, owner, unit, target, values, children, formula, parents, due_on or
    action. Both are empty where it is met.
    """

    code: Code
    is_met: bool
    detail: str = ""
    field: str = ""


class Missing(TypedDict):
    """A criterion that is not met, as the API shows it."""

    criterion: str
    detail: str


class SmartShown(TypedDict):
    """The check, as the API shows it."""

    met: list[str]
    missing: list[Missing]


class Gap(NamedTuple):
    """What a criterion lacks, and the field that mends it."""

    detail: str
    field: str


def criteria(facts: SmartFacts) -> list[Criterion]:
    """Each criterion that applies to the KPI, in the order of the word, with the first thing it lacks.

    Those of a metric are specific, measurable and relevant.
    """
    asked = _OF_METRICS if facts.is_metric else _OF_KPIS
    return [_judged(code, gaps(facts)) for code, gaps in asked.items()]


def as_shown(judged: Iterable[Criterion]) -> SmartShown:
    """The API's ``smart``: which criteria are met, and what is missing where they are not."""
    known = list(judged)
    return {
        "met": [one.code for one in known if one.is_met],
        "missing": [{"criterion": one.code, "detail": one.detail} for one in known if not one.is_met],
    }


def _judged(code: Code, gaps: Iterator[Gap]) -> Criterion:
    gap = next(gaps, None)
    return Criterion(code, is_met=True) if gap is None else Criterion(code, False, gap.detail, gap.field)


def unspecific(facts: SmartFacts) -> Iterator[Gap]:
    """What keeps two people from meaning the same number, or anybody from answering for it."""
    if not facts.name.strip():
        yield Gap("It has no name. Name the number itself, such as “Net sales”.", "name")
    elif why := why_vague(facts.name):
        yield Gap(why, "name")
    if _plain(facts.description) in ("", _plain(facts.name)):
        yield Gap(
            "Nothing says what counts. Describe what belongs in it and what doesn’t, so that two people would get the "
            "same number.",
            "description",
        )
    if not facts.has_owner:
        yield Gap("Nobody looks after it. Choose the person who answers for it.", "owner")


def _plain(text: str) -> str:
    return text.strip().rstrip(".").casefold()


def unmeasurable(facts: SmartFacts) -> Iterator[Gap]:
    """What is missing for a number to be held against another."""
    if not facts.has_unit:
        yield Gap("It has no unit. Choose what it is counted in, such as percent, hours or money.", "unit")
    if not facts.has_target and not facts.is_metric:
        yield Gap("There is no number to reach. Set a target.", "target")
    if not facts.values_count and facts.latest_value_on is None:
        yield _no_value(facts)


def _no_value(facts: SmartFacts) -> Gap:
    match facts.source:
        case "rollup" if not facts.has_children:
            return Gap("Nothing feeds it yet, so it has no value. Let other KPIs ladder up to it.", "children")
        case "rollup":
            return Gap("It has no value yet, because what feeds it has none. Enter or send values there.", "children")
        case "formula":
            return Gap("Its formula has no value yet. Look which of the KPIs in it has none.", "formula")
    return Gap("It has no value yet. Enter the first one, paste them from a spreadsheet or send them in.", "values")


def unachievable(facts: SmartFacts) -> Iterator[Gap]:
    """Why the target is out of reach, or why nobody knows: by the forecast if there is one, else by history."""
    if not facts.has_target:
        yield Gap("Without a target nobody can say whether it is within reach. Set one.", "target")
    elif facts.reach_chance is not None:
        if facts.reach_chance < OUT_OF_REACH:
            yield Gap(_slim(facts.reach_chance), "target")
    elif facts.values_count < FEWEST_VALUES:
        yield Gap(
            f"Fewer than {FEWEST_VALUES} values cannot show whether the target is within reach. Enter or paste earlier "
            "ones.",
            "values",
        )
    elif (beyond := beyond_history(facts)) and beyond.distance > beyond.span:
        yield Gap(f"{beyond.detail} It has never moved that far. Choose a nearer target first.", "target")


def _slim(chance: float) -> str:
    words = f"{chance * 100:.0f}{SPACE}%" if chance >= 0.01 else f"less than 1{SPACE}%"
    return f"Going on as it has, it has a chance of {words} to reach the target. Choose a nearer one."


def irrelevant(facts: SmartFacts) -> Iterator[Gap]:
    """Whether it leads nowhere: only a strategic KPI may stand at the top."""
    if facts.feeds_count > 0:
        return
    if facts.is_metric:
        yield Gap("Nothing is worked out from it. Use it in a formula, or archive it.", "parents")
    elif not facts.is_strategic:
        yield Gap(
            "It helps no other KPI. Name the one it ladders up to, or mark it strategic if it is a goal of the company "
            "itself.",
            "parents",
        )


def timeless(facts: SmartFacts) -> Iterator[Gap]:
    """What is missing for a target to have a date that lies ahead: its own, or the one from which it holds."""
    if not facts.has_target:
        yield Gap("There is no target, so none with a date. Set one, and by when it is to be reached.", "target")
        return
    due_on, starts_on = facts.target_due_on, facts.target_from
    if due_on is not None and due_on < facts.today:
        yield Gap(f"The target was to be reached by {day(due_on)}, which is past. Set the next one.", "due_on")
    elif due_on is None and (starts_on is None or starts_on <= facts.today):
        yield Gap("Nobody knows by when the target is to be reached. Set a date.", "due_on")


def idle(facts: SmartFacts) -> Iterator[Gap]:
    """Whether nobody means to do anything."""
    if facts.planned_actions <= 0:
        yield Gap("No step is planned. Add what will be done to move it, by whom and by when.", "action")


Gaps: TypeAlias = Callable[[SmartFacts], Iterator[Gap]]

_OF_METRICS: Final[Mapping[Code, Gaps]] = {
    "specific": unspecific,
    "measurable": unmeasurable,
    "relevant": irrelevant,
}
_OF_KPIS: Final[Mapping[Code, Gaps]] = {
    "specific": unspecific,
    "measurable": unmeasurable,
    "achievable": unachievable,
    "relevant": irrelevant,
    "time_bound": timeless,
    "actionable": idle,
}
