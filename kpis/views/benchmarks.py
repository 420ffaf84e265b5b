"""The editor of benchmarks."""

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
from kpis.actions.benchmarking import BenchmarkRow, benchmarks_of, set_benchmarks
from kpis.actions.changing import lock_definitions
from kpis.forms.benchmarks import BenchmarkForm, benchmark_forms
from kpis.forms.errors import show_row_refusals
from kpis.forms.rows import WholeForm
from kpis.forms.stored import benchmarks_in_words
from kpis.models import Kpi
from kpis.views.fetching import edited_kpi_or_404


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def kpi_benchmarks(request: MemberRequest, key: str) -> HttpResponse:
    """Add, change and remove what others reach."""
    if request.method == "POST":
        lock_definitions()
    kpi, now = edited_kpi_or_404(request.actor, key), timezone.now()
    data, stored = posted(request), benchmarks_of(kpi)
    rows = benchmark_forms(kpi, stored, data)
    whole = merged(WholeForm, data, benchmarks=benchmarks_in_words(kpi, map(BenchmarkRow.of, stored)))
    if data is not None and _saved(request.actor, kpi, rows, whole, now):
        messages.success(request, "The benchmarks are saved.")
        return redirect(f"{kpi.url_in(request.organization)}#benchmarks")
    context = {"kpi": kpi, "rows": rows, "whole": whole}
    return render(request, "kpis/benchmarks.html", context, status=200 if data is None else 422)


def _saved(actor: Actor, kpi: Kpi, rows: BaseFormSet[BenchmarkForm], whole: WholeForm, now: dt.datetime) -> bool:
    """Whether what was typed is stored; otherwise the forms say what is wrong."""
    if not all([rows.is_valid(), whole.is_valid()]):  # both are asked, so that refusals can be added to both
        return False
    filled = [(form, row) for form in rows.forms if (row := form.row())]
    try:
        set_benchmarks(actor, kpi, [row for _, row in filled], now=now)
    except ValidationError as refused:
        show_row_refusals([form for form, _ in filled], whole, refused.error_dict["benchmarks"])
    except ConflictError as refused:
        whole.add_error(None, str(refused))
    else:
        return True
    return False
