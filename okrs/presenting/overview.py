"""A cycle at a glance: how it goes as a whole, its objectives in groups, and what does not hang together."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from accounts.models import Member, Organization
from kpis.drawing.status import STATUSES, status_icon
from kpis.words import day
from okrs.following.readings import span_of
from okrs.forms.listing import ObjectiveListForm
from okrs.health import Finding, ObjectiveFacts, Unit, alignment
from okrs.models import Cycle
from okrs.models.choices import CycleState, ProgressFrom
from okrs.presenting import words
from okrs.presenting.figures import bar, percent
from okrs.presenting.rows import ObjectiveRow, objective_row
from okrs.presenting.trends import sampled_days
from okrs.reading import Course, ObjectiveView, Overview

PAGE_SIZE: Final = 50
MOST_UNFOLDED: Final = 15  # objectives on a page whose key results come along; of more they are fetched when asked for
MOST_MENDS: Final = 20
# The worst first, as one reads what needs attention.
BY_URGENCY: Final = ("off_track", "at_risk", "no_data", "on_track", "achieved", "too_early", "not_started")
ON_TRACK: Final = ("on_track", "achieved")
JUDGED: Final = ("off_track", "at_risk", "on_track", "achieved")


@dataclass(frozen=True, slots=True)
class Tab:
    """A status with how many objectives have it, as a link that narrows the list to them."""

    status: str
    word: str
    shape: SafeString
    count: int
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Objectives under one heading: mine, the company's, those of a department."""

    name: str
    href: str
    order_href: str  # where its order is changed; empty for mine, which stand in the order of their departments
    rows: Sequence[ObjectiveRow]


@dataclass(frozen=True, slots=True)
class Mend:
    """Something that does not hang together, with the way to mend it."""

    words: str
    href: str
    action: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A cycle one can switch to."""

    name: str
    state: str
    href: str
    is_current: bool


class CycleOverview:
    """What one reader sees of one cycle."""

    def __init__(
        self,
        view: Overview,
        form: ObjectiveListForm,
        organization: Organization,
        member: Member,
        *,
        today: dt.date,
        page: str | None = None,
    ) -> None:
        self.view, self.form, self.organization, self.member = view, form, organization, member
        self.today, self._page = today, page
        self.slug = organization.slug

    # The cycle as a whole

    @property
    def cycle(self) -> Cycle:
        return self.view.cycle

    @property
    def is_empty(self) -> bool:
        return not self.view.objectives

    @property
    def dates(self) -> str:
        return f"{day(self.cycle.starts_on)} to {day(self.cycle.ends_on)}"

    @property
    def days_left(self) -> str:
        if self.cycle.is_closed:
            return "closed"
        return words.days_left_words(self.cycle.days_left(self.today), self.cycle.starts_on, self.today)

    @property
    def expected(self) -> str:
        return percent(self.view.expected)

    @property
    def progress(self) -> str:
        return percent(self.view.progress)

    @property
    def bar(self) -> SafeString:
        said = f"{self.progress} done, {self.expected} of the cycle’s days gone"
        return bar(self.view.progress, self.view.expected, "too_early", said)

    @property
    def on_track(self) -> str:
        """ "5 of 8 on track"; before anything is judged how many there are."""
        counts = self.view.counts
        judged = sum(counts[key] for key in JUDGED)
        if not judged:
            return words.counted(len(self.view.objectives), "objective")
        return f"{sum(counts[key] for key in ON_TRACK)} of {judged}"

    @property
    def is_judged(self) -> bool:
        return any(self.view.counts[key] for key in JUDGED)

    @cached_property
    def attention(self) -> str:
        """What of check-ins is late, in words; empty where nothing is."""
        stale = sum(1 for one in self.view.key_results if one.stale)
        return f"{words.counted(stale, 'check-in')} overdue" if stale else ""

    @cached_property
    def contradictions(self) -> int:
        return sum(1 for one in self.view.objectives if one.is_contradicted)

    # The list

    @cached_property
    def fitting(self) -> list[ObjectiveView]:
        return [view for view in self.view.objectives if self.form.fits(view)]

    @cached_property
    def chosen(self) -> list[ObjectiveView]:
        """Those in the chosen status, mine first, then by department in the tree's order."""
        status = self.form.chosen_status
        chosen = [view for view in self.fitting if not status or view.status == status]
        return sorted(chosen, key=self._place)

    @cached_property
    def page(self) -> "Page[ObjectiveView]":
        return Paginator(self.chosen, PAGE_SIZE).get_page(self._page)

    @property
    def is_long(self) -> bool:
        """Whether key results stay behind until somebody unfolds them."""
        return len(self.page.object_list) > MOST_UNFOLDED

    @cached_property
    def groups(self) -> list[Group]:
        groups: list[Group] = []
        for view in self.page.object_list:
            name, href = self._heading(view)
            if not groups or groups[-1].name != name:
                order = "" if self._is_mine(view) else reverse("okrs:objective-peers", args=[self.slug, view.id])
                groups.append(Group(name, href, order, []))
            rows = groups[-1].rows
            assert isinstance(rows, list)  # noqa: S101 - for the type checker
            course = self._courses[view.id]
            rows.append(objective_row(view, self.slug, self.today, course, with_key_results=not self.is_long))
        return groups

    @cached_property
    def _courses(self) -> Mapping[UUID, Course]:
        return self.view.rollup.courses(sampled_days(span_of(self.cycle), self.view.on))

    @property
    def tabs(self) -> Iterator[Tab]:
        current = self.form.chosen_status
        yield Tab("", "All", mark_safe(""), len(self.fitting), self.address(status=""), not current)
        for key, count in self._counts(self.fitting, current):
            shape = mark_safe(status_icon(key))  # noqa: S308 - our own drawing
            yield Tab(key, STATUSES[key].word, shape, count, self.address(status=key), current == key)

    def address(self, **changed: str) -> str:
        """The list's own address with other parameters, from its first page on, without empty ones."""
        asked = {**dict(self.form.data.items()), "page": "", **changed}
        return f"?{urlencode({name: value for name, value in asked.items() if value})}"

    @property
    def all_address(self) -> str:
        return f"?cycle={self.cycle.pk}"

    @property
    def templates_address(self) -> str:
        return f"{reverse('okrs:objective-templates', args=[self.slug])}?cycle={self.cycle.pk}"

    def _counts(self, views: Sequence[ObjectiveView], also: str = "") -> Iterator[tuple[str, int]]:
        statuses = [view.status for view in views]
        found = ((key, statuses.count(key)) for key in BY_URGENCY)
        return ((key, count) for key, count in found if count or key == also)

    def _is_mine(self, view: ObjectiveView) -> bool:
        return view.objective.owner_id == self.member.pk

    @cached_property
    def _order(self) -> dict[UUID | None, int]:
        tree = [branch.department.pk for branch in self.form.departments.walk()]
        return {None: 0, **{id: place for place, id in enumerate(tree, start=1)}}

    def _place(self, view: ObjectiveView) -> tuple[bool, int, str]:
        if self._is_mine(view):
            return False, 0, ""
        department = view.objective.department
        name = department.name if department else ""
        return True, self._order.get(view.objective.department_id, len(self._order)), name

    def _heading(self, view: ObjectiveView) -> tuple[str, str]:
        if self._is_mine(view):
            return "Mine", self.address(mine="on")
        department = view.objective.department
        if department is None:
            return "The whole company", self.address(department="company")
        return department.name, self.address(department=str(department.pk))

    # What does not hang together

    @property
    def mends(self) -> list[Mend]:
        """The first of them; what comes after follows once these are mended."""
        return [self._mend(finding) for finding in self.findings[:MOST_MENDS]]

    @property
    def further_mends(self) -> int:
        return max(len(self.findings) - MOST_MENDS, 0)

    @cached_property
    def findings(self) -> list[Finding]:
        if self.cycle.is_closed or self.is_empty:
            return []
        facts = [_facts(view) for view in self.view.objectives]
        owners = {view.objective.owner_id: view.objective.owner for view in self.view.objectives}
        people = [Unit(id, str(owner)) for id, owner in owners.items() if owner]
        return alignment(facts, list(self._departments()), people)

    def _departments(self) -> Iterator[Unit]:
        """Those that have objectives, and the topmost ones in which nobody has any."""
        tree = self.form.departments
        used = {view.objective.department_id for view in self.view.objectives}
        for branch in tree.walk():
            id = branch.department.pk
            if id in used or (branch.depth == 0 and used.isdisjoint(tree.within(id))):
                yield Unit(id, branch.department.name)

    def _mend(self, finding: Finding) -> Mend:
        href, action = self._way(finding)
        return Mend(finding.words, href, action)

    def _way(self, finding: Finding) -> tuple[str, str]:
        subject = finding.subject
        new = reverse("okrs:objective-new", args=[self.slug])
        match finding.kind:
            case "no_parent":
                return reverse("okrs:objective-edit", args=[self.slug, subject]) + "#id_aligned", "Align it"
            case "no_key_results":
                return reverse("okrs:key-result-new", args=[self.slug, subject]), "Add a key result"
            case "unsupported":
                return f"{new}?cycle={self.cycle.pk}&parent={subject}", "Add a supporting objective"
            case "too_many_key_results":
                return reverse("okrs:objective", args=[self.slug, subject]) + "#key-results", "Look through them"
            case "no_objectives":
                return f"{new}?cycle={self.cycle.pk}&department={subject}", "Add one"
        name = "department" if subject in self._order else "owner"
        return self.address(**{name: str(subject)}), "Look through them"


def choices_of(cycles: Sequence[Cycle], current: Cycle, today: dt.date) -> list[Choice]:
    """The cycles to switch between: those that are open, and of the closed ones the latest and the one shown."""
    closed = [cycle for cycle in cycles if cycle.is_closed]
    shown = [cycle for cycle in cycles if not cycle.is_closed or cycle in (closed[:1] + [current])]
    return [Choice(cycle.name, state_words(cycle, today), f"?cycle={cycle.pk}", cycle == current) for cycle in shown]


def state_words(cycle: Cycle, today: dt.date) -> str:
    """How far a cycle is, in a word or two."""
    if cycle.is_closed:
        return "closed"
    if cycle.state == CycleState.PLANNING:
        return "being planned"
    return words.days_left_words(cycle.days_left(today), cycle.starts_on, today)


def _facts(view: ObjectiveView) -> ObjectiveFacts:
    own = view.objective
    return ObjectiveFacts(
        id=own.pk,
        title=own.title,
        parent=own.parent_id or own.parent_key_result_id,
        department=own.department_id,
        owner=own.owner_id,
        key_results=tuple(one.id for one in view.key_results),
        averages_children=own.progress_from != ProgressFrom.KEY_RESULTS,
    )
