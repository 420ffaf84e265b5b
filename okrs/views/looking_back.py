"""Cycles that are over: one looked back at, and all of them to search."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, member_required
from accounts.forms.merging import merged
from accounts.forms.refusals import posted, refusals_shown_in
from accounts.models import AuditEntry
from kpis.words import day
from okrs.actions.changing import lock_objectives
from okrs.actions.closing import Grade, propose_grades
from okrs.actions.cycles import update_cycle
from okrs.actions.permissions import may_lead, require_lead
from okrs.forms.closing import LessonsForm
from okrs.models import Cycle
from okrs.presenting.archive import closed_cycles, found
from okrs.presenting.closing import Outcome, graded
from okrs.reading import load_cycle
from okrs.views.fetching import cycle_or_404


@require_http_methods(["GET", "POST"])
@member_required()
def retrospective(request: MemberRequest, cycle_id: UUID) -> HttpResponse:
    """How a cycle went; what was learned may be put better afterwards."""
    if request.method == "POST":
        require_lead(request.actor)
        lock_objectives()
    cycle = cycle_or_404(cycle_id)
    form = merged(partial(LessonsForm, cycle=cycle), posted(request))
    if form.is_bound and form.is_valid():
        with refusals_shown_in(form):
            update_cycle(request.actor, cycle, now=timezone.now(), **form.cleaned_data)
            messages.success(request, "Saved what was learned.")
            return redirect("okrs:retrospective", request.organization.slug, cycle.pk)
    context = {"form": form, **_context(request, cycle)}
    template = "okrs/_retrospective.html" if request.htmx else "okrs/retrospective.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_GET
@member_required()
def archive(request: MemberRequest) -> HttpResponse:
    """Every closed cycle with how it went, and what was set in them by its words."""
    query = request.GET.get("q", "").strip()
    context = {
        "query": query,
        "hits": found(query, request.organization.slug) if query else [],
        "cycles": closed_cycles(request.organization.slug),
    }
    return render(request, "okrs/archive.html", context)


def _context(request: MemberRequest, cycle: Cycle) -> dict[str, Any]:
    today = request.organization.today(timezone.now())
    view = load_cycle(request.organization, cycle, today)
    decided = propose_grades(request.organization, cycle, today)
    if cycle.is_closed:
        decided = {one.id: Grade(one.grade or 0.0, one.key_result.grade_reason) for one in view.key_results}
    objectives = graded(view.objectives, decided, request.organization.slug)
    return {
        "cycle": cycle,
        "dates": f"{day(cycle.starts_on)} to {day(cycle.ends_on)}",
        "objectives": objectives,
        "outcome": Outcome([(row.view.objective.kind, row.grade) for row in objectives]),
        "carried": [row for each in objectives for row in each.results if row.into],
        "closed": _closed(cycle),
        "may_lead": may_lead(request.actor),
    }


def _closed(cycle: Cycle) -> str:
    """As in "closed by Alice on 4 January 2027"."""
    if cycle.closed_on is None:
        return ""
    entry = AuditEntry.objects.filter(action="cycle.closed", subject_id=cycle.pk).select_related("member__user")
    last = entry.order_by("-at").first()
    by = f" by {last.member}" if last and last.member else ""
    return f"closed{by} on {day(cycle.closed_on)}"
