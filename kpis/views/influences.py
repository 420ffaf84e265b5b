"""The editor of what a leading KPI should move."""

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
from accounts.forms.merging import merged
from accounts.forms.refusals import posted
from accounts.models import Role
from kpis.actions.changing import lock_definitions
from kpis.actions.influencing import moved_by, set_influences
from kpis.forms.errors import show_row_refusals
from kpis.forms.influences import InfluenceForm, influence_forms
from kpis.forms.rows import WholeForm
from kpis.models import Kpi
from kpis.models.choices import Indicator
from kpis.views.fetching import edited_kpi_or_404


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def kpi_influences(request: MemberRequest, key: str) -> HttpResponse:
    """Choose which lagging KPIs should follow."""
    if request.method == "POST":
        lock_definitions()
    kpi, now = edited_kpi_or_404(request.actor, key), timezone.now()
    data, stored = posted(request), list(moved_by(kpi))
    rows = influence_forms(kpi, stored, data)
    whole = merged(WholeForm, data, influences="; ".join(lagging.name for lagging in stored))
    if data is not None and _saved(request.actor, kpi, rows, whole, now):
        messages.success(request, f"What “{kpi.name}” should move is saved.")
        return redirect(f"{kpi.url_in(request.organization)}#influences")
    context = {"kpi": kpi, "rows": rows, "whole": whole, "is_leading": kpi.indicator == Indicator.LEADING}
    return render(request, "kpis/influences.html", context, status=200 if data is None else 422)


def _saved(actor: Actor, kpi: Kpi, rows: BaseFormSet[InfluenceForm], whole: WholeForm, now: dt.datetime) -> bool:
    """Whether what was chosen is stored; otherwise the forms say what is wrong."""
    if not all([rows.is_valid(), whole.is_valid()]):  # both are asked, so that refusals can be added to both
        return False
    filled = [(form, chosen) for form in rows.forms if (chosen := form.chosen())]
    try:
        set_influences(actor, kpi, [chosen for _, chosen in filled], now=now)
    except ValidationError as refused:
        show_row_refusals([form for form, _ in filled], whole, refused.error_dict["influences"])
    except ConflictError as refused:
        whole.add_error(None, str(refused))
    else:
        return True
    return False
