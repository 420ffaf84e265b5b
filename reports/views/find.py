"""The search field of every page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required
from reports.finding import found

LONGEST = 120


@require_GET
@member_required()
def find(request: MemberRequest) -> HttpResponse:
    """KPIs, objectives and key results by their names."""
    query = request.GET.get("q", "").strip()[:LONGEST]
    context = {"query": query, "groups": found(query, request.organization.slug) if query else []}
    return render(request, "reports/find.html", context)
