"""The ladder of the company: its KPIs at the top, what feeds them below."""

import datetime as dt
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required
from accounts.models import Role
from kpis.drawing.lanes import lanes
from kpis.drawing.tree import tree
from kpis.forms.narrowing import FACETS
from kpis.presenting.narrowed import Narrowed, narrowed_by
from kpis.tree import Forest, Node
from reports.departments import Departments, wellbeing
from reports.downloads import picture_file, table_file
from reports.figures import Teller
from reports.forms import LadderForm
from reports.ladder import (
    ALL_LEVELS,
    Grower,
    Opening,
    Rung,
    around,
    csv_rows,
    tops,
    tree_node,
    what_feeds,
    with_ways_up,
)
from reports.lanes import Lanes
from reports.reading import Reading
from reports.since import CHOICES, Since, changes_since, since_instant

# The levels that can be opened by a link, and what the link to all of them is called.
LEVEL_CHOICES = ((1, "1"), (2, "2"), (3, "3"), (4, "4"), (ALL_LEVELS, "All"))


@require_GET
@member_required()
def ladder(request: MemberRequest) -> HttpResponse:
    """The whole, a department's part of it or what lies around one KPI; as a list or drawn; now or as it was known."""
    page = LadderPage(request)
    template = "reports/_ladder.html" if request.htmx else "reports/ladder.html"
    return render(request, template, page.context)


@require_GET
@member_required()
def ladder_png(request: MemberRequest) -> HttpResponse:
    """The ladder as it is drawn for these choices, as a picture."""
    page = LadderPage(request, is_drawn=True)
    return picture_file(
        page.picture,
        title=page.title,
        name="ladder",
        organization=page.organization,
        on=page.reading.today,
        as_known=page.reading.as_known,
    )


@require_GET
@member_required()
def ladder_csv(request: MemberRequest) -> HttpResponse:
    """The KPIs of the ladder for these choices, with what each feeds, as a table."""
    page = LadderPage(request)
    return table_file(csv_rows(page.part, page.shown), name="ladder", on=page.reading.today)


@require_GET
@member_required()
def children(request: MemberRequest, key: str) -> HttpResponse:
    """What feeds one KPI, to be unfolded in place; without script the same on the ladder's page."""
    if not request.htmx:
        address = reverse("reports:ladder", args=[request.organization.slug])
        return redirect(f"{address}?{urlencode({'open': key})}")
    page = LadderPage(request)
    node = _node(page.whole, key)
    grower = Grower(page.whole, page.teller, Opening(levels=0), moved=page.since.by_id if page.since else None)
    rung = Rung(
        grower.teller.figure(node),
        below=what_feeds(page.whole, node),
        is_kept_open=True,
        children=grower.rungs_below(node),
    )
    return render(request, "reports/_below.html", {"rung": rung, "base": page.address()})


class LadderPage:
    """What the ladder's page shows for the choices in its address."""

    def __init__(self, request: MemberRequest, *, is_drawn: bool = False) -> None:
        """With ``is_drawn`` it is drawn whatever the address says."""
        self.request, self.organization = request, request.organization
        self.form = LadderForm(request.GET)
        if not self.form.is_valid():
            raise Http404("There is no such part of the ladder.")
        self.choice: dict[str, Any] = self.form.cleaned_data | ({"view": "tree"} if is_drawn else {})
        self.opened = request.GET.getlist("open")
        self.now = timezone.now()
        self.reading = Reading.of(self.organization, self.choice["as_of"], now=self.now)
        self.whole = self.reading.forest
        self.teller = Teller(self.reading.settings, self.reading.today)
        self.departments = Departments(self.organization)

    @property
    def context(self) -> dict[str, Any]:
        return {
            **self.reading.context,
            "focus": self.focus,
            "chosen_department": self.choice["department"],
            "is_drawn": self.is_drawn,
            "is_dimmed_around_focus": self.is_dimmed_around_focus,
            "levels": [
                (word, self.address(levels=levels), levels == self.grower.opening.levels)
                for levels, word in LEVEL_CHOICES
            ],
            "departments": self.departments.choices(),
            "has_kpis": bool(len(self.whole)),
            "has_links": bool(self.whole.links),
            "may_edit": self.request.member.has_role(Role.EDITOR),
            "facets": self.form.facets,
            "narrowed": self.narrowed,
            "wellbeing": wellbeing(self.part, self.shown),
            "since": self.since,
            "since_problem": self.since_problem,
            "since_choice": self.choice["since"],
            "since_on": self.choice["since_on"],
            "since_choices": CHOICES,
            "latest": self.organization.today(self.now),
            "addresses": self.addresses,
            "base": self.address(open=self.opened),
            **self.grown,
        }

    @property
    def addresses(self) -> dict[str, str]:
        """This page with one choice made otherwise; what was unfolded is sent along by the page itself."""
        return {
            "same": self.address(),
            "unfocused": self.address(focus="", open=self.opened),
            "list": self.address(view="list", open=self.opened),
            "tree": self.address(view="tree", open=self.opened),
            "now": self.address(as_of="", open=self.opened),
            "unmarked": self.address(since="", since_on="", open=self.opened),
            "all_open": self.address(levels=ALL_LEVELS),
            "png": reverse("reports:ladder-png", args=[self.organization.slug]) + self.address(open=self.opened),
            "csv": reverse("reports:ladder-csv", args=[self.organization.slug]) + self.address(open=self.opened),
        }

    @property
    def title(self) -> str:
        """What the picture shows, the filters among it."""
        said = [f"around {self.focus.name}"] if self.focus else []
        said += [chip.words for chip in self.narrowed.chips]
        return f"Company ladder ({', '.join(said)})" if said else "Company ladder"

    @property
    def picture(self) -> str:
        """The drawing by itself: in lanes where there are departments, else as a tree."""
        grown = self.grown
        return lanes(*grown["lanes"], label=self.title) if grown["lanes"] else tree(grown["tree"], label=self.title)

    def address(self, **changes: Any) -> str:
        chosen = {name: value for name, value in {**self.choice, **changes}.items() if value}
        return f"?{urlencode(chosen, doseq=True)}"

    @cached_property
    def focus(self) -> Node | None:
        return _node(self.whole, self.choice["focus"]) if self.choice["focus"] else None

    @property
    def is_drawn(self) -> bool:
        return bool(self.choice["view"] == "tree")

    @cached_property
    def lanes(self) -> Lanes | None:
        """The lanes the ladder is drawn in; None for the list, and without departments."""
        lanes = Lanes(self.part, self.departments, self.choice["department"]) if self.is_drawn else None
        return lanes or None

    @cached_property
    def asked_since(self) -> tuple[dt.datetime | None, str]:
        """Since when changes are marked, and what is wrong with it."""
        if not self.choice["since"]:
            return None, ""
        try:
            now = self.reading.instant or self.now
            then = since_instant(self.choice["since"], self.choice["since_on"], self.organization, now=now)
        except ValueError as error:
            return None, str(error)
        return then, ""

    @property
    def since_problem(self) -> str:
        return self.asked_since[1]

    @cached_property
    def since(self) -> Since | None:
        then, _ = self.asked_since
        return changes_since(self.whole, self.teller, then, self.organization) if then else None

    @cached_property
    def own(self) -> list[Node] | None:
        """A department's own KPIs, and of the kind asked for; those above them are shown dimmed. None: everything."""
        if self.choice["department"] is None and not self.form.chosen_facets:
            return None
        return self.found()

    def found(self, *, without: str = "") -> list[Node]:
        """The KPIs that fit every filter, or every one but one."""
        department_id = self.choice["department"]
        if department_id is None or without == "department":
            return self.form.fitting(self.whole, without=without)
        if department_id not in self.departments.all:
            raise Http404("There is no such department.")
        return self.form.fitting(self.departments.nodes_of(self.whole, department_id), without=without)

    @property
    def narrowed(self) -> Narrowed:
        """The filters in force."""
        department = self.departments.all.get(self.choice["department"])
        return narrowed_by(
            self.form,
            self.request.GET,
            ("department", *FACETS),
            found=len(self.whole) if self.own is None else len(self.own),
            total=len(self.whole),
            without=lambda name: len(self.found(without=name)),
            called={"department": department.name} if department else None,
        )

    @property
    def shown(self) -> list[Node]:
        """Those whose health is told: without what is dimmed."""
        return list(self.part) if self.lit is None else [node for node in self.part if node.id in self.lit]

    @cached_property
    def lit(self) -> set[UUID] | None:
        """What is not dimmed: a department's own, and in lanes what lies around the focus; None for everything."""
        if self.focus and self.is_dimmed_around_focus:
            return set(around(self.whole, self.focus).nodes)
        return None if self.own is None else {node.id for node in self.own}

    @cached_property
    def is_dimmed_around_focus(self) -> bool:
        """In lanes the rest stays in its place; elsewhere it is left out."""
        return self.is_drawn and bool(self.departments.reports(self.whole, self.choice["department"]))

    @cached_property
    def part(self) -> Forest:
        """What is shown of the whole."""
        part = self.whole if self.own is None else with_ways_up(self.whole, self.own)
        return around(self.whole, self.focus) if self.focus and not self.is_dimmed_around_focus else part

    @property
    def grown(self) -> dict[str, Any]:
        at_the_top, loose = tops(self.part)
        rungs = self.grower.rungs(at_the_top)
        unfocused = self.address(focus="", open=self.opened)
        lanes = self.lanes.drawn(rungs, unfocused) if self.lanes else None
        nodes = [tree_node(rung, unfocused) for rung in rungs] if self.is_drawn and not lanes else []
        return {"rungs": rungs, "tree": nodes, "lanes": lanes, "loose": self.grower.rungs(loose)}

    @cached_property
    def grower(self) -> Grower:
        ancestors = [node.key for node in self.part.ancestors(self.focus)] if self.focus else []
        around_focus = [*ancestors, self.focus.key] if self.focus else []
        opening = Opening.of(self.part, levels=self.choice["levels"], keys={*self.opened, *around_focus})
        focus = self.focus.key if self.focus else ""
        moved = self.since.by_id if self.since else None
        return Grower(self.part, self.teller, opening, focus=focus, lit=self.lit, moved=moved)


def _node(forest: Forest, key: str) -> Node:
    node = forest.by_key(key)
    if node is None:
        raise Http404("There is no such KPI.")
    return node
