"""What the frame of every page shows: the entries of the side bar, the department tree, the theme."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.department_tree import DepartmentTree
from accounts.models import Organization

THEMES: Final = ("light", "dark", "system")
THEME_COOKIE: Final = "theme"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the organization that the side bar leads to."""

    url_name: str
    label: str
    icon: str
    short: str = ""  # the label in the bottom bar, where it has to fit a fifth of a narrow screen
    also: tuple[str, ...] = ()  # pages that belong to it though their addresses begin otherwise
    beneath: tuple[str, ...] = ()  # and how addresses below the organization's begin that have no page of their own
    folds_departments: bool = False


# The side bar, from the top; the first four are the bottom bar of narrow screens, the rest is behind its "More".
ENTRIES: Final = (
    Entry("reports:home", "Home", "home"),
    Entry("reports:my-ladder", "My ladder", "stairs-up"),
    Entry("kpis:list", "KPIs", "gauge", also=("reports:compare", "reports:what-if"), folds_departments=True),
    Entry(
        "okrs:list", "Objectives", "target", also=("okrs:cycles",), beneath=("key-results/",), folds_departments=True
    ),
    Entry("reports:ladder", "Company ladder", "sitemap", short="Company"),
)
FOOT: Final = (Entry("accounts:settings", "Settings", "settings"),)
BAR_LENGTH: Final = 4


@dataclass(frozen=True, slots=True)
class Link:
    """An entry with its address in the organization of the request."""

    label: str
    short: str
    icon: str
    href: str
    is_current: bool
    departments: list["Branch"]


@dataclass(frozen=True, slots=True)
class Branch:
    """A department as a link to its KPIs or objectives, with the departments below it."""

    name: str
    href: str
    is_current: bool
    children: list["Branch"]


class Navigation:
    """The frame's content for one request; what a page does not show is never fetched."""

    def __init__(self, request: HttpRequest, organization: Organization) -> None:
        self.request = request
        self.organization = organization

    @cached_property
    def entries(self) -> list[Link]:
        return self._links(ENTRIES)

    @cached_property
    def foot(self) -> list[Link]:
        return self._links(FOOT)

    @property
    def bar(self) -> list[Link]:
        return self.entries[:BAR_LENGTH]

    @property
    def more(self) -> list[Link]:
        return [*self.entries[BAR_LENGTH:], *self.foot]

    @property
    def is_more_current(self) -> bool:
        return any(link.is_current for link in self.more)

    @cached_property
    def organizations(self) -> list[Organization]:
        """The organizations of the person, by name, for the switcher."""
        return list(Organization.objects.of(self.request.user).order_by("name"))  # type: ignore[arg-type]

    @cached_property
    def _tree(self) -> DepartmentTree:
        return DepartmentTree()

    def _departments(self, entry: Entry, href: str) -> list[Branch]:
        if not entry.folds_departments:
            return []
        chosen = self.request.GET.get("department") if self.request.path == href else None
        return branches(self._tree, href, chosen)

    def _links(self, entries: Iterable[Entry]) -> list[Link]:
        found = ((entry, reverse(entry.url_name, args=[self.organization.slug])) for entry in entries)
        return [
            Link(
                label=entry.label,
                short=entry.short or entry.label,
                icon=entry.icon,
                href=href,
                is_current=self._is_current(entry, href),
                departments=self._departments(entry, href),
            )
            for entry, href in found
        ]

    def _is_current(self, entry: Entry, href: str) -> bool:
        """A page belongs to the entry whose address its own begins with; home's would fit every page."""
        begins = [href] if entry.url_name != "reports:home" else []
        begins += [reverse(name, args=[self.organization.slug]) for name in entry.also]
        begins += [f"/{self.organization.slug}/{beginning}" for beginning in entry.beneath]
        return self.request.path == href or any(self.request.path.startswith(address) for address in begins)


def branches(tree: DepartmentTree, address: str, current: str | None, below: UUID | None = None) -> list[Branch]:
    """Departments as links to the list at ``address``; ``current`` is the id of the chosen one."""
    return [
        Branch(
            name=department.name,
            href=f"{address}?department={department.pk}",
            is_current=str(department.pk) == current,
            children=branches(tree, address, current, department.pk),
        )
        for department in tree.below(below)
    ]


def theme_of(request: HttpRequest) -> str:
    """The theme the reader chose, kept in a cookie so that the first byte of a page already has it."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "system"


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``theme`` on every page, ``navigation`` and ``organization`` inside an organization."""
    context: dict[str, Any] = {"theme": theme_of(request)}
    organization = getattr(request, "organization", None)
    if organization is not None:
        context |= {"organization": organization, "navigation": Navigation(request, organization)}
    return context
