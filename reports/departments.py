"""How each department fares: its KPIs and those of the departments below it."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

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


class Departments:
    """The organization's departments as a tree, read in one query."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        rows = Department.objects.active().in_order().select_related("lead__user")
        self.all = {department.pk: department for department in rows}
        self._below: dict[UUID | None, list[Department]] = defaultdict(list)
        for department in self.all.values():
            self._below[department.parent_id].append(department)

    def below(self, department_id: UUID | None) -> list[Department]:
        """The departments directly below one, or the topmost."""
        return self._below[department_id]

    def within(self, department_id: UUID) -> set[UUID]:
        """The ids of a department and of everything below it."""
        found: set[UUID] = set()
        waiting = [department_id]
        while waiting:
            current = waiting.pop()
            if current not in found:
                found.add(current)
                waiting.extend(department.pk for department in self._below[current])
        return found

    def path(self, department: Department) -> list[Department]:
        """The departments above one, the topmost first."""
        above: list[Department] = []
        parent = self.all.get(department.parent_id) if department.parent_id else None
        while parent is not None and parent not in above:
            above.append(parent)
            parent = self.all.get(parent.parent_id) if parent.parent_id else None
        return above[::-1]

    def indented(self, department_id: UUID | None = None, depth: int = 0) -> list[tuple[UUID, str]]:
        """Ids and names for a choice, the names of sub-departments indented."""
        rows: list[tuple[UUID, str]] = []
        for department in self.below(department_id):
            rows += [(department.pk, "\u2003" * depth + department.name), *self.indented(department.pk, depth + 1)]
        return rows

    def nodes_of(self, forest: Forest, department_id: UUID) -> list[Node]:
        """The KPIs of a department and of those below it."""
        return forest.of_departments(self.within(department_id))

    def reports(self, forest: Forest, below: UUID | None = None) -> list[DepartmentReport]:
        """How the departments directly below one (or the topmost) fare; one without any KPI is left out."""
        reports = [self._report(forest, department) for department in self.below(below)]
        return [report for report in reports if report.wellbeing.counts.total]

    def _report(self, forest: Forest, department: Department) -> DepartmentReport:
        nodes = self.nodes_of(forest, department.pk)
        href = reverse("reports:department", args=[self.organization.slug, department.pk])
        return DepartmentReport(department.pk, department.name, href, nodes, wellbeing(forest, nodes))
