"""The ladder in lanes: which of the shown KPIs stand in which department's."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import UUID

from kpis.drawing.lanes import Lane, LaneNode
from kpis.drawing.tree import TreeNode
from kpis.tree import Forest, Node
from reports.departments import DepartmentReport, Departments
from reports.ladder import Rung, lone_node


class Lanes:
    """The lanes of a ladder: the departments directly below ``within`` (the topmost without), and above them what
    belongs to none of them."""

    def __init__(self, forest: Forest, departments: Departments, within: UUID | None = None) -> None:
        self.forest, self.departments, self.within = forest, departments, within
        self.reports = departments.reports(forest, within)
        self._lane_of = {
            department_id: report.id for report in self.reports for department_id in departments.within(report.id)
        }

    def __bool__(self) -> bool:
        return bool(self.reports)

    def drawn(self, rungs: Iterable[Rung], address: str) -> tuple[Lane, list[Lane]]:
        """The company's band and the lanes, with what the nested list shows, each KPI once."""
        shown = dict(_unique(rungs))
        by_lane: dict[UUID | None, list[LaneNode]] = {report.id: [] for report in self.reports}
        by_lane[None] = []
        for rung in shown.values():
            lane = self._lane(rung.figure.node)
            by_lane[lane].append(self._node(rung, shown, address, is_own=lane is not None))
        company = Lane(self._title, by_lane[None])
        return company, [self._department(report, by_lane[report.id]) for report in self.reports]

    def _lane(self, node: Node) -> UUID | None:
        """The department's lane; what is strategic and leads nowhere further is the company's."""
        if self.within is None and node.is_strategic and not self.forest.links_up(node):
            return None
        return self._lane_of.get(node.department_id) if node.department_id else None

    @property
    def _title(self) -> str:
        return self.departments.all[self.within].name if self.within else "Company"

    def _node(self, rung: Rung, shown: dict[UUID, Rung], address: str, *, is_own: bool) -> LaneNode:
        node = rung.figure.node
        feeds = [
            (str(link.parent_id), link.is_operand) for link in self.forest.links_up(node) if link.parent_id in shown
        ]
        return LaneNode(str(node.id), self._tree_node(rung, address, is_own=is_own), feeds)

    def _tree_node(self, rung: Rung, address: str, *, is_own: bool) -> TreeNode:
        """Its department is said where the lane's head does not say it."""
        node = rung.figure.node
        is_said = is_own and node.department_id in {report.id for report in self.reports}
        return replace(lone_node(rung, address), note="" if is_said else node.department)

    def _department(self, report: DepartmentReport, nodes: list[LaneNode]) -> Lane:
        fares = report.wellbeing
        note = f"{fares.percent} % health · {fares.counts}" if fares.percent else str(fares.counts)
        return Lane(report.name, nodes, status=fares.status, note=note, href=report.href)


def _unique(rungs: Iterable[Rung]) -> Iterator[tuple[UUID, Rung]]:
    """Every KPI where it is met first, what it feeds before it; a later place may be the one that unfolds."""
    waiting = list(reversed(list(rungs)))
    met: set[UUID] = set()
    while waiting:
        rung = waiting.pop()
        if rung.figure.node.id not in met:
            met.add(rung.figure.node.id)
            yield rung.figure.node.id, rung
        waiting.extend(reversed(rung.children))
