"""Going through everything that waits for somebody, one thing at a time."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict

from accounts.models import Organization
from kpis.awaiting import awaited_on
from kpis.calendars import calendar_of
from kpis.drawing.numbers import show
from kpis.engine.cadence import reminded_of
from kpis.engine.periods import Frequency
from kpis.tree import Node
from kpis.words import day, in_sentence, period_label
from okrs.mornings import WORKING
from okrs.presenting.check_ins import done_words, doubt_words, due_on_words, goal_words, speaker, stands_at
from okrs.presenting.figures import Figures
from okrs.presenting.words import ago_words, pace_words
from okrs.reading import KeyResultView
from okrs.waiting import Waiting


@dataclass(frozen=True)
class Course:
    """How far somebody has come; the address carries it, so that nothing is kept and a reload changes nothing."""

    did: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    @classmethod
    def of(cls, query: QueryDict) -> "Course":
        return cls(tuple(dict.fromkeys(query.getlist("did"))), tuple(dict.fromkeys(query.getlist("skip"))))

    def having_done(self, key: str) -> "Course":
        skipped = tuple(other for other in self.skipped if other != key)
        return replace(self, did=tuple(dict.fromkeys([*self.did, key])), skipped=skipped)

    def having_skipped(self, key: str) -> "Course":
        return replace(self, skipped=tuple(dict.fromkeys([*self.skipped, key])))

    def from_the_top(self) -> "Course":
        """What was skipped is offered again."""
        return replace(self, skipped=())

    @property
    def query(self) -> str:
        chosen = urlencode({"did": self.did, "skip": self.skipped}, doseq=True)
        return f"?{chosen}" if chosen else ""


@dataclass(frozen=True)
class CheckInStep:
    """A key result to check in on."""

    view: KeyResultView
    today: dt.date
    kind = "check_in"

    @property
    def key(self) -> str:
        return str(self.view.id)

    @property
    def title(self) -> str:
        return self.view.key_result.title

    @property
    def above(self) -> str:
        return str(self.view.key_result.objective.title)

    @property
    def goal(self) -> str:
        return goal_words(self.view)

    @property
    def stands_at(self) -> str:
        return stands_at(self.view)

    @property
    def progress(self) -> str:
        return done_words(self.view)

    @property
    def pace(self) -> str:
        if self.view.status in ("no_data", "too_early"):
            return ""
        return pace_words(self.view.progress_raw, self.view.expected, self.view.status)

    @property
    def contradiction(self) -> str:
        return doubt_words(self.view)

    @property
    def due(self) -> str:
        """When it was or will be due: "due today", "due 3 days ago", "due Sunday"; empty for what nobody owes."""
        since, ahead = self.view.owed_since, self.view.next_due
        if since:
            return f"due {ago_words(since, self.today)}"
        is_soon = self.view.is_owed_by(reminded_of(self.today, WORKING)[1])
        return f"due {due_on_words(ahead, self.today)}" if ahead and is_soon else ""

    @property
    def last(self) -> str:
        """What was said last, before the words: "40 on 6 November 2026"."""
        said = self.view.check_in
        if said is None:
            return ""
        value = f"{Figures(self.view.key_result).text(said.value)} on " if said.value is not None else ""
        return f"{value}{day(said.on)}"

    @property
    def speaker(self) -> str:
        return speaker(self.view.check_in) if self.view.check_in else ""


@dataclass(frozen=True)
class ValueStep:
    """A KPI whose value is awaited."""

    node: Node
    organization: Organization
    today: dt.date
    kind = "value"

    @property
    def key(self) -> str:
        return self.node.key

    @property
    def title(self) -> str:
        return self.node.name

    @cached_property
    def first(self) -> dt.date:
        """The first day of the period whose value is awaited; a period is dated on it."""
        calendar, frequency = calendar_of(self.organization), Frequency(self.node.frequency)
        last = awaited_on(self.node) or self.today
        return calendar.first_date(frequency, calendar.ordinal(frequency, last))

    @property
    def period(self) -> str:
        return in_sentence(self._label(self.first))

    @property
    def last(self) -> str:
        """As in "€ 401,204 in September 2026"."""
        standing = self.node.standing
        if standing.value is None or standing.period is None:
            return ""
        return f"{self._amount(standing.value)} in {in_sentence(self._label(standing.period))}"

    @property
    def target(self) -> str:
        target = self.node.standing.target
        return f"target {self._amount(target)}" if target is not None else ""

    @property
    def due(self) -> str:
        expected_on = self.node.standing.expected_on
        if expected_on is None:
            return ""
        return (
            f"due {ago_words(expected_on, self.today)}" if expected_on <= self.today else f"due by {day(expected_on)}"
        )

    def _label(self, first: dt.date) -> str:
        return period_label(calendar_of(self.organization), Frequency(self.node.frequency), first)

    def _amount(self, value: float) -> str:
        return str(show(value, self.node.unit, self.node.decimals))


Step = CheckInStep | ValueStep


class Flow:
    """What is left of it, and where in it one stands."""

    def __init__(self, waiting: Waiting, course: Course, organization: Organization, today: dt.date) -> None:
        self.waiting, self.course, self.today = waiting, course, today
        check_ins = [CheckInStep(view, today) for view in waiting.check_ins]
        values = [ValueStep(node, organization, today) for node in waiting.values]
        words = [CheckInStep(view, today) for view in waiting.words]
        steps: Iterable[Step] = [*check_ins, *values, *words]
        self.undone = [step for step in steps if step.key not in course.did]

    @cached_property
    def left(self) -> list[Step]:
        return [step for step in self.undone if step.key not in self.course.skipped]

    @property
    def step(self) -> Step | None:
        return self.left[0] if self.left else None

    @property
    def total(self) -> int:
        return len(self.course.did) + len(self.undone)

    @property
    def position(self) -> int:
        return self.total - len(self.left) + 1

    @property
    def skipped(self) -> int:
        """How many of those still to be done were skipped."""
        return len(self.undone) - len(self.left)

    @property
    def marks(self) -> list[str]:
        """One for each, from the first: done, skipped, now or ahead."""
        ahead = ["now", *["ahead"] * (len(self.left) - 1)] if self.left else []
        return ["done"] * len(self.course.did) + ["skipped"] * self.skipped + ahead
