"""The KPIs that nobody seems to use."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required
from kpis.actions.permissions import may_define
from kpis.vanity_facts import only_looked_at


@require_GET
@member_required()
def kpi_unused(request: MemberRequest) -> HttpResponse:
    listed = only_looked_at(request.organization, request.organization.today(timezone.now()))
    return render(request, "kpis/unused.html", {"listed": listed, "may_define": may_define(request.actor)})
