"""Cycles: which there are, making and changing them, and which are made ahead by themselves."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, member_required
from accounts.errors import ConflictError
from accounts.forms.merging import merged
from accounts.forms.refusals import posted, refusals_shown_in
from accounts.models import Role
from kpis.words import day
from okrs.actions.ahead import set_rhythms
from okrs.actions.changing import lock_objectives
from okrs.actions.cycles import activate_cycle, create_cycle, remove_cycle, update_cycle
from okrs.actions.permissions import may_lead
from okrs.following.readings import span_of
from okrs.forms.cycles import CycleEditForm, CycleForm, RhythmsForm
from okrs.models import Cycle, CycleRhythm
from okrs.presenting.overview import state_words
from okrs.views.fetching import cycle_or_404


@dataclass(frozen=True, slots=True)
class CycleRow:
    """A cycle with how far it is and how many objectives it has."""

    cycle: Cycle
    dates: str
    length: str
    state: str
    time: str
    objectives: int


@require_GET
@member_required()
def cycles(request: MemberRequest) -> HttpResponse:
    today = request.organization.today(timezone.now())
    present = Count("objectives", filter=Q(objectives__removed_at=None))
    counts = dict(Cycle.objects.annotate(count=present).values_list("pk", "count"))
    rows = [
        CycleRow(
            cycle,
            f"{day(cycle.starts_on)} to {day(cycle.ends_on)}",
            cycle.get_length_display(),
            cycle.get_state_display(),
            "" if cycle.is_closed else state_words(cycle, today),
            counts[cycle.pk],
        )
        for cycle in Cycle.objects.newest_first()
    ]
    rhythms = RhythmsForm(rhythms={row.length: row for row in CycleRhythm.objects.all()})
    return render(request, "okrs/cycles.html", {"rows": rows, "rhythms": rhythms, "may_lead": may_lead(request.actor)})


@require_http_methods(["GET", "POST"])
@member_required(Role.EDITOR)
def cycle_new(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    taken = {span_of(cycle) for cycle in Cycle.objects.all()}
    form = CycleForm(
        posted(request), organization=request.organization, today=request.organization.today(now), taken=taken
    )
    if form.is_bound and form.is_valid():
        with refusals_shown_in(form):
            cycle = create_cycle(request.actor, now=now, **form.values())
            messages.success(request, f"“{cycle.name}” is there. Set its objectives, then begin it.")
            return redirect(_address(request, cycle))
    return render(request, "okrs/cycle_form.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@member_required(Role.EDITOR)
def cycle_edit(request: MemberRequest, cycle_id: UUID) -> HttpResponse:
    if request.method == "POST":
        lock_objectives()
    cycle = cycle_or_404(cycle_id)
    form = merged(partial(CycleEditForm, cycle=cycle, organization=request.organization), posted(request))
    if form.is_bound and form.is_valid():
        with refusals_shown_in(form):
            update_cycle(request.actor, cycle, now=timezone.now(), **form.values())
            messages.success(request, "The cycle is changed.")
            return redirect("okrs:cycles", request.organization.slug)
    context = {"form": form, "cycle": cycle, "is_empty": not cycle.objectives.exists()}
    return render(request, "okrs/cycle_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@member_required(Role.EDITOR)
def cycle_activate(request: MemberRequest, cycle_id: UUID) -> HttpResponse:
    """Planning is over: check-ins are due from now on."""
    cycle = cycle_or_404(cycle_id)
    try:
        activate_cycle(request.actor, cycle, now=timezone.now())
        messages.success(request, f"“{cycle.name}” has begun: from now on check-ins are due.")
    except ConflictError as refused:
        messages.error(request, str(refused))
    return redirect(_address(request, cycle))


@require_POST
@member_required(Role.EDITOR)
def cycle_remove(request: MemberRequest, cycle_id: UUID) -> HttpResponse:
    cycle = cycle_or_404(cycle_id)
    try:
        remove_cycle(request.actor, cycle, now=timezone.now())
        messages.success(request, f"“{cycle.name}” is removed.")
    except ConflictError as refused:
        messages.error(request, str(refused))
    return redirect("okrs:cycles", request.organization.slug)


@require_POST
@member_required(Role.EDITOR)
def cycle_rhythms(request: MemberRequest) -> HttpResponse:
    """Which cycles are made ahead by themselves."""
    form = RhythmsForm(request.POST, rhythms={})
    if form.is_valid():
        with refusals_shown_in(form):
            set_rhythms(request.actor, form.values(), now=timezone.now())
    if form.errors:
        for error in (text for texts in form.errors.values() for text in texts):
            messages.error(request, str(error))
    else:
        messages.success(request, "Saved. Cycles that are missing are made within a minute.")
    return redirect("okrs:cycles", request.organization.slug)


def _address(request: MemberRequest, cycle: Cycle) -> str:
    return f"{reverse('okrs:list', args=[request.organization.slug])}?cycle={cycle.pk}"
