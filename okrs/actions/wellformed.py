"""Whether a key result makes sense, by itself and with the KPI that moves it."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from math import isfinite
from typing import Any, Final

from accounts.models import Organization
from kpis.engine.comparison import is_equal
from kpis.engine.periods import Frequency
from kpis.models import Kpi
from kpis.models.choices import Aggregation, Direction, Rollup, Source
from kpis.units import parse_unit, unit_words
from kpis.words import PERIOD, day
from okrs.actions.refusals import Problem, people_problems, refuse, text_problems, weight_problems
from okrs.following.facts import Facts
from okrs.following.readings import readings, span_of
from okrs.models import KeyResult
from okrs.models.choices import Cadence, KeyResultKind, Reads
from okrs.progress import Metric

REFERENCES: Final = ("objective", "owner", "kpi", "carried_from")
# Numbers by the kind that has them, and what is said of one that is missing.
NEEDED: Final = {
    KeyResultKind.METRIC: {
        "start": "Say where it starts, or link a KPI whose value before the cycle is its start.",
        "target": "Say what it is to reach.",
    },
    KeyResultKind.AT_LEAST: {"low": "Say what it is to be at least."},
    KeyResultKind.AT_MOST: {"high": "Say what it is to be at most."},
    KeyResultKind.BETWEEN: {"low": "Say from which value on.", "high": "Say up to which value."},
    KeyResultKind.MILESTONES: {},
}
NUMBERS: Final = ("start", "target", "low", "high")
# What has to fit the KPI, and from where to where and how it goes.
LINKED: Final = frozenset("kpi reads unit kind".split())
COURSE: Final = LINKED | {"start", "target", "checkpoints", "plan"}
READING: Final = ("kind", "reads", "unit", "start", "target", "low", "high")
MOST_POINTS: Final = 100
KEEP_ADVICE: Final = "To keep a number where it is, choose “keep at least” or “keep at most” instead."


def refuse_malformed_key_result(
    key_result: KeyResult,
    organization: Organization,
    changed: Collection[str],
    *,
    milestones: int,
    now: dt.datetime,
    before: KeyResult | None = None,
) -> None:
    """Raise a ValidationError with everything that is wrong, by field. ``before`` is what is stored so far, if any.

    What a KPI became after it was linked does not keep anybody from changing what has nothing to do with it.
    """
    problems: list[Problem] = [
        *text_problems(key_result, "title"),
        *weight_problems(key_result.weight),
        *people_problems(organization, key_result.owner, before.owner if before else None),
        *_unit_problems(key_result),
    ]
    if key_result.kind in KeyResultKind:
        problems += _number_problems(key_result)
        problems += _milestone_problems(key_result, milestones)
        problems += _cadence_problems(key_result)
        problems += _kpi_problems(key_result) if LINKED.intersection(changed) else []
    if not problems and COURSE.intersection(changed):
        problems = [*_course_problems(key_result, organization, now), *_plan_problems(key_result)]
    refuse(key_result, [*REFERENCES, "weight", "reads", "checkpoints", "plan", "cadence_day"], problems)


def misfit(key_result: KeyResult, kpi: Kpi, organization: Organization, now: dt.datetime) -> str:
    """Why a KPI as it is, or is about to be, cannot move a key result, in a sentence; empty if it can."""
    linked = KeyResult(**{name: getattr(key_result, name) for name in ("objective", "title", *READING)})
    linked.kpi = kpi
    problems = [*_kpi_problems(linked)] or [*_course_problems(linked, organization, now)]
    return next((detail for _, detail, _ in problems), "")


def _unit_problems(key_result: KeyResult) -> Iterator[Problem]:
    try:
        parse_unit(key_result.unit)
    except ValueError as error:
        yield "unit", str(error), "unit"


def _number_problems(key_result: KeyResult) -> Iterator[Problem]:
    kind = KeyResultKind(key_result.kind)
    for name in NUMBERS:
        value: float | None = getattr(key_result, name)
        if value is not None and name not in NEEDED[kind]:
            yield name, f"“{kind.label}” has none; leave this out, or choose another kind.", "not_of_this_kind"
        elif value is not None and not isfinite(value):
            yield name, "Give a finite number.", "not_a_number"
        elif value is None and name in NEEDED[kind] and not (name == "start" and key_result.is_linked):
            yield name, NEEDED[kind][name], "required"
    start, target, low, high = (getattr(key_result, name) for name in NUMBERS)
    if start is not None and target is not None and bool(is_equal(start, target)):
        yield "target", f"Start and target are the same, so there is no way to go. {KEEP_ADVICE}", "start_is_target"
    if low is not None and high is not None and not low < high:
        yield "high", f"The highest value must be above the lowest, {low:g}.", "range"


def _milestone_problems(key_result: KeyResult, milestones: int) -> Iterator[Problem]:
    if milestones and key_result.kind != KeyResultKind.MILESTONES:
        yield "milestones", "Only a key result measured by milestones has them; remove them, or choose that.", "kind"
    if key_result.kind == KeyResultKind.MILESTONES and key_result.kpi_id:
        yield "kpi", "Milestones are done by people, not moved by data; leave the KPI out.", "not_of_this_kind"


def _cadence_problems(key_result: KeyResult) -> Iterator[Problem]:
    by_week = key_result.cadence in (Cadence.WEEKLY, Cadence.BIWEEKLY)
    if by_week and not 0 <= key_result.cadence_day <= 6:
        yield "cadence_day", "Give a weekday from 0 (Monday) to 6 (Sunday).", "cadence_day"
    elif not by_week and not 1 <= key_result.cadence_day <= 31:
        yield "cadence_day", "Give a day from 1 to 31; in shorter months 31 means the last.", "cadence_day"


def _kpi_problems(key_result: KeyResult) -> Iterator[Problem]:
    kpi = key_result.kpi
    if kpi is None:
        if key_result.reads:
            yield "reads", "Only what is linked to a KPI says how it is read; leave this out.", "not_linked"
        return
    if kpi.archived_at:
        yield "kpi", f"“{kpi.name}” is archived; restore it first or choose another.", "archived"
    if kpi.unit != key_result.unit:
        units = f"in {_unit(kpi.unit)}, and this key result in {_unit(key_result.unit)}"
        yield "kpi", f"“{kpi.name}” is measured {units}; choose a KPI in that unit, or change the unit.", "unit"
    yield from _reading_problems(key_result, kpi)
    yield from _bound_problems(key_result, kpi)


def _reading_problems(key_result: KeyResult, kpi: Kpi) -> Iterator[Problem]:
    if key_result.reads not in Reads:
        choices = ", ".join(Reads.values)
        yield "reads", f"“{key_result.reads}” is no way to read a KPI; choose one of {choices}.", "invalid_choice"
    elif key_result.is_keep and key_result.reads != Reads.LAST_COMPLETE:
        yield "reads", "What is kept is judged in each complete period; choose “last_complete”.", "keep_reads"
    elif key_result.reads == Reads.CYCLE_TO_DATE and not _adds_up(kpi):
        detail = f"Values of “{kpi.name}” cannot be added up over a cycle; read its latest or last complete one."
        yield "reads", detail, "not_a_sum"


def _bound_problems(key_result: KeyResult, kpi: Kpi) -> Iterator[Problem]:
    if key_result.kind == KeyResultKind.AT_LEAST and kpi.direction == Direction.DECREASE:
        detail = f"Less is better for “{kpi.name}”, so keep it “at most” at a value, or “between” two."
        yield "kind", detail, "against_direction"
    if key_result.kind == KeyResultKind.AT_MOST and kpi.direction == Direction.INCREASE:
        detail = f"More is better for “{kpi.name}”, so keep it “at least” at a value, or “between” two."
        yield "kind", detail, "against_direction"


def _course_problems(key_result: KeyResult, organization: Organization, now: dt.datetime) -> Iterator[Problem]:
    """What shows only from where to where it goes: a linked one may start at its KPI's value."""
    facts = _facts(key_result, organization, now)
    if key_result.kind != KeyResultKind.METRIC:
        if key_result.checkpoints:
            yield "checkpoints", "Only a way from a start to a target has checkpoints; leave them out.", "kind"
        if key_result.kpi and not facts.reading.periods:
            period, cycle = PERIOD[Frequency(key_result.kpi.frequency)], key_result.objective.cycle
            detail = f"No {period} of “{key_result.kpi.name}” lies within {cycle}; choose a KPI with shorter periods."
            yield "kpi", detail, "no_period"
        return
    start, target = facts.start, key_result.target
    points, problem = _points(key_result.checkpoints)
    if problem or start is None or target is None:
        yield from [("checkpoints", problem, "checkpoints")] if problem else []
        return
    if bool(is_equal(start, target)):
        yield "target", f"It stands at {start:g} already, which is the target. {KEEP_ADVICE}", "start_is_target"
        return
    yield from _direction_problems(key_result, start, target)
    try:
        Metric(start, target, checkpoints=tuple(points))
    except ValueError as error:
        yield "checkpoints", str(error), "checkpoints"


def _direction_problems(key_result: KeyResult, start: float, target: float) -> Iterator[Problem]:
    kpi = key_result.kpi
    if kpi is None or kpi.direction == Direction.BETWEEN:
        return
    wanted, better = ("below", "Less") if kpi.direction == Direction.DECREASE else ("above", "More")
    if (target < start) != (kpi.direction == Direction.DECREASE):
        detail = f"{better} is better for “{kpi.name}”, so a target lies {wanted} the start, {start:g}."
        yield "target", detail, "against_direction"


def _plan_problems(key_result: KeyResult) -> Iterator[Problem]:
    plan = key_result.plan
    if plan and key_result.is_keep:
        yield "plan", "What is to be kept from the first day on needs no plan; leave it out.", "kind"
        return
    if not isinstance(plan, list) or len(plan) > MOST_POINTS:
        yield "plan", f"A plan is a list of dates with numbers, {MOST_POINTS} at most.", "plan"
        return
    span, last = span_of(key_result.objective.cycle), None
    for point in plan:
        on = _planned_on(point)
        if on is None:
            yield "plan", "Each point of a plan is a date, such as 2026-11-30, and a number.", "plan"
        elif not span.starts_on <= on <= span.ends_on:
            dates = f"from {day(span.starts_on)} to {day(span.ends_on)}"
            yield "plan", f"{day(on)} lies outside the cycle, {dates}.", "outside_the_cycle"
        elif last is not None and on <= last:
            yield "plan", "A plan names each date once, the earliest first.", "order"
        else:
            last = on
            continue
        return


def _planned_on(point: Any) -> dt.date | None:
    try:
        on, value = point
        return dt.date.fromisoformat(on) if _is_number(value) else None
    except (TypeError, ValueError):
        return None


def _points(checkpoints: Any) -> tuple[list[tuple[float, float]], str]:
    """The checkpoints, and what is wrong with them."""
    if not isinstance(checkpoints, list) or len(checkpoints) > MOST_POINTS:
        return [], f"Checkpoints are a list of values with their progress, {MOST_POINTS} at most."
    points = []
    for point in checkpoints:
        if not isinstance(point, list | tuple) or len(point) != 2 or not all(map(_is_number, point)):
            return [], "Each checkpoint is a value and the progress that it means, such as [50, 0.3]."
        points.append((float(point[0]), float(point[1])))
    return points, ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _facts(key_result: KeyResult, organization: Organization, now: dt.datetime) -> Facts:
    cycle = key_result.objective.cycle
    if key_result.kpi is None or key_result.reads not in Reads:
        return Facts(key_result, cycle)
    read: Mapping[Any, Any] = readings(
        organization, [(key_result, key_result.kpi, span_of(cycle))], organization.today(now)
    )
    return Facts(key_result, cycle, reading=read[key_result.pk])


def _unit(text: str) -> str:
    return unit_words(parse_unit(text))


def _adds_up(kpi: Kpi) -> bool:
    if kpi.unit in ("percent", "ratio"):
        return False
    if kpi.source == Source.ROLLUP:
        return kpi.rollup == Rollup.SUM
    return kpi.source == Source.FORMULA or kpi.aggregation == Aggregation.SUM
