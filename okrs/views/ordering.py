"""The order in which objectives and key results stand, a place up or down at a time."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member_required
from accounts.models import Role
from okrs.actions.key_results import reorder_key_results
from okrs.actions.objectives import reorder_objectives
from okrs.models import KeyResult, Objective
from okrs.views.fetching import edited_key_result_or_404, objective_or_404
from okrs.views.showing import show_objective

Row = TypeVar("Row", Objective, KeyResult)


@require_GET
@member_required(Role.EDITOR)
def objective_peers(request: MemberRequest, objective_id: UUID) -> HttpResponse:
    """The objectives of its cycle and department, to be put in order."""
    return _show_peers(request, objective_or_404(objective_id))


@require_POST
@member_required(Role.EDITOR)
def objective_order(request: MemberRequest, objective_id: UUID) -> HttpResponse:
    """Move an objective a place up or down among those of its cycle and department."""
    moved = objective_or_404(objective_id)
    rows = list(Objective.objects.filter(cycle=moved.cycle_id).with_people().in_order())
    peers = [row for row in rows if row.department_id == moved.department_id]
    if other := _neighbour(peers, moved, request.POST.get("step", "")):
        reorder_objectives(request.actor, _swapped(rows, moved, other), now=timezone.now())
    if request.htmx:
        return _show_peers(request, moved)
    return redirect("okrs:objective-peers", request.organization.slug, moved.pk)


@require_POST
@member_required(Role.CONTRIBUTOR)
def key_result_order(request: MemberRequest, key_result_id: UUID) -> HttpResponse:
    """Move a key result a place up or down within its objective, whose page answers."""
    moved = edited_key_result_or_404(request.actor, key_result_id)
    rows = list(KeyResult.objects.filter(objective=moved.objective_id).with_context().in_order())
    if other := _neighbour(rows, moved, request.POST.get("step", "")):
        reorder_key_results(request.actor, _swapped(rows, moved, other), now=timezone.now())
    if request.htmx:
        return show_objective(request, objective_or_404(moved.objective_id))
    return redirect(f"{reverse('okrs:objective', args=[request.organization.slug, moved.objective_id])}#key-results")


def _show_peers(request: MemberRequest, shown: Objective) -> HttpResponse:
    peers = Objective.objects.filter(cycle=shown.cycle_id, department=shown.department_id).in_order()
    template = "okrs/_objective_peers.html" if request.htmx else "okrs/objective_peers.html"
    return render(request, template, {"objective": shown, "peers": peers})


def _neighbour(rows: Sequence[Row], moved: Row, step: str) -> Row | None:
    """What stands where a row is to go; None where it is at the end already."""
    to = rows.index(moved) + (-1 if step == "up" else 1)
    return rows[to] if 0 <= to < len(rows) else None


def _swapped(rows: Sequence[Row], one: Row, other: Row) -> list[Row]:
    places = {one.pk: other, other.pk: one}
    return [places.get(row.pk, row) for row in rows]
