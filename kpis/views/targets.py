"""The target editor."""

from __future__ import annotations

import datetime as dt

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
from accounts.forms.refusals import posted
from accounts.models import Organization, Role
from kpis.actions.targets import set_targets, targets_of
from kpis.calendars import calendar_of
from kpis.engine.periods import Frequency
from kpis.forms.errors import show_row_refusals
from kpis.forms.targets import ReasonForm, TargetForm, target_forms
from kpis.models import Kpi
from kpis.presenting.past import past_of
from kpis.views.fetching import edited_kpi_or_404


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def kpi_targets(request: MemberRequest, key: str) -> HttpResponse:
    """What the KPI is to reach, from when on."""
    kpi, now = edited_kpi_or_404(request.actor, key), timezone.now()
    data = posted(request)
    rows = target_forms(kpi, targets_of(kpi), data, suggested=_running_period(kpi, request.organization, now))
    why = ReasonForm(data)
    if data is not None and _saved(request.actor, kpi, rows, why, now):
        messages.success(request, "The targets are saved. Scores follow in a moment.")
        return redirect(kpi.url_in(request.organization))
    context = {"kpi": kpi, "rows": rows, "why": why, "past": past_of(kpi)}
    return render(request, "kpis/targets.html", context, status=200 if data is None else 422)


def _saved(actor: Actor, kpi: Kpi, rows: BaseFormSet[TargetForm], why: ReasonForm, now: dt.datetime) -> bool:
    """Whether what was typed is stored; otherwise the forms say what is wrong."""
    if not all([rows.is_valid(), why.is_valid()]):  # both are asked, so that everything that is wrong is said
        return False
    filled = [(form, row) for form in rows.forms if (row := form.row())]
    try:
        set_targets(actor, kpi, [row for _, row in filled], now=now, reason=why.cleaned_data["reason"])
    except ValidationError as refused:
        show_row_refusals([form for form, _ in filled], why, refused.error_dict["targets"])
    except ConflictError as refused:
        why.add_error(None, str(refused))
    else:
        return True
    return False


def _running_period(kpi: Kpi, organization: Organization, now: dt.datetime) -> dt.date:
    calendar, frequency = calendar_of(organization), Frequency(kpi.frequency)
    return calendar.first_date(frequency, calendar.ordinal(frequency, organization.today(now)))
