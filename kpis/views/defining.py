"""Making and changing a KPI."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, member_required
from accounts.forms.merging import SHOWN, merged
from accounts.forms.refusals import posted, refusals_shown_in
from accounts.models import Role
from kpis.actions.changing import lock_definitions
from kpis.actions.definitions import create_kpi, update_kpi
from kpis.actions.formulas import formulas_using
from kpis.actions.from_template import create_with_operands
from kpis.engine.formula.reference import REFERENCE
from kpis.forms.definition import KpiForm, initial_from
from kpis.forms.operands import OperandsForm
from kpis.formula_checking import check_formula
from kpis.library import template
from kpis.models import Kpi
from kpis.models.choices import Source
from kpis.presenting.library import listed, looks_back_a_year
from kpis.presenting.redefining import redefinition_of
from kpis.views.fetching import edited_kpi_or_404
from kpis.views.formulas import formula_panel, made_along


@require_http_methods(["GET", "POST"])
@member_required(Role.EDITOR)
def kpi_new(request: MemberRequest) -> HttpResponse:
    if is_only_checked(request):
        return show_form(request, as_typed(request))
    if request.method != "POST":
        return show_form(request, KpiForm(organization=request.organization, initial=_suggested(request)))
    form = KpiForm(request.POST, organization=request.organization)
    if form.is_valid():
        with refusals_shown_in(form):
            kpi = create_kpi(request.actor, now=timezone.now(), links=form.links(), **form.fields_of_kpi())
            messages.success(request, f"“{kpi.name}” is there. Give it a target and its first value.")
            return redirect(kpi.url_in(request.organization))
    return show_form(request, form, status=422)


@require_http_methods(["GET", "POST"])
@member_required(Role.EDITOR)
def kpi_new_from(request: MemberRequest, chosen: str) -> HttpResponse:
    """A KPI of the library, and what it is worked out from where that is not here yet."""
    try:
        one = template(chosen)
    except KeyError:
        raise Http404("There is no such KPI in the library.") from None
    operands = OperandsForm(one, request.organization, request.POST if request.method == "POST" else None)
    if is_only_checked(request):
        return show_form(request, as_typed(request), operands=operands)
    if request.method != "POST":
        initial = initial_from(one, request.organization) | _place(request)
        return show_form(request, KpiForm(organization=request.organization, initial=initial), operands=operands)
    form = KpiForm(request.POST, organization=request.organization)
    if form.is_valid() and operands.is_valid() and _is_understood(form, operands):
        with refusals_shown_in(form):
            made = create_with_operands(
                request.actor,
                one,
                operands.operands(),
                organization=request.organization,
                now=timezone.now(),
                links=form.links(),
                **form.fields_of_kpi(),
            )
            messages.success(request, _made(made.kpi, made.operands))
            return redirect(made.kpi.url_in(request.organization))
    return show_form(request, form, operands=operands, status=422)


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def kpi_edit(request: MemberRequest, key: str) -> HttpResponse:
    is_check = is_only_checked(request)
    if request.method == "POST" and not is_check:
        lock_definitions()
    kpi = edited_kpi_or_404(request.actor, key)
    if is_check:
        return show_form(request, as_typed(request, kpi), kpi=kpi)
    form = merged(partial(KpiForm, organization=request.organization, kpi=kpi), posted(request))
    if form.is_bound and form.is_valid():
        return _change(request, kpi, form)
    return show_form(request, form, kpi=kpi, status=422 if form.is_bound else 200)


def _change(request: MemberRequest, kpi: Kpi, form: KpiForm) -> HttpResponse:
    """Save what was sent; what reads stored values otherwise is shown first, and saved once that is confirmed."""
    given, now = form.fields_of_kpi(), timezone.now()
    asked = redefinition_of(kpi, given, request.organization, request.organization.today(now))
    is_confirmed = asked is None or request.POST.get("confirmed") == asked.token
    with refusals_shown_in(form):
        attempt = transaction.savepoint()
        changed = update_kpi(request.actor, kpi, now=now, reason=form.cleaned_data["reason"], **given)
        if is_confirmed:
            messages.success(request, "The definition is changed.")
            return redirect(changed.url_in(request.organization))
        transaction.savepoint_rollback(attempt)
    if form.errors:
        return show_form(request, form, kpi=kpi, status=422)
    return render(request, "kpis/redefine.html", {"kpi": kpi, "form": form, "redefinition": asked})


def is_only_checked(request: MemberRequest) -> bool:
    """Whether the form was sent to be shown again, its formula read, and not to be saved."""
    return request.method == "POST" and ("check" in request.POST or "back" in request.POST)


def as_typed(request: MemberRequest, kpi: Kpi | None = None) -> KpiForm:
    """The form with what was sent, nothing of it judged."""
    form = KpiForm(organization=request.organization, kpi=kpi, initial=request.POST.dict())
    form.shown = request.POST.get(SHOWN, "")
    return form


def show_form(
    request: MemberRequest,
    form: KpiForm,
    *,
    kpi: Kpi | None = None,
    operands: OperandsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = {name: str(form[name].value() or "") for name in form.fields}
    is_computed = shown["source"] == Source.FORMULA
    context: dict[str, Any] = {
        "form": form,
        "kpi": kpi,
        "operands": operands,
        "panel": formula_panel(request, shown, kpi=kpi, operands=operands) if is_computed else None,
        "followers": formulas_using(kpi) if kpi else [],
        "functions": REFERENCE.values(),
        "today": request.organization.today(timezone.now()),
    }
    if operands:
        one = operands.template
        context |= {"template": one, "looks_back": looks_back_a_year(one), "made": made_along(operands)}
    return render(request, "kpis/form.html", context, status=status)


def _suggested(request: MemberRequest) -> dict[str, Any]:
    """A KPI made below another starts out like it."""
    place = _place(request)
    if "parent" not in place:
        return {"unit_choice": f"currency:{request.organization.currency}", **place}
    parent = Kpi.objects.get(pk=place["parent"])
    like = KpiForm(organization=request.organization, kpi=parent).initial
    same = ("unit_choice", "unit_detail", "direction", "frequency", "aggregation", "category", "department")
    return {name: like[name] for name in same} | place


def _place(request: MemberRequest) -> dict[str, Any]:
    """Whoever makes a KPI owns it, under the one from whose page it is made."""
    parent = Kpi.objects.active().filter(key=request.GET.get("parent", "")).first()
    return {"owner": request.member.pk} | ({"parent": parent.pk} if parent else {})


def _is_understood(form: KpiForm, operands: OperandsForm) -> bool:
    """Read the formula by the names it has in the form, so that what is wrong with it has its place there."""
    given = form.cleaned_data
    if given["source"] != Source.FORMULA:
        return True
    offered = operands.offered(given["frequency"])
    mistakes = check_formula(given["formula"], frequency=given["frequency"], offered=offered).mistakes
    for mistake in mistakes:
        form.add_error("formula", str(mistake))
    return not mistakes


def _made(kpi: Kpi, operands: Sequence[Kpi]) -> str:
    if not operands:
        return f"“{kpi.name}” is there. Give it a target."
    names = listed([f"“{one.name}”" for one in operands])
    waits = "which waits for its first value" if len(operands) == 1 else "which wait for their first values"
    return f"“{kpi.name}” is there, with {names}, {waits}."
