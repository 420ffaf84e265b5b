"""Choosing a new KPI: from the library, or a blank form."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required
from accounts.models import Role
from kpis.forms.choosing import LibraryForm
from kpis.models import Kpi
from kpis.presenting.library import shelves


@require_GET
@member_required(Role.EDITOR)
def kpi_choose(request: MemberRequest) -> HttpResponse:
    form = LibraryForm(request.GET.dict())
    found = form.found()
    context = {
        "form": form,
        "count": len(found),
        "shelves": shelves(found, request.organization),
        "parent": Kpi.objects.active().filter(key=request.GET.get("parent", "")).first(),
    }
    return render(request, "kpis/_library.html" if request.htmx else "kpis/choose.html", context)
