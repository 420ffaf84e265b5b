"""What can be chosen in forms: departments as an indented tree, members with those invited, KPIs by name."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import TypeAlias
from uuid import UUID

from accounts.models import Department, Member, Organization
from kpis.models import Kpi

Choices: TypeAlias = list[tuple[str, str]]
INDENT = "\u2003"


def department_choices() -> Choices:
    """Active departments, sub-departments indented below their parents."""
    rows = Department.objects.active().in_order().values_list("id", "parent_id", "name")
    return [(str(key), INDENT * depth + name) for key, name, depth in _walk(rows)]


def with_sub_departments(department_id: UUID) -> list[UUID]:
    """A department and everything below it."""
    below = defaultdict(list)
    for key, parent in Department.objects.active().values_list("id", "parent_id"):
        below[parent].append(key)
    found = [department_id]
    for key in found:
        found += below[key]
    return found


def member_choices(organization: Organization) -> Choices:
    """Everybody who can own a KPI; those who have not arrived are marked."""
    members = Member.objects.of_organization(organization.pk).by_name()
    return [(str(member.pk), f"{member}" if member.has_arrived else f"{member} (invited)") for member in members]


def kpi_choices(without: Collection[UUID] = ()) -> Choices:
    """Active KPIs by name, the key behind it where a name is there twice."""
    rows = list(Kpi.objects.active().order_by("name", "id").values_list("id", "name", "key"))
    names = Counter(name for _, name, _ in rows)
    return [(str(pk), name if names[name] == 1 else f"{name} ({key})") for pk, name, key in rows if pk not in without]


def optional(nothing: str, choices: Iterable[tuple[str, str]]) -> Choices:
    return [("", nothing), *choices]


def _walk(rows: Iterable[tuple[UUID, UUID | None, str]]) -> Iterator[tuple[UUID, str, int]]:
    below: dict[UUID | None, list[tuple[UUID, str]]] = defaultdict(list)
    for key, parent, name in rows:
        below[parent].append((key, name))

    def descend(parent: UUID | None, depth: int) -> Iterator[tuple[UUID, str, int]]:
        for key, name in below[parent]:
            yield key, name, depth
            yield from descend(key, depth + 1)

    return descend(None, 0)
