"""How each department fares: its KPIs and those of the departments below it."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from accounts.department_tree import DepartmentTree
from accounts.models import Department, Organization
from kpis.drawing.status import STATUSES
from kpis.engine.comparison import is_at_least
from kpis.engine.health import Health
from kpis.engine.scoring import JUDGED, Status
from kpis.tree import Counts, Forest, Node


@dataclass(frozen=True, slots=True)
class Wellbeing:
    """The health of a set of KPIs with its counts, ready to show."""

    health: Health
    counts: Counts
    is_capped: bool = False  # the score alone would be better than the status

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
    def counting(self) -> str:
        """Whose scores the health is, where that is not everybody's: "the 4 KPIs at the top"."""
        judged = sum(self.health.counts[status] for status in JUDGED)
        counted = self.health.counted
        if not counted or counted == judged:
            return ""
        return "the one KPI at the top" if counted == 1 else f"the {counted} KPIs at the top"

    @property
    def explained(self) -> str:
        """Why the health is what it is, where counts and status alone seem to say something else."""
        said = []
        if counting := self.counting:
            is_one = self.health.counted == 1
            of_whom = f"{counting} that has a target" if is_one else f"{counting} that have a target"
            score, them = ("score", "it") if is_one else ("mean score", "them")
            said.append(f"Health is the {score} of {of_whom}. What feeds {them} shows in the counts.")
        if self.is_capped:
            said.append("A strategic KPI is off track, so the whole is at risk at best.")
        return " ".join(said)

    @property
    def parts(self) -> list[tuple[str, str, int]]:
        """Status, word and number of each status that occurs, the best first."""
        by_status = self.counts.by_status
        return [(key, status.word.lower(), by_status[key]) for key, status in STATUSES.items() if by_status[key]]

    @property
    def in_words(self) -> str:
        return ", ".join(f"{count} {word}" for _, word, count in self.parts)


def wellbeing(forest: Forest, nodes: list[Node]) -> Wellbeing:
    health = forest.health(nodes)
    is_good = health.score is not None and bool(is_at_least(health.score, forest.on_track_at))
    return Wellbeing(health, forest.counts(nodes), is_capped=is_good and health.status is not Status.ON_TRACK)


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
