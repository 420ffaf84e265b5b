"""Objectives and key results as rows, formatted once, so that the template only places them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from accounts.models import Member
from okrs.models.choices import KeyResultKind, ObjectiveKind
from okrs.presenting import words
from okrs.presenting.figures import Figures, bar, mark, percent
from okrs.presenting.trends import spark
from okrs.reading import Course, KeyResultView, ObjectiveView

NOTHING = mark_safe("")


@dataclass(frozen=True, slots=True)
class KeyResultRow:
    """One key result below its objective; empty texts where there is nothing to say."""

    id: UUID
    title: str
    href: str
    status: SafeString
    bar: SafeString
    progress: str
    start: SafeString
    current: SafeString
    target: SafeString
    goal: str
    owner: str
    kpi: str
    comment: str
    said: str
    confidence: SafeString
    contradiction: str
    due: str
    is_stale: bool


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """One objective of the overview, with its key results to unfold."""

    id: UUID
    title: str
    href: str
    owner: str
    is_invited: bool
    department: str
    kind: str
    status: SafeString
    bar: SafeString
    progress: str
    pace: str
    confidence: SafeString
    contradiction: str
    is_stale: bool
    spark: SafeString
    grade: str
    key_results: Sequence[KeyResultRow]
    measured_by: int
    aligned: int


def objective_row(
    view: ObjectiveView, slug: str, today: dt.date, course: Course, *, with_key_results: bool = True
) -> ObjectiveRow:
    """An objective as it stands; ``course`` is that of its sparkline."""
    own = view.objective
    return ObjectiveRow(
        id=own.pk,
        title=own.title,
        href=reverse("okrs:objective", args=[slug, own.pk]),
        owner=str(own.owner) if own.owner else "",
        is_invited=bool(own.owner and not own.owner.has_arrived),
        department=own.department.name if own.department else "",
        kind="Committed" if own.kind == ObjectiveKind.COMMITTED else "",
        status=mark(view.status),
        bar=bar_of(view),
        progress=percent(view.progress),
        pace=words.short_pace_words(view.progress, view.expected, view.status),
        confidence=mark(view.confidence) if view.confidence else NOTHING,
        contradiction=disagreement(view),
        is_stale=view.stale,
        spark=spark(course),
        grade=grade_words(view.grade),
        key_results=[key_result_row(one, slug, today) for one in view.key_results] if with_key_results else [],
        measured_by=len(view.key_results),
        aligned=len(view.aligned),
    )


def key_result_row(view: KeyResultView, slug: str, today: dt.date) -> KeyResultRow:
    """A key result as it stands: from where to where, the last words about it."""
    own, figures = view.key_result, Figures(view.key_result)
    start, current, target = ends_of(view, figures)
    said = view.check_in
    return KeyResultRow(
        id=own.pk,
        title=own.title,
        href=reverse("okrs:key-result", args=[slug, own.pk]),
        status=mark(view.status),
        bar=bar_of(view),
        progress=percent(view.progress_raw),
        start=start,
        current=current,
        target=target,
        goal=figures.goal(),
        owner=str(own.owner) if own.owner else "",
        kpi=own.kpi.name if own.kpi else "",
        comment=said.comment if said else "",
        said=f"{said.member or 'A program'}, {words.ago_words(said.on, today)}" if said else "",
        confidence=mark(view.confidence) if view.confidence else NOTHING,
        contradiction=disagreement(view),
        due=words.due_words(view.next_due, view.owed_since, today),
        is_stale=view.stale,
    )


def bar_of(view: KeyResultView | ObjectiveView) -> SafeString:
    """How far it is, with a tick where it should be by now, named for those who cannot see it."""
    progress = view.standing.progress
    return bar(progress, view.expected, view.status, words.progress_words(progress, view.expected, view.status))


def ends_of(view: KeyResultView, figures: Figures) -> tuple[SafeString, SafeString, SafeString]:
    """(start, current, target), each as it is shown; of keep kinds the bounds are the target, and there is no start."""
    own = view.key_result
    if own.kind == KeyResultKind.MILESTONES:
        done = sum(1 for row in view.milestones if row.done_on and row.done_on <= view.day)
        total = len(view.milestones)
        return NOTHING, mark_safe(f"{done} done"), mark_safe(f"{total} in all")  # noqa: S308 - numbers only
    current = figures.html(view.current)
    if own.is_keep:
        return NOTHING, current, conditional_escape(figures.goal().removeprefix("keep "))
    return figures.html(view.start), current, figures.html(own.target)


def contradiction_of(view: KeyResultView | ObjectiveView, owner: Member | None) -> str:
    """That the stated confidence and the computed status disagree; empty where they do not."""
    if not view.is_contradicted or view.confidence is None:
        return ""
    return words.contradiction_words(str(owner) if owner else "", view.confidence, view.status)


def disagreement(view: KeyResultView | ObjectiveView) -> str:
    """The same beside the computed status, where room is scarce."""
    return f"Owner says {words.confidence_words(view.confidence)}" if view.is_contradicted and view.confidence else ""


def grade_words(grade: float | None) -> str:
    """A grade as it is written: "0.7"; empty while there is none."""
    return "" if grade is None else f"{grade:.1f}"
