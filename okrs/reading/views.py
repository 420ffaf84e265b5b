"""How objectives and key results stand on a day, for pages, the API and letters alike."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from django.utils.functional import cached_property

from okrs.following.facts import Facts, Record
from okrs.following.readings import span_of
from okrs.models import CheckIn, Cycle, KeyResult, Milestone, Objective
from okrs.models.choices import CycleState, ProgressFrom
from okrs.owing import Owing
from okrs.progress import (
    STEPS,
    Ambition,
    Keep,
    Metric,
    Milestones,
    Part,
    Standing,
    Status,
    is_contradicted,
    is_stale,
    is_success,
    objective_confidence,
    objective_standing,
    proposed_grade,
    status,
)
from okrs.progress import Confidence as Stated
from okrs.reading.courses import Course
from okrs.reading.details import Details
from okrs.reading.history import History
from okrs.series import Series, days, filled, objective_expected_series, objective_series
from okrs.shares import Shares, Stake, shares
from okrs.spans import Span

STATED: Final[dict[str, Stated]] = {step: step for step in STEPS}


@dataclass(frozen=True, eq=False)
class _View(ABC):
    """How something of a cycle stands on a day."""

    day: dt.date

    @property
    @abstractmethod
    def cycle(self) -> Cycle: ...

    @property
    @abstractmethod
    def span(self) -> Span: ...

    @property
    @abstractmethod
    def standing(self) -> Standing: ...

    @property
    @abstractmethod
    def confidence(self) -> Stated | None: ...

    @cached_property
    def on(self) -> dt.date:
        """The day it is judged on: of a cycle that was closed, no later than that."""
        return judged_on(self.cycle, self.day)

    @property
    def progress(self) -> float:
        """Within 0 to 1, as it counts in what it is a part of."""
        return self.standing.score

    @property
    def expected(self) -> float:
        return self.standing.expected

    @property
    def pace(self) -> float | None:
        return self.standing.pace

    @property
    def status(self) -> Status:
        return self.standing.status

    @property
    def is_contradicted(self) -> bool:
        """Whether the stated confidence and the computed status are two steps apart."""
        return is_contradicted(self.confidence, self.status)


class KeyResultView(_View):
    """A key result on a day, as it was defined then."""

    @property
    @abstractmethod
    def details(self) -> Details:
        """All of it; what is asked of every key result of a cycle may be known without."""

    @property
    def facts(self) -> Facts:
        return self.details.facts

    @property
    def history(self) -> History:
        return self.details.history

    @property
    def milestones(self) -> Sequence[Milestone]:
        return self.details.milestones

    @property
    def key_result(self) -> KeyResult:
        return self.facts.key_result

    @property
    def id(self) -> UUID:
        return self.facts.key_result.id

    @property
    def objective_id(self) -> UUID:
        return self.key_result.objective_id

    @property
    def title(self) -> str:
        return self.key_result.title

    @property
    def owner_id(self) -> UUID | None:
        return self.key_result.owner_id

    @property
    def weight(self) -> float:
        return self.key_result.weight

    @property
    def is_linked(self) -> bool:
        """Whether a KPI's data moves it."""
        return self.key_result.is_linked

    @property
    def cycle(self) -> Cycle:
        return self.facts.cycle

    @property
    def span(self) -> Span:
        return self.facts.span

    @cached_property
    def so_far(self) -> History:
        """Where it stood from each day on, up to this one."""
        return self.history.until(self.day)

    @property
    def trend(self) -> list[Record]:
        """The same row by row, oldest first."""
        return self.so_far.records

    def progress_on(self, days: Sequence[dt.date]) -> Course:
        """Its raw progress on some days up to this one, which ascend."""
        return self.so_far.on(days)

    @property
    def start(self) -> float | None:
        """Where a metric starts, its KPI's value before the cycle where it says nothing else."""
        return self.facts.start

    @property
    def current(self) -> float | None:
        """The latest value; the weight done, of milestones; None while there is none."""
        return self.so_far.current

    @property
    def progress_raw(self) -> float:
        return self.so_far.reached

    @cached_property
    def expected(self) -> float:
        return self.facts.expected(self.on)

    @cached_property
    def standing(self) -> Standing:
        return Standing(self.progress_raw, self.expected, status(self.progress_raw, self.expected, self.span, self.on))

    @property
    def confidence(self) -> Stated | None:
        """What was stated last."""
        stated = self.facts.said.confidences
        return STATED[stated[-1]] if stated else None

    @cached_property
    def check_in(self) -> CheckIn | None:
        """The latest; None: nobody said anything."""
        return self.details.last_said(self.id)

    @property
    def is_owed(self) -> bool:
        """Whether check-ins are due on it at all: in active cycles, for what no data updates."""
        return self.cycle.state == CycleState.ACTIVE and not self.is_linked

    @property
    def owing(self) -> Owing:
        """When check-ins are due on it, and since when nobody said anything."""
        return self.facts.owing

    def is_owed_by(self, until: dt.date) -> bool:
        """Whether a check-in is due up to a day, which may lie a little ahead."""
        return self.is_owed and bool(self.owing.by(until))

    @cached_property
    def owed_since(self) -> dt.date | None:
        """The earliest day on which a check-in was due that is owed still."""
        return self.owing.since(self.day) if self.is_owed else None

    @cached_property
    def next_due(self) -> dt.date | None:
        """When the next check-in is due; None where none is."""
        return self.owing.next_due(self.day) if self.is_owed else None

    @property
    def stale(self) -> bool:
        """Whether a check-in is more than three days overdue."""
        return is_stale(self.owed_since, self.day)

    @property
    def grade(self) -> float | None:
        return self.key_result.grade

    @property
    def proposed_grade(self) -> float:
        """What would be its grade if its cycle were closed now."""
        return proposed_grade(self.progress_raw)

    @property
    def plain(self) -> Metric | Keep | Milestones | None:
        """By the rules of ``okrs.progress``, to be explained; None for a metric with no way to go."""
        plain = self.facts.plain
        return replace(plain, current=self.current) if isinstance(plain, Metric) else plain

    def series(self, span: Span | None = None) -> Series:
        """Its raw progress day by day, over its own cycle or another stretch."""
        span = span or self.span
        return filled(zip(self.so_far.days, self.so_far.progress, strict=True), span, self.on)

    def expected_series(self) -> list[float]:
        """What was expected of it on the days of its own cycle."""
        return [self.facts.expected(day) for day in days(self.span, self.on)]


@dataclass(frozen=True, eq=False)
class WholeKeyResult(KeyResultView):
    """One of which everything was read at once."""

    read: Details

    @property
    def details(self) -> Details:
        return self.read


@dataclass(frozen=True, eq=False)
class ObjectiveView(_View):
    """An objective on a day, with its key results and the objectives aligned to it (``children``) or to one of its key
    results (``of_key_results``), each in order. Only ``children`` count in its progress."""

    objective: Objective
    key_results: list[KeyResultView] = field(default_factory=list)
    children: list["ObjectiveView"] = field(default_factory=list)
    of_key_results: dict[UUID, list["ObjectiveView"]] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        return self.objective.id

    @property
    def cycle(self) -> Cycle:
        cycle: Cycle = self.objective.cycle
        return cycle

    @cached_property
    def span(self) -> Span:
        return span_of(self.cycle)

    @cached_property
    def counting(self) -> list["KeyResultView | ObjectiveView"]:
        """What its progress is the weighted mean of."""
        source = self.objective.progress_from
        key_results = self.key_results if source != ProgressFrom.CHILDREN else []
        children = self.children if source != ProgressFrom.KEY_RESULTS else []
        return [*key_results, *children]

    @cached_property
    def parts(self) -> list[Part]:
        """The same by the rules of ``okrs.progress``."""
        return [self._part(one) for one in self.counting]

    @cached_property
    def shares(self) -> Shares:
        """How much each of them counts."""
        return shares([self._stake(one) for one in self.counting], self.span)

    @cached_property
    def standing(self) -> Standing:
        return objective_standing(self.parts, self.span, self.on, self.shares)

    @property
    def confidence(self) -> Stated | None:
        """The lowest of those last stated for its key results."""
        return objective_confidence([one.confidence for one in self.key_results])

    @property
    def stale(self) -> bool:
        return any(one.stale for one in self.key_results)

    @property
    def grade(self) -> float | None:
        return self.objective.grade

    @property
    def is_success(self) -> bool | None:
        """Whether its grade is one, by its kind; None while it has none."""
        grade = self.objective.grade
        return None if grade is None else is_success(_ambition(self.objective), grade)

    def series(self) -> Series:
        """Its progress day by day over its cycle."""
        parts = [(self._stake(one), self._series_of(one)) for one in self.counting]
        return objective_series(parts, self.span, self.on)

    def expected_series(self) -> list[float]:
        """What was expected of it on the same days."""
        parts = [(self._stake(one), self._expected_of(one)) for one in self.counting]
        return objective_expected_series(parts, self.span, self.on)

    def beneath(self) -> Iterator["ObjectiveView"]:
        """Itself and all objectives aligned beneath, also by key results, from the top down."""
        yield self
        for child in self.aligned:
            yield from child.beneath()

    @property
    def aligned(self) -> list["ObjectiveView"]:
        """The objectives aligned to it, and then those aligned to its key results."""
        return [*self.children, *(child for views in self.of_key_results.values() for child in views)]

    def _stake(self, one: "KeyResultView | ObjectiveView") -> Stake:
        if isinstance(one, KeyResultView):
            return Stake(one.weight)
        return Stake(one.objective.weight, None if one.span == self.span else one.span)

    def _part(self, one: "KeyResultView | ObjectiveView") -> Part:
        stake = self._stake(one)
        progress = one.progress_raw if isinstance(one, KeyResultView) else one.progress
        return Part(progress, one.expected, stake.weight, stake.span)

    def _expected_of(self, one: "KeyResultView | ObjectiveView") -> Series:
        return filled(zip(days(one.span, one.on), one.expected_series(), strict=True), self.span, self.on)

    def _series_of(self, one: "KeyResultView | ObjectiveView") -> Series:
        if isinstance(one, KeyResultView):
            return one.series(self.span)
        return filled(zip(days(one.span, one.on), one.series(), strict=True), self.span, self.on)


def judged_on(cycle: Cycle, day: dt.date) -> dt.date:
    """The day to judge by: nothing goes on once a cycle was closed."""
    return min(day, cycle.closed_on) if cycle.closed_on else day


def _ambition(objective: Objective) -> Ambition:
    return "committed" if objective.kind == "committed" else "aspirational"
