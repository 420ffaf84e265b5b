"""Planning actions, changing them, and saying how far they are."""

from functools import partial
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, member_required
from accounts.forms.merging import merged
from accounts.forms.refusals import posted, refusals_shown_in
from accounts.models import Role
from kpis.actions.acting import create_action, update_action
from kpis.actions.changing import lock_definitions
from kpis.actions.permissions import may_edit, require_move
from kpis.forms.actions import ActionEditForm, ActionForm, ProgressForm
from kpis.forms.choices import member_choices
from kpis.models import Action, Kpi
from kpis.models.followups import ActionState
from kpis.views.fetching import edited_kpi_or_404, kpi_or_404
from kpis.views.followups import refused, saved

MOVED = {
    ActionState.OPEN: "is to do",
    ActionState.RUNNING: "is under way",
    ActionState.DONE: "is done",
    ActionState.DROPPED: "is dropped",
}


@require_POST
@member_required(Role.CONTRIBUTOR)
def action_add(request: MemberRequest, key: str) -> HttpResponse:
    """Plan an action without leaving the page."""
    kpi = edited_kpi_or_404(request.actor, key)
    form = ActionForm(request.POST, owners=member_choices(request.organization))
    if form.is_valid():
        with refusals_shown_in(form):
            action = create_action(request.actor, kpi, now=timezone.now(), **form.values())
            return saved(request, kpi, "actions", f"Added: “{action.title}”.", changed=action.pk)
    return refused(request, kpi, "actions", action_form=form)


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def action_edit(request: MemberRequest, key: str, action_id: UUID) -> HttpResponse:
    """Change an action; whoever is only to do it says how far it is."""
    if request.method == "POST":
        lock_definitions()
    kpi = kpi_or_404(key)
    action = _action_or_404(kpi, action_id)
    require_move(request.actor, action)
    form = _edit_form(request, kpi, action)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            changed = update_action(request.actor, action, now=timezone.now(), **form.values())
            return saved(request, kpi, "actions", f"Saved: “{changed.title}”.")
    context = {"kpi": kpi, "action": action, "form": form}
    return render(request, "kpis/action.html", context, status=422 if form.errors else 200)


@require_POST
@member_required(Role.CONTRIBUTOR)
def action_move(request: MemberRequest, key: str, action_id: UUID) -> HttpResponse:
    """Say how far an action is, with one click."""
    kpi = kpi_or_404(key)
    action = _action_or_404(kpi, action_id)
    require_move(request.actor, action)
    state = request.POST.get("state", "")
    if state not in ActionState:
        return redirect(f"{kpi.url_in(request.organization)}actions/{action.pk}/")
    update_action(request.actor, action, now=timezone.now(), state=state)
    return saved(request, kpi, "actions", f"“{action.title}” {MOVED[ActionState(state)]}.", changed=action.pk)


def _edit_form(request: MemberRequest, kpi: Kpi, action: Action) -> ActionEditForm | ProgressForm:
    if may_edit(request.actor, kpi) and kpi.archived_at is None:
        owners = member_choices(request.organization)
        return merged(partial(ActionEditForm, action=action, owners=owners), posted(request))
    return merged(partial(ProgressForm, action=action), posted(request))


def _action_or_404(kpi: Kpi, action_id: UUID) -> Action:
    action = Action.objects.select_related("kpi", "owner__user").filter(kpi=kpi, pk=action_id).first()
    if action is None:
        raise Http404("No such action.")
    return action
