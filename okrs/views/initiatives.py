"""Planning initiatives, changing and removing them, and saying how far they are."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, member_required
from accounts.errors import ConflictError
from accounts.forms.merging import merged
from accounts.forms.refusals import posted, refusals_shown_in
from accounts.models import Role
from kpis.forms.choices import member_choices
from okrs.actions.changing import lock_objectives
from okrs.actions.initiatives import create_initiative, remove_initiative, update_initiative
from okrs.actions.permissions import may_edit_key_result, require_move
from okrs.forms.initiatives import InitiativeEditForm, InitiativeForm, InitiativeProgressForm
from okrs.models import Initiative, KeyResult
from okrs.models.choices import InitiativeState
from okrs.views.answering import saved
from okrs.views.fetching import edited_key_result_or_404, initiative_or_404, key_result_or_404
from okrs.views.showing import show_key_result

MOVED = {
    InitiativeState.PLANNED: "is planned",
    InitiativeState.DOING: "is under way",
    InitiativeState.DONE: "is done",
    InitiativeState.DROPPED: "is dropped",
}


@require_POST
@member_required(Role.CONTRIBUTOR)
def initiative_add(request: MemberRequest, key_result_id: UUID) -> HttpResponse:
    """Plan an initiative without leaving the page."""
    key_result = edited_key_result_or_404(request.actor, key_result_id)
    form = InitiativeForm(request.POST, owners=member_choices(request.organization))
    if form.is_valid():
        with refusals_shown_in(form):
            made = create_initiative(request.actor, key_result, now=timezone.now(), **form.values())
            return _saved(request, key_result, f"Added: “{made.title}”.", made.pk)
    return show_key_result(request, key_result, initiative_form=form, status=422)


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def initiative_edit(request: MemberRequest, key_result_id: UUID, initiative_id: UUID) -> HttpResponse:
    """Change an initiative; whoever is only to do it says how far it is."""
    if request.method == "POST":
        lock_objectives()
    key_result = key_result_or_404(key_result_id)
    initiative = initiative_or_404(key_result, initiative_id)
    require_move(request.actor, initiative)
    form = _edit_form(request, key_result, initiative)
    if form.is_bound and form.is_valid():
        with refusals_shown_in(form):
            changed = update_initiative(request.actor, initiative, now=timezone.now(), **form.values())
            messages.success(request, f"Saved: “{changed.title}”.")
            return redirect(_address(request, key_result))
    context: dict[str, Any] = {"key_result": key_result, "initiative": initiative, "form": form}
    context["may_remove"] = may_edit_key_result(request.actor, key_result)
    return render(request, "okrs/initiative.html", context, status=422 if form.errors else 200)


@require_POST
@member_required(Role.CONTRIBUTOR)
def initiative_move(request: MemberRequest, key_result_id: UUID, initiative_id: UUID) -> HttpResponse:
    """Say how far an initiative is, with one click."""
    key_result = key_result_or_404(key_result_id)
    initiative = initiative_or_404(key_result, initiative_id)
    require_move(request.actor, initiative)
    state = request.POST.get("state", "")
    if state not in InitiativeState:
        return redirect("okrs:initiative-edit", request.organization.slug, key_result.pk, initiative.pk)
    try:
        update_initiative(request.actor, initiative, now=timezone.now(), state=state)
    except ConflictError as refused:
        messages.error(request, str(refused))
        return redirect(_address(request, key_result))
    return _saved(request, key_result, f"“{initiative.title}” {MOVED[InitiativeState(state)]}.", initiative.pk)


@require_POST
@member_required(Role.CONTRIBUTOR)
def initiative_remove(request: MemberRequest, key_result_id: UUID, initiative_id: UUID) -> HttpResponse:
    key_result = edited_key_result_or_404(request.actor, key_result_id)
    initiative = initiative_or_404(key_result, initiative_id)
    try:
        remove_initiative(request.actor, initiative, now=timezone.now())
        messages.success(request, f"“{initiative.title}” is removed.")
    except ConflictError as refused:
        messages.error(request, str(refused))
    return redirect(_address(request, key_result))


def _edit_form(
    request: MemberRequest, key_result: KeyResult, initiative: Initiative
) -> InitiativeEditForm | InitiativeProgressForm:
    if may_edit_key_result(request.actor, key_result):
        owners = member_choices(request.organization)
        return merged(partial(InitiativeEditForm, initiative=initiative, owners=owners), posted(request))
    return merged(partial(InitiativeProgressForm, initiative=initiative), posted(request))


def _saved(request: MemberRequest, key_result: KeyResult, said: str, changed: UUID) -> HttpResponse:
    shown = lambda: show_key_result(request, key_result, changed=changed)  # noqa: E731
    return saved(request, shown, said, _address(request, key_result))


def _address(request: MemberRequest, key_result: KeyResult) -> str:
    return reverse("okrs:key-result", args=[request.organization.slug, key_result.pk]) + "#initiatives"
