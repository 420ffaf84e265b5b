"""Making and changing a KPI."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, member_required
from accounts.forms.refusals import refusals_shown_in
from accounts.models import Role
from kpis.actions.definitions import create_kpi, update_kpi
from kpis.forms.definition import KpiForm
from kpis.models import Kpi
from kpis.views.fetching import edited_kpi_or_404


@require_http_methods(["GET", "POST"])
@member_required(Role.EDITOR)
def kpi_new(request: MemberRequest) -> HttpResponse:
    if request.method != "POST":
        return _form(request, KpiForm(organization=request.organization, initial=_suggested(request)))
    form = KpiForm(request.POST, organization=request.organization)
    if form.is_valid():
        with refusals_shown_in(form):
            kpi = create_kpi(request.actor, now=timezone.now(), links=form.links(), **form.fields_of_kpi())
            messages.success(request, f"“{kpi.name}” is there. Give it a target and its first value.")
            return redirect(kpi.url_in(request.organization))
    return _form(request, form, status=422)


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def kpi_edit(request: MemberRequest, key: str) -> HttpResponse:
    kpi = edited_kpi_or_404(request.actor, key)
    if request.method != "POST":
        return _form(request, KpiForm(organization=request.organization, kpi=kpi), kpi=kpi)
    form = KpiForm(request.POST, organization=request.organization, kpi=kpi)
    if form.is_valid():
        with refusals_shown_in(form):
            changed = update_kpi(request.actor, kpi, now=timezone.now(), **form.fields_of_kpi())
            messages.success(request, "The definition is changed.")
            return redirect(changed.url_in(request.organization))
    return _form(request, form, kpi=kpi, status=422)


def _suggested(request: MemberRequest) -> dict[str, Any]:
    """A KPI made below another starts out like it."""
    parent = Kpi.objects.active().filter(key=request.GET.get("parent", "")).first()
    if parent is None:
        return {"unit_choice": f"currency:{request.organization.currency}", "owner": request.member.pk}
    like = KpiForm(organization=request.organization, kpi=parent).initial
    same = ("unit_choice", "unit_detail", "direction", "frequency", "aggregation", "category", "department")
    return {name: like[name] for name in same} | {"parent": parent.pk, "owner": request.member.pk}


def _form(request: MemberRequest, form: KpiForm, *, kpi: Kpi | None = None, status: int = 200) -> HttpResponse:
    return render(request, "kpis/form.html", {"form": form, "kpi": kpi}, status=status)
