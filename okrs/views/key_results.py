"""The page of a key result, and setting, changing and removing key results."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeAlias
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, member_required
from accounts.errors import ConflictError
from accounts.forms.merging import SHOWN, merged
from accounts.forms.refusals import posted, refusals_shown_in
from accounts.models import Role
from kpis.forms.errors import show_row_refusals
from okrs.actions.changing import lock_objectives
from okrs.actions.key_results import create_key_result, remove_key_result, update_key_result
from okrs.actions.milestones import MilestoneSpec, set_milestones
from okrs.forms.key_results import KeyResultForm, KeyResultRows, MilestoneForm, rows_in_words
from okrs.models import CheckIn, KeyResult, Objective
from okrs.models.choices import KeyResultKind
from okrs.presenting.drafting import key_result_draft
from okrs.views.fetching import edited_key_result_or_404, edited_objective_or_404, key_result_or_404
from okrs.views.showing import show_key_result

Specs: TypeAlias = list[tuple[MilestoneForm, MilestoneSpec]]


@require_GET
@member_required()
def key_result(request: MemberRequest, key_result_id: UUID) -> HttpResponse:
    return show_key_result(request, key_result_or_404(key_result_id))


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def key_result_new(request: MemberRequest, objective_id: UUID) -> HttpResponse:
    """Measure an objective by one more key result."""
    objective = edited_objective_or_404(request.actor, objective_id)
    data = posted(request)
    if _is_only_checked(request):
        form = KeyResultForm(organization=request.organization, objective=objective, initial=_as_typed(request))
        return _show(request, objective, form, KeyResultRows(request.POST, form=form))
    form = KeyResultForm(data, organization=request.organization, objective=objective)
    rows = KeyResultRows(data, form=form)
    if data is not None and form.is_valid() and rows.are_valid():
        made = _create(request, objective, form, rows)
        if made:
            messages.success(request, f"“{made.title}” is set.")
            return redirect("okrs:objective", request.organization.slug, objective.pk)
    return _show(request, objective, form, rows, status=422 if data is not None else 200)


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def key_result_edit(request: MemberRequest, key_result_id: UUID) -> HttpResponse:
    """Change a key result; what it is to reach needs a reason once somebody has checked in."""
    is_check = _is_only_checked(request)
    if request.method == "POST" and not is_check:
        lock_objectives()
    stored = edited_key_result_or_404(request.actor, key_result_id)
    data, objective = posted(request), stored.objective
    milestones = list(stored.milestones.in_order())
    if is_check:
        form = KeyResultForm(
            organization=request.organization, objective=objective, key_result=stored, initial=_as_typed(request)
        )
        form.shown = request.POST.get(SHOWN, "")
        return _show(request, objective, form, KeyResultRows(request.POST, form=form), stored=stored)
    make = partial(KeyResultForm, organization=request.organization, objective=objective, key_result=stored)
    form = merged(make, data, **rows_in_words(stored, milestones))
    rows = KeyResultRows(data, form=form, key_result=stored, milestones=milestones)
    if data is not None and form.is_valid() and rows.are_valid() and _change(request, stored, form, rows):
        messages.success(request, "The key result is changed.")
        return redirect("okrs:key-result", request.organization.slug, stored.pk)
    return _show(request, objective, form, rows, stored=stored, status=422 if data is not None else 200)


@require_POST
@member_required(Role.CONTRIBUTOR)
def key_result_check(request: MemberRequest) -> HttpResponse:
    """What would be better about a key result as it is typed, and which KPI it may mean."""
    return render(request, "okrs/_draft.html", {"draft": key_result_draft(request.POST.dict())})


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def key_result_remove(request: MemberRequest, key_result_id: UUID) -> HttpResponse:
    removed = edited_key_result_or_404(request.actor, key_result_id)
    refused = ""
    if request.method == "POST":
        try:
            remove_key_result(request.actor, removed, now=timezone.now())
        except ConflictError as error:
            refused = str(error)
        else:
            messages.success(request, f"“{removed.title}” is removed.")
            return redirect("okrs:objective", request.organization.slug, removed.objective_id)
    context = {"key_result": removed, "refused": refused, "said": removed.check_ins.count()}
    return render(request, "okrs/key_result_remove.html", context, status=409 if refused else 200)


def _create(request: MemberRequest, objective: Objective, form: KeyResultForm, rows: KeyResultRows) -> KeyResult | None:
    """The key result with its milestones; None where something was refused, which the forms say."""
    given = form.fields_of_key_result()
    kind = given["kind"]
    specs = rows.specs() if kind == KeyResultKind.MILESTONES else []
    now = timezone.now()
    with refusals_shown_in(form), _milestones_shown_in(specs, form):
        _refuse_none(kind, specs)
        steps = [spec for _, spec in specs]
        return create_key_result(request.actor, objective, now=now, milestones=steps, **given, **rows.fields_of(kind))
    return None


def _change(request: MemberRequest, stored: KeyResult, form: KeyResultForm, rows: KeyResultRows) -> bool:
    """Whether what was typed is stored."""
    given, now = form.fields_of_key_result(), timezone.now()
    kind, reason = given["kind"], form.cleaned_data["reason"]
    specs = rows.specs() if kind == KeyResultKind.MILESTONES else []
    with refusals_shown_in(form), _milestones_shown_in(specs, form):
        _refuse_none(kind, specs)
        if stored.kind == KeyResultKind.MILESTONES and kind != stored.kind:
            set_milestones(request.actor, stored, [], now=now)
        changed = update_key_result(request.actor, stored, now=now, reason=reason, **given, **rows.fields_of(kind))
        if kind == KeyResultKind.MILESTONES:
            set_milestones(request.actor, changed, [spec for _, spec in specs], now=now)
    return not form.errors and not any(row.errors for row, _ in specs)


def _refuse_none(kind: str, specs: Specs) -> None:
    """An integration may add milestones afterwards; who fills in the form has the fields before them."""
    if kind == KeyResultKind.MILESTONES and not specs:
        raise ConflictError("Name at least one milestone: a step that is either done or not.")


@contextmanager
def _milestones_shown_in(specs: Specs, form: KeyResultForm) -> Iterator[None]:
    """What is refused about milestones becomes an error of its row, and nothing is saved."""
    try:
        yield
    except ValidationError as error:
        refused = getattr(error, "error_dict", {}).get("milestones", [])
        if not any((one.params or {}).get("index") is not None for one in refused):
            raise
        show_row_refusals([row for row, _ in specs], form, refused)
        raise ConflictError("Nothing is saved yet: please look at its milestones.") from None


def _is_only_checked(request: MemberRequest) -> bool:
    """Whether the form was sent to be shown again with advice, or with a KPI linked, and not to be saved."""
    return request.method == "POST" and ("check" in request.POST or "link" in request.POST)


def _as_typed(request: MemberRequest) -> dict[str, str]:
    """What was sent, nothing of it judged, with the KPI that was chosen from the suggestions."""
    typed: dict[str, str] = request.POST.dict()
    return typed | {"kpi": typed["link"], "start": ""} if "link" in typed else typed


def _show(
    request: MemberRequest,
    objective: Objective,
    form: KeyResultForm,
    rows: KeyResultRows,
    *,
    stored: KeyResult | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = {name: str(form[name].value() or "") for name in form.fields}
    context = {
        "form": form,
        "rows": rows,
        "objective": objective,
        "key_result": stored,
        "draft": key_result_draft(shown),
        "needs_reason": stored is not None and CheckIn.objects.filter(key_result=stored).exists(),
    }
    return render(request, "okrs/key_result_form.html", context, status=status)
