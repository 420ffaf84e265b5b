"""The ladder of the company: its KPIs at the top, what feeds them below."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required
from accounts.models import Role
from kpis.tree import Forest, Node, load_forest
from reports.departments import Departments, wellbeing
from reports.figures import Teller
from reports.forms import LadderForm
from reports.ladder import ALL_LEVELS, LEVELS, Grower, Opening, Rung, around, tops, tree_node, what_feeds, with_ways_up


@require_GET
@member_required()
def ladder(request: MemberRequest) -> HttpResponse:
    """The whole, a department's part of it or what lies around one KPI; as a list or drawn."""
    page = LadderPage(request)
    template = "reports/_ladder.html" if request.htmx else "reports/ladder.html"
    return render(request, template, page.context)


@require_GET
@member_required()
def children(request: MemberRequest, key: str) -> HttpResponse:
    """What feeds one KPI, to be unfolded in place; without script the same on the ladder's page."""
    if not request.htmx:
        address = reverse("reports:ladder", args=[request.organization.slug])
        return redirect(f"{address}?{urlencode({'open': key})}")
    today = request.organization.today(timezone.now())
    forest = load_forest(request.organization, on=today)
    node = _node(forest, key)
    grower = Grower(forest, Teller(request.organization, today), Opening(levels=0))
    rung = Rung(
        grower.teller.figure(node),
        below=what_feeds(forest, node),
        is_kept_open=True,
        children=grower.rungs_below(node),
    )
    return render(request, "reports/_below.html", {"rung": rung, "base": "?"})


class LadderPage:
    """What the ladder's page shows for the choices in its address."""

    def __init__(self, request: MemberRequest) -> None:
        self.request, self.organization = request, request.organization
        form = LadderForm(request.GET)
        if not form.is_valid():
            raise Http404("There is no such part of the ladder.")
        self.choice: dict[str, Any] = form.cleaned_data
        self.opened = request.GET.getlist("open")
        self.today = self.organization.today(timezone.now())
        self.whole = load_forest(self.organization, on=self.today)
        self.departments = Departments(self.organization)

    @property
    def context(self) -> dict[str, Any]:
        return {
            "focus": self.focus,
            "chosen_department": self.choice["department"],
            "is_drawn": self.is_drawn,
            "is_all_open": self.grower.opening.levels == ALL_LEVELS,
            "departments": self.departments.choices(),
            "has_kpis": bool(len(self.whole)),
            "has_links": bool(self.whole.links),
            "may_edit": self.request.member.has_role(Role.EDITOR),
            "wellbeing": wellbeing(self.part, list(self.part)),
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
            "all_open": self.address(levels=ALL_LEVELS),
            "folded": self.address(levels=LEVELS),
        }

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
    def lit(self) -> list[Node] | None:
        """A department's own KPIs; those above them are shown dimmed."""
        department_id = self.choice["department"]
        if department_id is None:
            return None
        if department_id not in self.departments.all:
            raise Http404("There is no such department.")
        return self.departments.nodes_of(self.whole, department_id)

    @cached_property
    def part(self) -> Forest:
        """What is shown of the whole."""
        part = self.whole if self.lit is None else with_ways_up(self.whole, self.lit)
        return around(self.whole, self.focus) if self.focus else part

    @property
    def grown(self) -> dict[str, Any]:
        at_the_top, loose = tops(self.part)
        rungs = self.grower.rungs(at_the_top)
        unfocused = self.address(focus="", open=self.opened)
        nodes = [tree_node(rung, unfocused) for rung in rungs] if self.is_drawn else []
        return {"rungs": rungs, "tree": nodes, "loose": self.grower.rungs(loose)}

    @cached_property
    def grower(self) -> Grower:
        ancestors = [node.key for node in self.part.ancestors(self.focus)] if self.focus else []
        around_focus = [*ancestors, self.focus.key] if self.focus else []
        opening = Opening.of(self.part, levels=self.choice["levels"], keys={*self.opened, *around_focus})
        lit = None if self.lit is None else {node.id for node in self.lit}
        focus = self.focus.key if self.focus else ""
        return Grower(self.part, Teller(self.organization, self.today), opening, focus=focus, lit=lit)


def _node(forest: Forest, key: str) -> Node:
    node = forest.by_key(key)
    if node is None:
        raise Http404("There is no such KPI.")
    return node
