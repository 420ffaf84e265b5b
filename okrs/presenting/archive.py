"""Cycles that were closed, and what was set in them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from kpis.words import day
from okrs.models import Cycle, KeyResult, Objective
from okrs.models.choices import CycleState
from okrs.presenting.closing import Outcome, grade_text

MOST: Final = 50


@dataclass(frozen=True)
class ClosedCycle:
    """A cycle with how its objectives did."""

    cycle: Cycle
    href: str
    outcome: Outcome

    @property
    def dates(self) -> str:
        return f"{day(self.cycle.starts_on)} to {day(self.cycle.ends_on)}"

    @property
    def lesson(self) -> str:
        """The first line of what was learned."""
        return next((line.strip() for line in self.cycle.learned.splitlines() if line.strip()), "")


@dataclass(frozen=True, slots=True)
class Hit:
    """An objective or a key result whose title holds what was looked for."""

    kind: str
    title: str
    href: str
    above: str
    cycle: str
    cycle_href: str
    grade: str


def closed_cycles(slug: str) -> list[ClosedCycle]:
    """The latest first, in two queries."""
    grades: dict[UUID, list[tuple[str, float | None]]] = defaultdict(list)
    rows = Objective.objects.filter(cycle__state=CycleState.CLOSED).values_list("cycle_id", "kind", "grade")
    for cycle_id, kind, grade in rows:
        grades[cycle_id].append((kind, grade))
    return [
        ClosedCycle(row, _of(slug, row.pk), Outcome(grades[row.pk])) for row in Cycle.objects.closed().newest_first()
    ]


def found(text: str, slug: str) -> list[Hit]:
    """What closed cycles had by these words, objectives first, at most ``MOST`` of each."""
    closed = Q(cycle__state=CycleState.CLOSED)
    objectives = Objective.objects.filter(closed).search(text).with_people().order_by("-cycle__starts_on", "id")[:MOST]
    rows = KeyResult.objects.filter(objective__cycle__state=CycleState.CLOSED).search(text).with_context()
    key_results = rows.order_by("-objective__cycle__starts_on", "id")[:MOST]
    return [*(_objective(row, slug) for row in objectives), *(_key_result(row, slug) for row in key_results)]


def _objective(row: Objective, slug: str) -> Hit:
    href = reverse("okrs:objective", args=[slug, row.pk])
    whose = str(row.department or "Company")
    return Hit("Objective", row.title, href, whose, row.cycle.name, _of(slug, row.cycle_id), grade_text(row.grade))


def _key_result(row: KeyResult, slug: str) -> Hit:
    href, own = reverse("okrs:key-result", args=[slug, row.pk]), row.objective
    cycle = own.cycle
    return Hit("Key result", row.title, href, own.title, cycle.name, _of(slug, cycle.pk), grade_text(row.grade))


def _of(slug: str, cycle_id: UUID) -> str:
    return reverse("okrs:retrospective", args=[slug, cycle_id])
