"""Home: the first ten seconds."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required
from accounts.models import Role
from kpis.forms.narrowing import FACETS, facets_asked
from kpis.presenting.narrowed import narrowed_by
from kpis.tree import Forest, Node, load_forest
from okrs.waiting import load_waiting
from reports.changes import check_ins_owed, owed, status_changes
from reports.departments import Departments, wellbeing
from reports.figures import Teller
from reports.goals import company_goals, said_since
from reports.ladder import tops

CARDS = 6
# What counts as lately for somebody who was never here before.
LATELY = dt.timedelta(days=14)


@require_GET
@member_required()
def home(request: MemberRequest) -> HttpResponse:
    """My numbers, what changed since my last visit, what I owe, and the company in one strip."""
    now = timezone.now()
    visited_at = request.member.previous_visit_at
    today = request.organization.today(now)
    forest = load_forest(request.organization, on=today)
    since = request.organization.today(visited_at) if visited_at else today - LATELY
    form = facets_asked(request.GET)
    shown = forest.only({node.id for node in form.fitting(forest)}) if form.chosen_facets else forest
    goals = company_goals(request.organization, today)
    context = {
        "goals": goals,
        "is_empty": not len(forest) and goals is None,
        "visited_on": since if visited_at else None,
        "has_kpis": bool(len(forest)),
        "facets": form.facets,
        "narrowed": narrowed_by(form, request.GET, FACETS, found=len(shown), total=len(forest)),
        "address": request.get_full_path(),
        **_context(request, forest, shown, today, since),
    }
    return render(request, "reports/_home.html" if request.htmx else "reports/home.html", context)


def _context(request: MemberRequest, forest: Forest, shown: Forest, today: dt.date, since: dt.date) -> dict[str, Any]:
    """Of what is ``shown``; what one owes is told whatever is."""
    teller = Teller(request.organization, today)
    mine = [node for node in forest if node.owner_id == request.member.pk]
    mine_shown = [node for node in mine if node.id in shown.nodes]
    waiting = load_waiting(request.organization, request.member, mine, today)
    return {
        "may_edit": request.member.has_role(Role.EDITOR),
        "owns_any": bool(mine),
        "shows_own": bool(mine_shown),
        "cards": [teller.figure(node) for node in _cards(shown, mine_shown)],
        "owned": len(mine),
        "changes": status_changes(shown, teller, since),
        "said": said_since(request.organization, request.member, since, today),
        "waiting": waiting,
        "check_ins_owed": check_ins_owed(waiting.check_ins, request.organization.slug, today),
        "owed": owed(waiting.values, teller),
        "company": wellbeing(shown, list(shown)),
        "departments": Departments(request.organization).reports(shown),
    }


def _cards(forest: Forest, mine: list[Node]) -> list[Node]:
    """The reader's own KPIs, or the company's strategic ones, or what stands at its top."""
    strategic = [node for node in forest if node.is_strategic]
    choices = (mine, strategic, tops(forest)[0])
    shown = next(filter(None, ([node for node in nodes if not node.is_metric] for nodes in choices)), [])
    return shown[:CARDS]
