"""How each department fares: its KPIs and those of the departments below it."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from accounts.department_tree import DepartmentTree
from accounts.models import Department, Organization
from kpis.drawing.status import STATUSES
from kpis.engine.health import Health
from kpis.tree import Counts, Forest, Node


@dataclass(frozen=True, slots=True)
class Wellbeing:
    """The health of a set of KPIs with its counts, ready to show."""

    health: Health
    counts: Counts

    @property
    def status(self) -> str:
        return self.health.status.code or "no_data"

    @property
    def percent(self) -> str:
        """The mean score, as in "72"; empty when nothing is judged."""
        return "" if self.health.score is None else f"{100 * self.health.score:.0f}"

    @property
    def judged(self) -> str:
        """The coverage in words: "18 of 21 judged"."""
        total = self.counts.total
        return f"{round(self.health.coverage * total)} of {total} judged"

    @property
    def parts(self) -> list[tuple[str, str, int]]:
        """Status, word and number of each status that occurs, the best first."""
        by_status = self.counts.by_status
        return [(key, status.word.lower(), by_status[key]) for key, status in STATUSES.items() if by_status[key]]

    @property
    def in_words(self) -> str:
        return ", ".join(f"{count} {word}" for _, word, count in self.parts)


def wellbeing(forest: Forest, nodes: list[Node]) -> Wellbeing:
    return Wellbeing(forest.health(nodes), forest.counts(nodes))


@dataclass(frozen=True, slots=True)
class DepartmentReport:
    """A department with how it fares."""

    id: UUID
    name: str
    href: str
    nodes: list[Node]
    wellbeing: Wellbeing


class Departments(DepartmentTree):
    """The organization's departments with their leads, and how they fare."""

    def __init__(self, organization: Organization) -> None:
        super().__init__(Department.objects.active().in_order().select_related("lead__user"))
        self.organization = organization

    def nodes_of(self, forest: Forest, department_id: UUID) -> list[Node]:
        """The KPIs of a department and of those below it."""
        return forest.of_departments(self.within(department_id))

    def reports(self, forest: Forest, below: UUID | None = None) -> list[DepartmentReport]:
        """How the departments directly below one (or the topmost) fare; one without any KPI is left out."""
        reports = [self.report(forest, department) for department in self.below(below)]
        return [report for report in reports if report.wellbeing.counts.total]

    def report(self, forest: Forest, department: Department) -> DepartmentReport:
        """How one department fares, with those below it."""
        nodes = self.nodes_of(forest, department.pk)
        href = reverse("reports:department", args=[self.organization.slug, department.pk])
        return DepartmentReport(department.pk, department.name, href, nodes, wellbeing(forest, nodes))
