"""How a KPI's definition changed."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required
from kpis.definition_history import editions, versions_of
from kpis.presenting.versions import version_lines
from kpis.views.fetching import kpi_or_404

PAGE_SIZE = 25


@require_GET
@member_required()
def kpi_history(request: MemberRequest, key: str) -> HttpResponse:
    kpi = kpi_or_404(key)
    page = Paginator(versions_of(kpi), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"kpi": kpi, "page": page, "versions": version_lines(editions(list(page.object_list)))}
    return render(request, "kpis/history.html", context)
