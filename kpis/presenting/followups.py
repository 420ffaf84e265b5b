"""What people do about a KPI, read once and put into words: actions, notes, reviews, benchmarks, influences."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID

from django.utils.safestring import SafeString

from accounts.actors import Actor
from accounts.models import Member, Organization
from kpis.actions.benchmarking import benchmarks_of
from kpis.actions.influencing import moved_by, moving
from kpis.actions.permissions import may_change_annotation, may_edit, may_move
from kpis.calendars import calendar_of
from kpis.due_reviews import review_due_on
from kpis.models import Action, Annotation, Benchmark, Kpi, Review
from kpis.models.choices import Indicator, ReviewCadence
from kpis.models.followups import ActionKind, ActionState
from kpis.presenting.figures import Figures
from kpis.presenting.helped import Judge, Judged
from kpis.presenting.rows import Row, rows_of
from kpis.words import day, late_words

LISTED: Final = 5
MOST: Final = 100
# What can be said of an action's progress with one click, by how far it is.
MOVES: Final = {
    ActionState.OPEN: ((ActionState.RUNNING, "Start"), (ActionState.DONE, "Done")),
    ActionState.RUNNING: ((ActionState.DONE, "Done"),),
    ActionState.DONE: ((ActionState.OPEN, "Take up again"),),
    ActionState.DROPPED: ((ActionState.OPEN, "Take up again"),),
}


@dataclass(frozen=True, slots=True)
class Act:
    """An action in words; empty texts where there is nothing to say."""

    id: UUID
    title: str
    is_corrective: bool
    cause: str
    owner: str
    is_invited: bool
    state: str
    state_word: str
    due: str
    overdue: str
    is_over: bool
    helped: Judged | None
    moves: Sequence[tuple[str, str]]
    may_change: bool


@dataclass(frozen=True, slots=True)
class Note:
    """A note on a date."""

    id: UUID
    day: str
    text: str
    is_process_change: bool
    by: str
    may_change: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A review that was held."""

    day: str
    by: str
    decision: str
    note: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What others reach, ready to show."""

    industry: str
    region: str
    year: int
    source: str
    median: SafeString
    quartiles: str
    is_dated: bool


class Followups:
    """What one reader sees of what is done about one KPI. Every part is read when it is first asked for."""

    def __init__(self, kpi: Kpi, organization: Organization, actor: Actor, *, now: dt.datetime) -> None:
        self.kpi = kpi
        self.organization = organization
        self.actor = actor
        self.calendar = calendar_of(organization)
        self.figures = Figures(kpi)
        self.today = organization.today(now)
        self.is_in_use = kpi.archived_at is None
        self.may_edit = may_edit(actor, kpi) and self.is_in_use

    @property
    def address(self) -> str:
        return self.kpi.url_in(self.organization)

    # Actions

    @cached_property
    def acts(self) -> list[Act]:
        """What is to be done, the most urgent first, then what is over, the latest first."""
        judge = Judge(self.kpi, self.calendar, today=self.today)
        actions = Action.objects.filter(kpi=self.kpi).select_related("owner__user").by_urgency()[:MOST]
        return [self._act(action, judge) for action in actions]

    @property
    def unfinished_acts(self) -> list[Act]:
        return [act for act in self.acts if not act.is_over]

    @property
    def latest_acts(self) -> list[Act]:
        """Of those that are over."""
        return [act for act in self.acts if act.is_over][:LISTED]

    @property
    def earlier_acts(self) -> list[Act]:
        return [act for act in self.acts if act.is_over][LISTED:]

    def _act(self, action: Action, judge: Judge) -> Act:
        action.kpi = self.kpi
        state, overdue = ActionState(action.state), action.days_overdue(self.today)
        is_done = state == ActionState.DONE and action.closed_on is not None
        return Act(
            id=action.pk,
            title=action.title,
            is_corrective=action.kind == ActionKind.CORRECTIVE,
            cause=action.cause,
            owner=str(action.owner) if action.owner else "",
            is_invited=bool(action.owner and not action.owner.has_arrived),
            state=state.value,
            state_word=state.label if action.closed_on is None else f"{state.label} on {day(action.closed_on)}",
            due=f"due {day(action.due_on)}" if action.due_on and action.is_unfinished and not overdue else "",
            overdue=late_words(overdue),
            is_over=not action.is_unfinished,
            helped=judge.of(action.closed_on) if is_done and action.closed_on else None,
            moves=MOVES[state] if may_move(self.actor, action) else (),
            may_change=may_move(self.actor, action),
        )

    # Notes

    @cached_property
    def notes(self) -> list[Note]:
        """The latest date first."""
        rows = Annotation.objects.filter(kpi=self.kpi).select_related("member__user").newest_first()[:MOST]
        return [self._note(row) for row in rows]

    @property
    def latest_notes(self) -> list[Note]:
        return self.notes[:LISTED]

    @property
    def earlier_notes(self) -> list[Note]:
        return self.notes[LISTED:]

    def _note(self, row: Annotation) -> Note:
        return Note(
            id=row.pk,
            day=day(row.on),
            text=row.text,
            is_process_change=row.is_process_change,
            by=_named(row.member),
            may_change=self.is_in_use and may_change_annotation(self.actor, row),
        )

    # Reviews

    @cached_property
    def _reviews(self) -> list[Review]:
        return list(Review.objects.filter(kpi=self.kpi).select_related("member__user").newest_first()[:MOST])

    @property
    def reviews(self) -> list[Held]:
        return [Held(day(row.held_on), _named(row.member), row.decision, row.note) for row in self._reviews]

    @property
    def latest_review(self) -> Held | None:
        return next(iter(self.reviews), None)

    @property
    def earlier_reviews(self) -> list[Held]:
        return self.reviews[1:]

    @property
    def cadence(self) -> str:
        return ReviewCadence(self.kpi.review_cadence).label.lower()

    @property
    def review_due_on(self) -> dt.date | None:
        """When it is to be looked at next; never for what is only an operand, or put aside."""
        last = self._reviews[0].held_on if self._reviews else None
        return review_due_on(self.kpi, last, self.organization)

    @property
    def review_due(self) -> str:
        return day(self.review_due_on) if self.review_due_on else ""

    @property
    def review_overdue(self) -> str:
        """How late the next review is; empty while there is time."""
        return late_words((self.today - self.review_due_on).days) if self.review_due_on else ""

    # Benchmarks

    @cached_property
    def benchmarks(self) -> list[Compared]:
        return [self._compared(row) for row in benchmarks_of(self.kpi)]

    def _compared(self, row: Benchmark) -> Compared:
        lower, upper = row.lower_quartile, row.upper_quartile
        return Compared(
            industry=row.industry,
            region=row.region,
            year=row.year,
            source=row.source,
            median=self.figures.html(row.median),
            quartiles="" if lower is None else f"{self.figures.text(lower)} to {self.figures.text(upper)}",
            is_dated=row.is_dated(self.today),
        )

    # Influences

    @property
    def is_leading(self) -> bool:
        return self.kpi.indicator == Indicator.LEADING

    @cached_property
    def neighbours(self) -> list[Row]:
        """What a leading KPI should move; of a lagging one what should move it."""
        others = moved_by(self.kpi) if self.is_leading else moving(self.kpi)
        return rows_of(others.with_people(), self.calendar, self.today)


def _named(member: Member | None) -> str:
    return str(member) if member else "a program"
