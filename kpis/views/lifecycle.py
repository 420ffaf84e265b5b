"""Archiving, restoring, removing and ordering."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, member_required
from accounts.errors import ConflictError
from accounts.models import Role
from accounts.way_back import way_back
from kpis.actions.definitions import archive_kpi, purge_kpi, reorder_kpis, restore_kpi
from kpis.actions.formulas import formulas_using
from kpis.models import Kpi, Measurement
from kpis.presenting.page import KpiPage
from kpis.presenting.references import references_of
from kpis.tree import load_forest
from kpis.views.detail import show_kpi
from kpis.views.fetching import kpi_or_404


@require_http_methods(["GET", "POST"])
@member_required(Role.EDITOR)
def kpi_archive(request: MemberRequest, key: str) -> HttpResponse:
    """Say what follows, then put the KPI aside."""
    kpi = kpi_or_404(key)
    if request.method != "POST":
        page = KpiPage(kpi, request.organization, request.actor, now=timezone.now())
        others = {"weighed": kpi.weighs.in_order(), "computed": formulas_using(kpi)}
        return render(request, "kpis/archive.html", {"kpi": kpi, "page": page, **others})
    try:
        archive_kpi(request.actor, kpi, now=timezone.now())
        messages.success(request, f"“{kpi.name}” is archived. It can be restored at any time.")
    except ConflictError as refused:
        messages.error(request, str(refused))
    return redirect(way_back(request, otherwise=kpi.url_in(request.organization)))


@require_POST
@member_required(Role.EDITOR)
def kpi_restore(request: MemberRequest, key: str) -> HttpResponse:
    kpi = kpi_or_404(key)
    try:
        restore_kpi(request.actor, kpi, now=timezone.now())
        messages.success(request, f"“{kpi.name}” is back.")
    except ConflictError as refused:
        messages.error(request, str(refused))
    return redirect(kpi.url_in(request.organization))


@require_http_methods(["GET", "POST"])
@member_required(Role.ADMIN)
def kpi_remove(request: MemberRequest, key: str) -> HttpResponse:
    """Remove for good, once the key has been typed."""
    kpi = kpi_or_404(key)
    context = {"kpi": kpi, "references": references_of(kpi, request.organization), "error": ""}
    if request.method == "POST":
        if request.POST.get("key", "").strip() != kpi.key:
            context["error"] = f"Type {kpi.key} to say that you mean it."
        else:
            try:
                purge_kpi(request.actor, kpi, now=timezone.now())
            except ConflictError as refused:
                context["error"] = str(refused)
            else:
                messages.success(request, f"“{kpi.name}” is removed.")
                return redirect("kpis:list", request.organization.slug)
    context["values"] = Measurement.objects.filter(kpi=kpi).count()
    return render(request, "kpis/remove.html", context, status=422 if context["error"] else 200)


@require_POST
@member_required(Role.EDITOR)
def kpi_order(request: MemberRequest, key: str) -> HttpResponse:
    """Move a KPI one place up or down among those that feed the same parent; the parent's page answers."""
    kpi, parent, now = kpi_or_404(key), kpi_or_404(request.POST.get("parent", "")), timezone.now()
    forest = load_forest(request.organization, on=request.organization.today(now))
    above = forest.nodes.get(parent.pk)
    order = [child.id for child in forest.children(above)] if above else []
    if kpi.pk in order:
        at = order.index(kpi.pk)
        to = at - 1 if request.POST.get("step") == "up" else at + 1
        if 0 <= to < len(order):
            order[at], order[to] = order[to], order[at]
        siblings = Kpi.objects.in_bulk(order)
        reorder_kpis(request.actor, [siblings[pk] for pk in order], now=now)
    return show_kpi(request, parent) if request.htmx else redirect(f"{parent.url_in(request.organization)}#fed-by")
