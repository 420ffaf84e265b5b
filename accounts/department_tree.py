"""The departments of an organization as a tree, read in one query."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count

from accounts.models import Department, Member
from accounts.tenancy.context import current_organization_id


@dataclass
class Branch:
    """A department in its place: how deep it lies, and what lies below it."""

    department: Department
    depth: int
    is_first: bool
    is_last: bool
    children: list["Branch"] = field(default_factory=list)

    def walk(self) -> Iterator["Branch"]:
        """This branch and everything below it, from the top."""
        yield self
        for child in self.children:
            yield from child.walk()


def department_tree() -> list[Branch]:
    """The departments in use, each with its lead; one below an archived one is left out with it."""
    below: dict[UUID | None, list[Department]] = defaultdict(list)
    for row in Department.objects.active().in_order().select_related("lead__user"):
        below[row.parent_id].append(row)
    return _grow(below, None, 0)


def department_choices(*, without: Department | None = None) -> list[tuple[UUID, str]]:
    """The tree as choices of a select, indented; without one department and everything below it."""
    shown: list[tuple[UUID, str]] = []
    hidden: set[UUID | None] = set()
    for branch in (branch for root in department_tree() for branch in root.walk()):
        row = branch.department
        if row == without or row.parent_id in hidden:
            hidden.add(row.pk)
        else:
            shown.append((row.pk, "\u2003" * branch.depth + row.name))
    return shown


def member_counts() -> dict[UUID | None, int]:
    """How many members each department has; None stands for no department."""
    members = Member.objects.of_organization(current_organization_id())
    return dict(members.values_list("department_id").annotate(Count("id")).order_by())


def _grow(below: dict[UUID | None, list[Department]], parent: UUID | None, depth: int) -> list[Branch]:
    rows = below[parent]
    return [Branch(row, depth, row is rows[0], row is rows[-1], _grow(below, row.pk, depth + 1)) for row in rows]
