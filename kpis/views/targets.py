"""The target editor."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, member_required
from accounts.actors import Actor
from accounts.errors import ConflictError
from accounts.forms.merging import merged
from accounts.forms.refusals import posted
from accounts.models import Role
from kpis.actions.changing import lock_definitions
from kpis.actions.targets import TargetRow, set_targets, targets_of
from kpis.forms.errors import show_row_refusals
from kpis.forms.stored import targets_in_words
from kpis.forms.targets import CourseForm, TargetForm, target_forms
from kpis.models import Kpi, Target
from kpis.presenting.past import past_of
from kpis.presenting.target_chances import Appraised, TargetChances, benchmarks_of, suggestion_of
from kpis.presenting.target_history import changes_of
from kpis.views.fetching import edited_kpi_or_404


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def kpi_targets(request: MemberRequest, key: str) -> HttpResponse:
    """What the KPI is to reach, from when on. With ``check`` nothing is stored: what is typed is appraised."""
    data, organization = posted(request), request.organization
    is_check = data is not None and "check" in data
    if data is not None and not is_check:
        lock_definitions()
    kpi, now = edited_kpi_or_404(request.actor, key), timezone.now()
    chances = TargetChances(kpi, organization, today=organization.today(now))
    option = suggestion_of(request.GET.get("suggest", ""), chances.suggested)
    stored = targets_of(kpi)
    rows = target_forms(kpi, organization, stored, data, today=chances.today, option=option)
    make = partial(CourseForm, initial={"target_path": kpi.target_path})
    why = merged(make, data, targets=targets_in_words(kpi, stored))
    if data is not None and not is_check and _saved(request.actor, kpi, rows, why, now):
        messages.success(request, "The targets are saved. Scores follow in a moment.")
        return redirect(kpi.url_in(organization))
    context = {"kpi": kpi, "rows": rows, "why": why, "checked": _appraised(rows, stored, chances) if is_check else []}
    if is_check and request.htmx:
        return render(request, "kpis/_target_check.html", context)
    context |= {
        "past": past_of(kpi),
        "suggested": chances.suggested,
        "no_forecast": chances.no_forecast,
        "chosen": option.kind if option else "",
    }
    context |= {"benchmarks": benchmarks_of(kpi, chances.today), "changes": changes_of(kpi, organization)}
    return render(request, "kpis/targets.html", context, status=200 if data is None or is_check else 422)


def _saved(actor: Actor, kpi: Kpi, rows: BaseFormSet[TargetForm], why: CourseForm, now: dt.datetime) -> bool:
    """Whether what was typed is stored; otherwise the forms say what is wrong."""
    if not all([rows.is_valid(), why.is_valid()]):  # both are asked, so that everything that is wrong is said
        return False
    stored = [TargetRow.of(row) for row in targets_of(kpi)]
    filled = [(form, row) for form in rows.forms if (row := form.row(stored))]
    answers = why.cleaned_data
    try:
        set_targets(
            actor, kpi, [row for _, row in filled], now=now, reason=answers["reason"], path=answers["target_path"]
        )
    except ValidationError as refused:
        show_row_refusals([form for form, _ in filled], why, refused.error_dict["targets"])
    except ConflictError as refused:
        why.add_error(None, str(refused))
    else:
        return True
    return False


def _appraised(rows: BaseFormSet[TargetForm], stored: list[Target], chances: TargetChances) -> list[Appraised]:
    """What there is to say of each row that is new or changed."""
    known = [TargetRow.of(row) for row in stored]
    rows.is_valid()
    found = []
    for form in rows.forms:
        row = form.row(known) if hasattr(form, "cleaned_data") else None
        if problems := [text for texts in form.errors.values() for text in texts]:
            found += [Appraised(problem=str(text)) for text in problems]
        elif row and all(row.goal != old.goal or row.due_on != old.due_on for old in known):
            on = row.due_on or row.effective_from
            found.append(chances.appraised(target=row.target, low=row.low, high=row.high, on=on, basis=row.basis))
    return found
