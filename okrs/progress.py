"""How far key results and objectives are, how far they should be, and what that means: the rules, once. Pure.

Progress is a fraction: 0 at the start, 1 at the target; below 0 it moved backwards, above 1 it went further. It is kept
as it is (raw) until it is rolled up or graded, where it counts within 0 to 1. Nothing is rounded. Two numbers within
1e-9 of each other count as equal in every comparison, so what binary fractions add (0.8 - 0.7 is a little more than
0.1) decides nothing. Dates are the organization's; a date counts as passed, the whole of it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from kpis.engine.comparison import is_at_least, is_at_most, is_equal
from okrs.shares import Shares, shares
from okrs.spans import DAY, Span

Kind: TypeAlias = Literal["metric", "at_least", "at_most", "between", "milestones"]
Ambition: TypeAlias = Literal["committed", "aspirational"]
Confidence: TypeAlias = Literal["on_track", "at_risk", "off_track"]
Status: TypeAlias = Literal["not_started", "too_early", "no_data", "on_track", "at_risk", "off_track", "achieved"]

TOO_EARLY_UNTIL: Final = 0.2  # of the cycle's days
ON_TRACK_PACE, ON_TRACK_GAP = 0.9, 0.10
AT_RISK_PACE, AT_RISK_GAP = 0.7, 0.20
STALE_AFTER: Final = dt.timedelta(days=3)
SUCCEEDS_AT: Final[dict[Ambition, float]] = {"committed": 1.0, "aspirational": 0.7}
STEPS: Final[tuple[Confidence, ...]] = ("on_track", "at_risk", "off_track")  # from the best to the worst


@dataclass(frozen=True, slots=True)
class Metric:
    """A number to move from ``start`` to ``target``, up or down. ``current`` None: no value yet.

    ``checkpoints`` are (value, progress) in between, on the way from start to target, both rising towards it; progress
    runs straight from each to the next, and before the start and beyond the target as in the piece next to it.
    ``plan`` is (date, value), dates ascending: where the number is to stand by the end of that day. Raises ValueError
    with what would be right.
    """

    start: float
    target: float
    current: float | None = None
    checkpoints: tuple[tuple[float, float], ...] = ()
    plan: tuple[tuple[dt.date, float], ...] = ()

    def __post_init__(self) -> None:
        if not math.isfinite(self.target - self.start):
            raise ValueError("Start and target are numbers, and not too far apart to be subtracted.")
        if bool(is_equal(self.start, self.target)):
            raise ValueError("Start and target are the same. To keep a number where it is, choose “keep at least”.")
        if not all(before < after for line in zip(*self._line(), strict=True) for before, after in pairwise(line)):
            raise ValueError("Checkpoints go from start to target, their progress rising between 0 and 1.")
        _refuse_unordered(self.plan)

    def progress_at(self, value: float) -> float:
        """The progress that a value means, unclamped."""
        if bool(is_equal(value, self.target)):
            return 1.0
        if bool(is_equal(value, self.start)):
            return 0.0
        if not self.checkpoints:
            return (value - self.start) / (self.target - self.start)
        return _along(self._line(), (value - self.start) / (self.target - self.start))

    def _line(self) -> list[tuple[float, float]]:
        """(share of the way, progress) from start to target."""
        way = self.target - self.start
        return [(0.0, 0.0), *(((value - self.start) / way, progress) for value, progress in self.checkpoints), (1, 1)]


@dataclass(frozen=True, slots=True)
class Keep:
    """A number to keep at least at ``low``, at most at ``high``, or between the two, bounds inclusive.

    ``periods`` are all check-in periods planned in the cycle: the date on which each is due and its value, None where
    none is there. One that is due without a value was missed, and so not held. Raises ValueError without a bound or
    with low >= high.
    """

    low: float | None = None
    high: float | None = None
    periods: tuple[tuple[dt.date, float | None], ...] = ()

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise ValueError("Say what is to be kept: a lowest value, a highest one, or both.")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError("The lowest value is below the highest.")

    def is_held(self, value: float | None) -> bool:
        """Whether a value keeps within the bounds; none does not."""
        if value is None:
            return False
        above = self.low is None or bool(is_at_least(value, self.low))
        return above and (self.high is None or bool(is_at_most(value, self.high)))

    def due(self, on: dt.date) -> list[float | None]:
        """The values of the periods due by a date."""
        return [value for due_on, value in self.periods if due_on <= on]

    def share(self, count: int) -> float:
        """A number of periods as a share of the planned ones; 0 where none is planned."""
        return count / len(self.periods) if self.periods else 0.0


@dataclass(frozen=True, slots=True)
class Milestones:
    """Steps to be done: ``steps`` are (weight, the date on which it was done or None). ``plan`` is (date, weight that
    is to be done by the end of that day). Raises ValueError for a weight that is not above 0."""

    steps: tuple[tuple[float, dt.date | None], ...] = ()
    plan: tuple[tuple[dt.date, float], ...] = ()

    def __post_init__(self) -> None:
        if any(not weight > 0 for weight, _ in self.steps):
            raise ValueError("A milestone's weight is above 0.")
        _refuse_unordered(self.plan)

    def done(self, on: dt.date) -> float:
        """The weight of what was done by a date."""
        return sum(weight for weight, done_on in self.steps if done_on is not None and done_on <= on)

    def progress_at(self, weight: float) -> float:
        """The progress that a weight done means; 0 where there are no milestones."""
        return weight / sum(each for each, _ in self.steps) if self.steps else 0.0


KeyResult: TypeAlias = Metric | Keep | Milestones


@dataclass(frozen=True, slots=True)
class Standing:
    """How a key result or an objective stands on a date. ``progress`` is raw, ``score`` the same within 0 to 1,
    ``pace`` None where nothing is expected yet."""

    progress: float
    expected: float
    status: Status

    @property
    def score(self) -> float:
        """Progress as it counts in the objective, 0 to 1."""
        return clamped(self.progress)

    @property
    def pace(self) -> float | None:
        """Progress / expected: 1 is in time, below it behind."""
        return pace(self.progress, self.expected)

    @property
    def gap(self) -> float:
        """What is missing, as a fraction; negative when ahead."""
        return self.expected - self.progress


@dataclass(frozen=True, slots=True)
class Part:
    """A key result or an aligned child in its objective's average. ``progress`` may be raw; ``span`` is the cycle of a
    child in another one than the objective's."""

    progress: float
    expected: float
    weight: float = 1.0
    span: Span | None = None


def progress(key_result: KeyResult, on: dt.date) -> float:
    """The raw progress of a key result on a date; no value yet: 0. A metric's ``current`` is that of the date."""
    match key_result:
        case Metric():
            return 0.0 if key_result.current is None else key_result.progress_at(key_result.current)
        case Keep():
            return key_result.share(sum(map(key_result.is_held, key_result.due(on))))
        case Milestones():
            return key_result.progress_at(key_result.done(on))


def expected(key_result: KeyResult, span: Span, on: dt.date) -> float:
    """The progress that a key result of a cycle should have on a date, 0 to 1.

    For keep kinds the check-in periods due so far / the planned ones. For the others the plan; without one the days
    elapsed, the date included. A plan without a first or last point begins at 0 with the cycle and ends at 1 with it.
    """
    if isinstance(key_result, Keep):
        return key_result.share(len(key_result.due(on)))
    if not key_result.plan:
        return span.elapsed(on)
    points = [(float(date.toordinal()), key_result.progress_at(value)) for date, value in key_result.plan]
    eve, last = float((span.starts_on - DAY).toordinal()), float(span.ends_on.toordinal())
    before = [(eve, 0.0)] if points[0][0] > eve else []
    after = [(last, 1.0)] if points[-1][0] < last else []
    line = [*before, *points, *after]
    within = min(max(float(on.toordinal()), line[0][0]), line[-1][0])
    return clamped(_along(line, within) if len(line) > 1 else line[0][1])


def clamped(progress: float) -> float:
    """Progress within 0 to 1, as it counts in roll-ups and grades."""
    return min(max(progress, 0.0), 1.0)


def pace(progress: float, expected: float) -> float | None:
    """Progress / expected; None where nothing is expected yet."""
    return progress / expected if expected > 0 else None


def status(progress: float, expected: float, span: Span, on: dt.date) -> Status:
    """What progress means on a date of the cycle.

    Before the cycle ``not_started``; at 100 % or more ``achieved``, however early; until 20 % of the days have elapsed
    ``too_early``; then by pace or gap, whichever is kinder. A key result without a value stands at 0 and is judged so.
    """
    if on < span.starts_on:
        return "not_started"
    if bool(is_at_least(progress, 1.0)):
        return "achieved"
    if not bool(is_at_least(span.elapsed(on), TOO_EARLY_UNTIL)):
        return "too_early"
    if _keeps_up(progress, expected, ON_TRACK_PACE, ON_TRACK_GAP):
        return "on_track"
    return "at_risk" if _keeps_up(progress, expected, AT_RISK_PACE, AT_RISK_GAP) else "off_track"


def key_result_standing(key_result: KeyResult, span: Span, on: dt.date) -> Standing:
    """How a key result of a cycle stands on a date."""
    reached, wanted = progress(key_result, on), expected(key_result, span, on)
    return Standing(reached, wanted, status(reached, wanted, span, on))


def objective_shares(parts: Sequence[Part], span: Span) -> Shares:
    """How much each part counts, by its weight and its cycle's share (``okrs.shares``)."""
    return shares(parts, span)


def objective_standing(parts: Sequence[Part], span: Span, on: dt.date, counting: Shares | None = None) -> Standing:
    """How an objective stands on a date: the weighted mean of its parts, each within 0 to 1.

    ``parts`` are its key results, its aligned children, or both as one list. What is expected is the mean of what is
    expected of the parts; of days without a child, that they have passed. Nothing to average: 0 and ``no_data``,
    whatever the date. ``counting`` are the parts' shares, where they are known.
    """
    counting = counting or objective_shares(parts, span)
    if counting.total <= 0:
        return Standing(0.0, span.elapsed(on), "no_data")
    reached = clamped(counting.mean([clamped(part.progress) for part in parts]))
    wanted = clamped(counting.mean([part.expected for part in parts]) + counting.uncovered_elapsed(on))
    return Standing(reached, wanted, status(reached, wanted, span, on))


def objective_confidence(latest: Iterable[Confidence | None]) -> Confidence | None:
    """The lowest of the confidences last stated for an objective's key results; None: nobody said anything yet."""
    return max((each for each in latest if each is not None), key=STEPS.index, default=None)


def is_contradicted(confidence: Confidence | None, status: Status) -> bool:
    """Whether the owner's confidence is two steps from the computed status, which counts as on track when achieved.

    Where nothing is judged (too early, not started, no data) there is nothing to contradict.
    """
    judged = "on_track" if status == "achieved" else status
    if confidence is None or judged not in STEPS:
        return False
    return abs(STEPS.index(confidence) - STEPS.index(judged)) == 2


def is_stale(owed_since: dt.date | None, today: dt.date) -> bool:
    """Whether a check-in is more than 3 days overdue: ``owed_since`` is the earliest date it was due, None: none is
    owed."""
    return owed_since is not None and today - owed_since > STALE_AFTER


def proposed_grade(progress: float) -> float:
    """The grade, 0 to 1, proposed when a cycle closes."""
    return clamped(progress)


def is_success(ambition: Ambition, grade: float) -> bool:
    """Whether a grade is one: 1.0 for what was committed, 0.7 for what was aspired to."""
    return bool(is_at_least(grade, SUCCEEDS_AT[ambition]))


def objective_grade(grades: Sequence[tuple[float | None, float]]) -> float | None:
    """The weighted mean of an objective's (grade, weight); None while one that counts has no grade, or none counts."""
    counting = [(grade, weight) for grade, weight in grades if weight > 0]
    known = [(grade, weight) for grade, weight in counting if grade is not None]
    if not counting or len(known) < len(counting):
        return None
    return clamped(sum(grade * weight for grade, weight in known) / sum(weight for _, weight in known))


def _keeps_up(progress: float, expected: float, least_pace: float, widest_gap: float) -> bool:
    keeping = pace(progress, expected)
    in_pace = keeping is not None and bool(is_at_least(keeping, least_pace))
    return in_pace or bool(is_at_most(expected - progress, widest_gap))


def _along(line: Sequence[tuple[float, float]], x: float) -> float:
    """y at x on the broken line through ``line``, x ascending, going on straight beyond both ends."""
    at = next((index for index, (end, _) in enumerate(line[1:-1], start=1) if x <= end), len(line) - 1)
    (x0, y0), (x1, y1) = line[at - 1], line[at]
    return y0 + (x - x0) / (x1 - x0) * (y1 - y0)


def _refuse_unordered(plan: Sequence[tuple[dt.date, float]]) -> None:
    if any(after <= before for (before, _), (after, _) in pairwise(plan)):
        raise ValueError("A plan names each date once, the earliest first.")
