"""Pasting numbers from a spreadsheet: what was understood is shown first, one click stores it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, member_required
from accounts.errors import ConflictError
from accounts.models import Role
from kpis.actions.pasting import store_paste
from kpis.compute import compute
from kpis.forms.pasting import PasteForm, choices_in
from kpis.ingest.resolve import AHEAD, EARLIEST
from kpis.paste import UnreadableError, read
from kpis.preview import Preview

# Up to so many values are scored while one waits; more are left to the workers, and pages fill in by themselves.
SCORED_AT_ONCE = 5_000


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def paste(request: MemberRequest) -> HttpResponse:
    """For an organization that runs: contributors paste into what they own."""
    return _paste(request, following="kpis:list", is_first_run=False)


@require_http_methods(["GET", "POST"])
@member_required(Role.EDITOR)
def start_values(request: MemberRequest) -> HttpResponse:
    """The second step of the first run."""
    return _paste(request, following="kpis:start-targets", is_first_run=True)


def _paste(request: MemberRequest, *, following: str, is_first_run: bool) -> HttpResponse:
    form = PasteForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "is_first_run": is_first_run}
    if form.is_valid() and form.cleaned_data["text"].strip():
        try:
            context["preview"] = preview = _preview(request, form)
        except UnreadableError as error:
            context["problem"] = str(error)
        else:
            if "store" in request.POST and preview.is_ready and _stored(request, preview, context):
                return redirect(following, request.organization.slug)
    elif request.method == "POST" and not request.htmx:
        context["problem"] = "There is nothing here yet. Copy the cells in your spreadsheet and paste them here."
    is_refused = "store" in request.POST or "problem" in context
    template = "kpis/_paste_preview.html" if request.htmx else "kpis/paste.html"
    return render(request, template, context, status=422 if is_refused else 200)


def _preview(request: MemberRequest, form: PasteForm) -> Preview:
    today = request.organization.today(timezone.now())
    order, decimals = form.read_as
    text = form.cleaned_data["text"]
    reading = read(text, today=today, earliest=EARLIEST, latest=today + AHEAD, order=order, decimals=decimals)
    chosen = choices_in(request.POST, reading)
    return Preview(reading, actor=request.actor, organization=request.organization, chosen=chosen)


def _stored(request: MemberRequest, preview: Preview, context: dict[str, Any]) -> bool:
    """Store all of it; what is refused is said on the page, and nothing stays."""
    now = timezone.now()
    try:
        with transaction.atomic():
            kpis, recorded = store_paste(request.actor, preview.pasted, organization=request.organization, now=now)
    except ConflictError as refused:
        context["problem"] = str(refused)
        return False
    except ValidationError as refused:
        context["problem"] = " ".join(refused.messages)
        return False
    if recorded.received <= SCORED_AT_ONCE:
        compute(request.organization, now=now)
    values = "1 value" if recorded.received == 1 else f"{recorded.received:,} values"
    messages.success(request, f"{values} for {len(kpis)} {'KPI' if len(kpis) == 1 else 'KPIs'} stored.")
    return True
