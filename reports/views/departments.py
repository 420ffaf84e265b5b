"""A department in short."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required
from kpis.forms.narrowing import FACETS, facets_asked
from kpis.presenting.narrowed import narrowed_by
from kpis.tree import load_forest
from reports.departments import Departments, wellbeing
from reports.figures import Teller


@require_GET
@member_required()
def department(request: MemberRequest, department_id: UUID) -> HttpResponse:
    """Its KPIs and their health, who leads it, the departments below it."""
    today = request.organization.today(timezone.now())
    departments = Departments(request.organization)
    shown = departments.all.get(department_id)
    if shown is None:
        raise Http404("There is no such department.")
    forest, teller = load_forest(request.organization, on=today), Teller(request.organization, today)
    form = facets_asked(request.GET)
    within = departments.nodes_of(forest, department_id)
    nodes = form.fitting(within)
    narrowed = narrowed_by(form, request.GET, FACETS, found=len(nodes), total=len(within))
    context = {
        "facets": form.facets,
        "narrowed": narrowed,
        "address": request.get_full_path(),
        "department": shown,
        "path": departments.path(shown),
        "wellbeing": wellbeing(forest, nodes),
        "figures": [teller.figure(node) for node in nodes if not node.is_metric],
        "below": departments.reports(forest.only({node.id for node in nodes}), department_id),
    }
    return render(request, "reports/_department.html" if request.htmx else "reports/department.html", context)
