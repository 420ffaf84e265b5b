"""The departments of an organization as a tree, read in one query."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from accounts.models import Department, Member
from accounts.tenancy.context import current_organization_id

INDENT = "\u2003"


@dataclass(frozen=True, slots=True)
class Branch:
    """A department in its place: how deep it lies, and whether it is the first or last of its siblings."""

    department: Department
    depth: int
    is_first: bool
    is_last: bool


class DepartmentTree:
    """The departments in use, in order; whatever lies below one that is not among them has no place in the tree.

    ``rows`` are the departments where they are needed with more than their own columns, such as their leads.
    """

    def __init__(self, rows: Iterable[Department] | None = None) -> None:
        found = Department.objects.active().in_order() if rows is None else rows
        self.all = {department.pk: department for department in found}
        self._below: dict[UUID | None, list[Department]] = defaultdict(list)
        for department in self.all.values():
            self._below[department.parent_id].append(department)

    def below(self, department_id: UUID | None = None) -> list[Department]:
        """The departments directly below one, or the topmost."""
        return self._below[department_id]

    def walk(self, department_id: UUID | None = None, depth: int = 0) -> Iterator[Branch]:
        """Everything below a department, or all, each before what lies below it."""
        rows = self.below(department_id)
        for row in rows:
            yield Branch(row, depth, row is rows[0], row is rows[-1])
            yield from self.walk(row.pk, depth + 1)

    def within(self, department_id: UUID) -> list[UUID]:
        """The ids of a department and of everything below it."""
        return [department_id, *(branch.department.pk for branch in self.walk(department_id))]

    def path(self, department: Department) -> list[Department]:
        """The departments above one, the topmost first."""
        parent = self.all.get(department.parent_id) if department.parent_id else None
        return [*self.path(parent), parent] if parent else []

    def choices(self, *, without: Department | None = None) -> list[tuple[UUID, str]]:
        """The tree for a select, indented; without one department and everything below it."""
        hidden = self.within(without.pk) if without else ()
        rows = ((branch.department, branch.depth) for branch in self.walk())
        return [(row.pk, INDENT * depth + row.name) for row, depth in rows if row.pk not in hidden]


def department_choices(*, without: Department | None = None) -> list[tuple[UUID, str]]:
    """The departments in use for a select."""
    return DepartmentTree().choices(without=without)


def member_counts() -> dict[UUID | None, int]:
    """How many members each department has; None stands for no department."""
    members = Member.objects.of_organization(current_organization_id())
    return dict(members.values_list("department_id").annotate(Count("id")).order_by())
