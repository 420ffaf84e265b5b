"""The page of an objective, and setting, changing and removing objectives."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, member_required
from accounts.errors import ConflictError
from accounts.forms.merging import merged
from accounts.forms.refusals import posted, refusals_shown_in
from accounts.models import Role
from okrs.actions.changing import lock_objectives
from okrs.actions.key_results import create_key_result
from okrs.actions.milestones import MilestoneSpec
from okrs.actions.objectives import create_objective, remove_objective, update_objective
from okrs.actions.permissions import may_lead
from okrs.drafting.template import ObjectiveTemplate
from okrs.forms.objectives import OBJECTIVE, ObjectiveForm
from okrs.forms.templates import TemplateForms, shelves, template_called
from okrs.models import Cycle, Objective
from okrs.presenting.drafting import objective_draft
from okrs.presenting.rows import key_result_row
from okrs.presenting.versions import objective_versions
from okrs.reading import load_key_results
from okrs.views.fetching import edited_objective_or_404, objective_or_404
from okrs.views.showing import show_objective


@require_GET
@member_required()
def objective(request: MemberRequest, objective_id: UUID) -> HttpResponse:
    return show_objective(request, objective_or_404(objective_id))


@require_GET
@member_required()
def objective_key_results(request: MemberRequest, objective_id: UUID) -> HttpResponse:
    """Its key results alone, for a list that is too long to bring them all."""
    shown, today = objective_or_404(objective_id), request.organization.today(timezone.now())
    ids = list(shown.key_results.filter(removed_at=None).values_list("pk", flat=True))
    views = load_key_results(request.organization, ids, today)
    lines = [key_result_row(view, request.organization.slug, today) for view in views]
    return render(request, "okrs/_key_result_rows.html", {"lines": lines})


@require_GET
@member_required()
def objective_history(request: MemberRequest, objective_id: UUID) -> HttpResponse:
    """How the objective was defined, and by whom."""
    shown = objective_or_404(objective_id)
    return render(request, "okrs/objective_history.html", {"objective": shown, "versions": objective_versions(shown)})


@require_GET
@member_required(Role.CONTRIBUTOR)
def objective_templates(request: MemberRequest) -> HttpResponse:
    """Objectives to begin with, by function."""
    asked = _uuid(request.GET.get("cycle", ""))
    cycle = Cycle.objects.open().filter(pk=asked).first() if asked else None
    return render(request, "okrs/templates.html", {"shelves": shelves(), "cycle": cycle})


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def objective_new(request: MemberRequest) -> HttpResponse:
    now, organization = timezone.now(), request.organization
    cycles = list(Cycle.objects.open().newest_first())
    if not cycles:
        return render(request, "okrs/no_cycle.html", {"may_lead": may_lead(request.actor)})
    chosen = template_called(request.GET.get("template", ""))
    data = posted(request)
    only = None if may_lead(request.actor) else request.member
    initial = _suggested(request, cycles, chosen)
    form = ObjectiveForm(data, organization=organization, cycles=cycles, only=only, initial=initial)
    rows = TemplateForms(chosen, organization, data) if chosen else None
    if data is not None and form.is_valid() and (rows is None or rows.are_valid()):
        made = _create(request, form, rows, cycles)
        if made:
            return redirect("okrs:objective", organization.slug, made.pk)
    context = {"form": form, "rows": rows, "template": chosen, "draft": _draft(form)}
    context["may_lead"] = may_lead(request.actor)
    context["today"] = organization.today(now)
    return render(request, "okrs/objective_form.html", context, status=422 if form.is_bound else 200)


def _create(
    request: MemberRequest, form: ObjectiveForm, rows: TemplateForms | None, cycles: list[Cycle]
) -> Objective | None:
    """The objective with the key results that were taken along; None where something was refused."""
    now = timezone.now()
    cycle = next(cycle for cycle in cycles if str(cycle.pk) == form.cleaned_data["cycle"])
    with refusals_shown_in(form):
        made = create_objective(request.actor, cycle, now=now, **form.fields_of_objective())
        for row in rows.taken() if rows else ():
            steps = [MilestoneSpec(title) for title in row.template.milestones]
            with refusals_shown_in(row):
                create_key_result(request.actor, made, now=now, milestones=steps, **row.fields_of_key_result())
            if row.errors:
                raise ConflictError("Nothing is saved yet: please look at its key results.")
        messages.success(request, _made(made, rows))
        return made
    return None


def _made(made: Objective, rows: TemplateForms | None) -> str:
    taken = len(list(rows.taken())) if rows else 0
    if taken:
        return f"“{made.title}” is set, with {taken} key result{'s' if taken > 1 else ''}."
    return f"“{made.title}” is set. Say by which numbers one will know that it is reached."


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def objective_edit(request: MemberRequest, objective_id: UUID) -> HttpResponse:
    if request.method == "POST":
        lock_objectives()
    changed = edited_objective_or_404(request.actor, objective_id)
    only = None if may_lead(request.actor) else request.member
    make = partial(ObjectiveForm, organization=request.organization, objective=changed, only=only)
    form = merged(make, posted(request))
    if form.is_bound and form.is_valid():
        with refusals_shown_in(form):
            update_objective(request.actor, changed, now=timezone.now(), **form.fields_of_objective())
            messages.success(request, "The objective is changed.")
            return redirect("okrs:objective", request.organization.slug, changed.pk)
    context = {"form": form, "objective": changed, "draft": _draft(form)}
    return render(request, "okrs/objective_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@member_required(Role.CONTRIBUTOR)
def objective_check(request: MemberRequest) -> HttpResponse:
    """What would be better about an objective as it is typed."""
    return render(request, "okrs/_draft.html", {"draft": objective_draft(request.POST.get("title", ""))})


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def objective_remove(request: MemberRequest, objective_id: UUID) -> HttpResponse:
    removed = edited_objective_or_404(request.actor, objective_id)
    refused = ""
    if request.method == "POST":
        try:
            remove_objective(request.actor, removed, now=timezone.now())
        except ConflictError as error:
            refused = str(error)
        else:
            messages.success(request, f"“{removed.title}” is removed.")
            return redirect(f"{reverse('okrs:list', args=[request.organization.slug])}?cycle={removed.cycle_id}")
    context = {"objective": removed, "refused": refused, "count": removed.key_results.filter(removed_at=None).count()}
    return render(request, "okrs/objective_remove.html", context, status=409 if refused else 200)


def _draft(form: ObjectiveForm) -> Any:
    return objective_draft(str(form["title"].value() or ""))


def _suggested(request: MemberRequest, cycles: list[Cycle], chosen: ObjectiveTemplate | None) -> dict[str, Any]:
    """What a new objective begins with: its place from the address, its words from a template."""
    today = request.organization.today(timezone.now())
    asked = _uuid(request.GET.get("cycle", ""))
    opened = Cycle.objects.open().to_show(today)
    cycle = next((cycle for cycle in cycles if cycle.pk == asked), opened or cycles[0])
    parent, department = _uuid(request.GET.get("parent", "")), _uuid(request.GET.get("department", ""))
    initial: dict[str, Any] = {
        "cycle": str(cycle.pk),
        "owner": str(request.member.pk),
        "department": str(department or request.member.department_id or ""),
        "aligned": f"{OBJECTIVE}:{parent}" if parent else "",
    }
    if chosen:
        initial |= {"title": chosen.title, "description": chosen.description, "kind": chosen.ambition}
    return initial


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Http404("No such thing.") from None
