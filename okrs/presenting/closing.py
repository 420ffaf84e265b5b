"""A cycle at its end: grades, whether they are successes, and what went on elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.forms import BoundField
from django.urls import reverse
from django.utils.safestring import SafeString

from kpis.drawing.numbers import NOTHING
from okrs.actions.closing import Grade
from okrs.forms.closing import GradesForm
from okrs.models import KeyResult
from okrs.models.choices import ObjectiveKind
from okrs.presenting.check_ins import done_words, goal_words, stands_at
from okrs.presenting.figures import bar
from okrs.presenting.words import counted
from okrs.progress import SUCCEEDS_AT, Ambition, is_success, objective_grade
from okrs.reading import KeyResultView, ObjectiveView


@dataclass(frozen=True, slots=True)
class CarriedTo:
    """The same key result in another cycle."""

    title: str
    href: str
    cycle: str


@dataclass(frozen=True)
class GradedResult:
    """A key result with its grade, or the one it would get."""

    view: KeyResultView
    grade: Grade
    ambition: Ambition
    slug: str
    into: list[CarriedTo] = field(default_factory=list)
    from_: CarriedTo | None = None
    grade_field: BoundField | None = None
    reason_field: BoundField | None = None

    @property
    def title(self) -> str:
        return str(self.view.key_result.title)

    @property
    def href(self) -> str:
        return reverse("okrs:key-result", args=[self.slug, self.view.id])

    @property
    def owner(self) -> str:
        return str(self.view.key_result.owner) if self.view.key_result.owner else ""

    @property
    def goal(self) -> str:
        return goal_words(self.view)

    @property
    def ended(self) -> str:
        """As in "ended at 60"; of a cycle that runs "now at 60"."""
        at = stands_at(self.view)
        return f"{'ended' if self.view.cycle.is_closed else 'now'} at {at}" if at else ""

    @property
    def proposed(self) -> str:
        return grade_text(self._proposed)

    @property
    def said(self) -> str:
        return grade_text(self.grade.grade)

    @property
    def differs(self) -> bool:
        """Whether somebody decided otherwise than proposed."""
        return self.said != self.proposed

    @property
    def bar(self) -> SafeString:
        return grade_bar(self.grade.grade, self.ambition)

    @property
    def _proposed(self) -> float:
        stored = self.view.key_result.proposed_grade
        return stored if self.view.cycle.is_closed and stored is not None else self.view.proposed_grade


@dataclass(frozen=True)
class GradedObjective:
    """An objective with its grade and whether that is a success by its kind."""

    view: ObjectiveView
    slug: str
    results: list[GradedResult]

    @property
    def title(self) -> str:
        return str(self.view.objective.title)

    @property
    def href(self) -> str:
        return reverse("okrs:objective", args=[self.slug, self.view.id])

    @property
    def whose(self) -> str:
        own = self.view.objective
        return " · ".join(str(part) for part in (own.department or "Company", own.owner) if part)

    @property
    def ambition(self) -> Ambition:
        return ambition_of(self.view)

    @property
    def kind(self) -> str:
        """As in "committed, a success at 1.0"."""
        return f"{ObjectiveKind(self.view.objective.kind).label}, a success at {SUCCEEDS_AT[self.ambition]:.1f}"

    @property
    def grade(self) -> float | None:
        if self.view.cycle.is_closed:
            return self.view.grade
        return objective_grade([(one.grade.grade, one.view.key_result.weight) for one in self.results])

    @property
    def said(self) -> str:
        return grade_text(self.grade)

    @property
    def reason(self) -> str:
        return str(self.view.objective.grade_reason)

    @property
    def is_success(self) -> bool | None:
        return None if self.grade is None else is_success(self.ambition, self.grade)

    @property
    def bar(self) -> SafeString:
        return grade_bar(self.grade or 0.0, self.ambition)

    @property
    def progress(self) -> str:
        return done_words(self.view)


@dataclass(frozen=True)
class Outcome:
    """How a cycle's objectives did, taken together and by kind."""

    grades: Sequence[tuple[str, float | None]]

    @property
    def total(self) -> int:
        return len([1 for _, grade in self.grades if grade is not None])

    @property
    def succeeded(self) -> int:
        return sum(self._is_success(kind, grade) for kind, grade in self.grades)

    @property
    def mean(self) -> str:
        """The mean grade, as in "0.6"; empty without one."""
        known = [grade for _, grade in self.grades if grade is not None]
        return grade_text(sum(known) / len(known)) if known else ""

    @property
    def by_kind(self) -> list[tuple[str, str]]:
        """(kind, "2 of 3") for each kind that occurs."""
        found = []
        for kind in ObjectiveKind:
            own = [(each, grade) for each, grade in self.grades if each == kind and grade is not None]
            if own:
                good = sum(self._is_success(each, grade) for each, grade in own)
                found.append((str(kind.label), f"{good} of {len(own)}"))
        return found

    @property
    def in_words(self) -> str:
        """As in "2 of 3 objectives succeeded"."""
        return (
            f"{self.succeeded} of {counted(self.total, 'objective')} succeeded" if self.total else "nothing was graded"
        )

    @staticmethod
    def _is_success(kind: str, grade: float | None) -> bool:
        ambition: Ambition = "committed" if kind == ObjectiveKind.COMMITTED else "aspirational"
        return grade is not None and is_success(ambition, grade)


def graded(
    views: Iterable[ObjectiveView], decided: Mapping[UUID, Grade], slug: str, form: GradesForm | None = None
) -> list[GradedObjective]:
    """A cycle's objectives with their grades, and what was carried over to and from other cycles."""
    objectives = list(views)
    ids = [one.id for view in objectives for one in view.key_results]
    into, from_ = carried(ids, slug)
    return [
        GradedObjective(
            view,
            slug,
            [
                GradedResult(
                    one,
                    decided[one.id],
                    ambition_of(view),
                    slug,
                    into.get(one.id, []),
                    from_.get(one.id),
                    form[f"grade_{one.id}"] if form else None,
                    form[f"reason_{one.id}"] if form else None,
                )
                for one in view.key_results
            ],
        )
        for view in objectives
    ]


def carried(ids: Sequence[UUID], slug: str) -> tuple[dict[UUID, list[CarriedTo]], dict[UUID, CarriedTo]]:
    """Where key results went on, and where they come from, by their id."""
    into: dict[UUID, list[CarriedTo]] = {}
    for row in KeyResult.objects.filter(carried_from__in=ids).with_context().in_order():
        if row.carried_from_id:
            into.setdefault(row.carried_from_id, []).append(_carried(row, slug))
    own = KeyResult.objects.filter(pk__in=ids, carried_from__isnull=False)
    sources: dict[UUID, Any] = dict(own.values_list("pk", "carried_from"))
    rows = {row.pk: row for row in KeyResult.objects.filter(pk__in=list(sources.values())).with_context()}
    return into, {id: _carried(rows[source], slug) for id, source in sources.items() if source in rows}


def ambition_of(view: ObjectiveView) -> Ambition:
    return "committed" if view.objective.kind == ObjectiveKind.COMMITTED else "aspirational"


def grade_text(grade: float | None) -> str:
    """As in "0.65"; a dash without one."""
    return NOTHING if grade is None else f"{grade:.2f}"


def grade_bar(grade: float, ambition: Ambition) -> SafeString:
    """A grade with a tick where it becomes a success."""
    threshold = SUCCEEDS_AT[ambition]
    word = "achieved" if is_success(ambition, grade) else "at_risk"
    return bar(grade, threshold, word, f"grade {grade_text(grade)}, a success at {threshold:.1f}")


def _carried(row: KeyResult, slug: str) -> CarriedTo:
    return CarriedTo(row.title, reverse("okrs:key-result", args=[slug, row.pk]), row.objective.cycle.name)
