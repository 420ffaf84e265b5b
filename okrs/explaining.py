"""Why a percentage is what it is: its inputs, its formula and its result, for a key result, an objective and all below.

Pure, and without numbers as text: whoever shows a line knows units and decimals. Formulas name their inputs by the
labels of the lines, so that one can be read against the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from kpis.drawing.numbers import SPACE, show
from kpis.engine.comparison import is_equal
from okrs.progress import (
    Keep,
    KeyResult,
    Metric,
    Milestones,
    Part,
    Standing,
    key_result_standing,
    objective_shares,
    objective_standing,
)
from okrs.shares import Shares
from okrs.spans import Span

FigureName: TypeAlias = Literal["progress", "expected", "pace"]
LineUnit: TypeAlias = Literal["value", "share", "count", "weight"]
ReasonCode: TypeAlias = Literal[
    "no_value",
    "start_not_moved",
    "moved_backwards",
    "nothing_held",
    "nothing_due",
    "nothing_planned",
    "nothing_done",
    "no_milestones",
    "no_parts",
    "parts_at_zero",
    "share_without_child",
    "outside_cycle",
]

NONE: Final = f"0{SPACE}%"
ALL: Final = f"100{SPACE}%"


@dataclass(frozen=True, slots=True)
class Line:
    """An input: what it is called, its number (None: there is none), and what that counts: the metric's own unit
    (``value``), a fraction (``share``), a number of things (``count``) or a relative weight (``weight``). ``words`` say
    where it comes from, empty where the label does."""

    label: str
    value: float | None
    unit: LineUnit
    words: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A percentage: inputs, formula in the words of their labels, result (a fraction; None where there is none)."""

    name: FigureName
    inputs: tuple[Line, ...]
    formula: str
    result: float | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why it is 0 %, or less than its parts say, as a sentence."""

    code: ReasonCode
    words: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a key result or an objective comes to stand where it does.

    ``share`` is what it counts for in the objective above, 0 to 1 (1 for what was asked about); ``weight`` and ``span``
    as in ``okrs.progress.Part``. ``parts`` are the explanations of what it averages, in the order given.
    """

    id: Hashable
    title: str
    standing: Standing
    figures: tuple[Figure, ...]
    reasons: tuple[Reason, ...]
    parts: tuple[Explanation, ...] = ()
    weight: float = 1.0
    span: Span | None = None
    share: float = 1.0


def explain_key_result(
    id: Hashable,
    title: str,
    key_result: KeyResult,
    span: Span,
    on: dt.date,
    *,
    weight: float = 1.0,
) -> Explanation:
    """How a key result of a cycle comes to stand where it does on a date."""
    standing = key_result_standing(key_result, span, on)
    figures = (_progress(key_result, standing, on), _expected(key_result, standing, span, on), _pace(standing))
    return Explanation(id, title, standing, figures, tuple(_why_zero(key_result, standing, on)), weight=weight)


def explain_objective(
    id: Hashable,
    title: str,
    parts: Sequence[Explanation],
    span: Span,
    on: dt.date,
    *,
    weight: float = 1.0,
    own_span: Span | None = None,
) -> Explanation:
    """How an objective of a cycle comes to stand where it does on a date, from the explanations of its parts.

    ``weight``, and ``own_span`` where its cycle is another than that of the objective above, are for the average of
    that one.
    """
    averaged = [Part(part.standing.progress, part.standing.expected, part.weight, part.span) for part in parts]
    standing, counting = objective_standing(averaged, span, on), objective_shares(averaged, span)
    shared = tuple(replace(part, share=counting.of(index)) for index, part in enumerate(parts))
    return Explanation(
        id,
        title,
        standing,
        (
            _mean_progress(shared, standing, counting),
            _mean_expected(shared, standing, counting, span, on),
            _pace(standing),
        ),
        tuple(_why_less(shared, standing, counting)),
        shared,
        weight,
        own_span,
    )


def _progress(key_result: KeyResult, standing: Standing, on: dt.date) -> Figure:
    match key_result:
        case Metric():
            return Figure("progress", _of_metric(key_result), _way(key_result), standing.progress)
        case Keep():
            held = Line("held", sum(map(key_result.is_held, key_result.due(on))), "count", "due, and within the bounds")
            return Figure("progress", (held, *_planned(key_result)), "held / planned", standing.progress)
        case Milestones():
            total = sum(weight for weight, _ in key_result.steps)
            weights = (Line("done weight", key_result.done(on), "weight"), Line("total weight", total, "weight"))
            return Figure("progress", weights, "done weight / total weight", standing.progress)


def _of_metric(metric: Metric) -> tuple[Line, ...]:
    points = enumerate(metric.checkpoints, start=1)
    return (
        Line("start", metric.start, "value"),
        Line("target", metric.target, "value"),
        Line("current", metric.current, "value", "no value yet" if metric.current is None else ""),
        *(Line(f"checkpoint {number}", value, "value", f"counts {_percent(way)}") for number, (value, way) in points),
    )


def _way(metric: Metric) -> str:
    if metric.checkpoints:
        return f"straight from start ({NONE}) through the checkpoints to target ({ALL})"
    return "(current - start) / (target - start)"


def _planned(keep: Keep) -> tuple[Line, ...]:
    bounds = (("lowest", keep.low), ("highest", keep.high))
    given = (Line(label, value, "value", "included") for label, value in bounds if value is not None)
    return (Line("planned", len(keep.periods), "count", "check-in periods of the cycle"), *given)


def _expected(key_result: KeyResult, standing: Standing, span: Span, on: dt.date) -> Figure:
    if isinstance(key_result, Keep):
        due = Line("due so far", len(key_result.due(on)), "count", "check-in periods")
        planned = Line("planned", len(key_result.periods), "count", "check-in periods of the cycle")
        return Figure("expected", (due, planned), "due so far / planned", standing.expected)
    if key_result.plan:
        points = tuple(Line(date.isoformat(), value, _unit(key_result), "by plan") for date, value in key_result.plan)
        return Figure("expected", points, "along the plan, straight from date to date", standing.expected)
    return Figure("expected", _days(span, on), "days elapsed / days of the cycle", standing.expected)


def _unit(key_result: Metric | Milestones) -> LineUnit:
    return "value" if isinstance(key_result, Metric) else "weight"


def _days(span: Span, on: dt.date) -> tuple[Line, ...]:
    elapsed = Line("days elapsed", span.days_elapsed(on), "count", "the day itself included")
    return elapsed, Line("days of the cycle", span.days, "count")


def _pace(standing: Standing) -> Figure:
    inputs = (Line("progress", standing.progress, "share"), Line("expected", standing.expected, "share"))
    return Figure("pace", inputs, "progress / expected", standing.pace)


def _mean_progress(parts: Sequence[Explanation], standing: Standing, counting: Shares) -> Figure:
    inputs = tuple(
        Line(part.title, part.standing.score, "share", f"counts {_percent(part.share)}{_clamping(part.standing)}")
        for part in parts
    )
    formula = f"the mean of the parts, each by its share and within {NONE} to {ALL}"
    return Figure("progress", (*inputs, *_uncovered(counting, 0.0)), formula, standing.progress)


def _mean_expected(
    parts: Sequence[Explanation], standing: Standing, counting: Shares, span: Span, on: dt.date
) -> Figure:
    if counting.total <= 0:
        return Figure("expected", _days(span, on), "days elapsed / days of the cycle", standing.expected)
    inputs = tuple(
        Line(part.title, part.standing.expected, "share", f"counts {_percent(part.share)}") for part in parts
    )
    passed = counting.uncovered_elapsed(on) / counting.uncovered if counting.uncovered else 0.0
    formula = "the mean of what is expected of the parts, each by its share"
    return Figure("expected", (*inputs, *_uncovered(counting, passed)), formula, standing.expected)


def _uncovered(counting: Shares, value: float) -> tuple[Line, ...]:
    if not counting.uncovered:
        return ()
    return (Line("days without a child", value, "share", f"counts {_percent(counting.uncovered)}"),)


def _clamping(standing: Standing) -> str:
    if standing.progress < 0:
        return f"; it moved backwards to {_percent(standing.progress)}, which counts as {NONE}"
    return f"; it is at {_percent(standing.progress)}, which counts as {ALL}" if standing.progress > 1 else ""


def _percent(share: float) -> str:
    """A share within a sentence, with a decimal where that tells something: 50 %, 24.7 %."""
    return str(show(share, "percent", 1)).replace(f".0{SPACE}%", f"{SPACE}%")


def _why_zero(key_result: KeyResult, standing: Standing, on: dt.date) -> Iterator[Reason]:
    match key_result:
        case Metric(current=None):
            yield Reason("no_value", f"There is no value yet, and that counts as {NONE}. Check in with the first one.")
        case Metric() if standing.progress < 0:
            yield Reason(
                "moved_backwards",
                f"It moved away from its target, beyond its start, which counts as {NONE} in its objective.",
            )
        case Metric() if key_result.current is not None and bool(is_equal(key_result.current, key_result.start)):
            yield Reason("start_not_moved", "It still stands where it started.")
        case Keep() if standing.progress == 0:
            yield _why_not_held(key_result, on)
        case Milestones(steps=()):
            yield Reason("no_milestones", "It has no milestones. Add what is to be done.")
        case Milestones() if standing.progress == 0:
            yield Reason("nothing_done", "None of its milestones is done yet.")


def _why_not_held(keep: Keep, on: dt.date) -> Reason:
    due = keep.due(on)
    if not keep.periods:
        return Reason("nothing_planned", "No check-in falls into the cycle. Choose a more frequent cadence.")
    if not due:
        return Reason("nothing_due", "No check-in has been due yet.")
    if all(value is None for value in due):
        return Reason("no_value", "No check-in that was due has a value, and a missed one does not count as held.")
    return Reason("nothing_held", "In no check-in period so far was the value within its bounds.")


def _why_less(parts: Sequence[Explanation], standing: Standing, counting: Shares) -> Iterator[Reason]:
    if counting.total <= 0:
        yield _why_nothing(parts)
        return
    if standing.progress == 0:
        yield Reason("parts_at_zero", f"Everything that it averages stands at {NONE} or below.")
    if any(part.standing.progress < 0 and part.share for part in parts):
        yield Reason("moved_backwards", f"A part that moved backwards counts as {NONE}, not less.")
    if counting.uncovered:
        yield Reason(
            "share_without_child",
            f"For {_percent(counting.uncovered)} of it no child is there, and that share counts as {NONE}. Align an "
            "objective in each of the shorter cycles.",
        )


def _why_nothing(parts: Sequence[Explanation]) -> Reason:
    if parts:
        return Reason("outside_cycle", "Nothing that is aligned to it has a weight and a day in common with its cycle.")
    return Reason("no_parts", "It has no key results and nothing aligned to it that it could average.")
