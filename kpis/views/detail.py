"""The page of a KPI, and what is entered without leaving it."""

import datetime as dt
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member_required
from accounts.errors import ConflictError
from accounts.models import Role
from kpis.actions.measurements import remove_measurement
from kpis.calendars import calendar_of
from kpis.entering import next_date, removed_words, saved_words
from kpis.forms.measurements import MeasurementForm
from kpis.models import Kpi, Measurement
from kpis.models.measurements import Via
from kpis.presenting.asked import Asked, asked_in
from kpis.presenting.page import KpiPage
from kpis.views.entering import is_recorded, with_message
from kpis.views.fetching import fed_kpi_or_404, kpi_or_404
from kpis.views.followups import followups_of


@require_GET
@member_required()
def kpi_detail(request: MemberRequest, key: str) -> HttpResponse:
    return show_kpi(request, kpi_or_404(key), asked=_asked(request.GET, request))


@require_POST
@member_required(Role.CONTRIBUTOR)
def measurement_add(request: MemberRequest, key: str) -> HttpResponse:
    """Enter a value; one that is there already is replaced and kept as a revision."""
    kpi, now = fed_kpi_or_404(request.actor, key), timezone.now()
    form = MeasurementForm(request.POST, kpi=kpi, today=request.organization.today(now))
    if not is_recorded(request, kpi, form, now=now):
        return show_kpi(request, kpi, form=form, status=422)
    date, calendar = form.cleaned_data["date"], calendar_of(request.organization)
    return _answer(request, kpi, saved_words(kpi, calendar, date, form.cleaned_data["value"]), entered=date)


@require_GET
@member_required(Role.CONTRIBUTOR)
def measurement_edit(request: MemberRequest, key: str, date: dt.date) -> HttpResponse:
    """The page with a stored value ready to be changed."""
    kpi = fed_kpi_or_404(request.actor, key)
    row = Measurement.objects.filter(kpi=kpi, date=date).first()
    if row is None:
        raise Http404("There is no value on this date.")
    form = MeasurementForm(
        kpi=kpi,
        today=request.organization.today(timezone.now()),
        initial={"date": row.date, "value": row.value, "note": row.note},
    )
    return show_kpi(request, kpi, form=form, editing=date)


@require_POST
@member_required(Role.CONTRIBUTOR)
def measurement_remove(request: MemberRequest, key: str, date: dt.date) -> HttpResponse:
    """Take a value away; it stays as a revision."""
    kpi = fed_kpi_or_404(request.actor, key)
    try:
        removed = remove_measurement(
            request.actor, kpi, date, organization=request.organization, via=Via.PAGE, now=timezone.now()
        )
    except ConflictError as refused:
        messages.error(request, str(refused))
        return redirect(kpi.url_in(request.organization))
    if not removed:
        raise Http404("There is no value on this date.")
    return _answer(request, kpi, removed_words(kpi, calendar_of(request.organization), date), entered=date)


def _answer(request: MemberRequest, kpi: Kpi, said: str, *, entered: dt.date) -> HttpResponse:
    """The live part with the change lit up, or the page anew without script."""
    if request.htmx:
        return with_message(show_kpi(request, kpi, entered=entered), said)
    messages.success(request, said)
    return redirect(f"{kpi.url_in(request.organization)}#measurements")


def show_kpi(
    request: MemberRequest,
    kpi: Kpi,
    *,
    asked: Asked | None = None,
    form: MeasurementForm | None = None,
    editing: dt.date | None = None,
    entered: dt.date | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, or its live part alone; without ``asked`` what was entered is answered within what is on the screen."""
    asked, now = asked or _asked_on_screen(request).of_now(), timezone.now()
    page = KpiPage(kpi, request.organization, request.actor, now=now, asked=asked)
    if form is None and page.may_feed:
        form = MeasurementForm(kpi=kpi, today=page.today, initial={"date": _offered_date(page)})
    context = {"page": page, "kpi": page.kpi, "form": form, "editing": editing, "entered": entered}
    context |= followups_of(request, kpi, now=now)
    template = "kpis/_detail.html" if request.htmx else "kpis/detail.html"
    return render(request, template, context, status=422 if page.errors else status)


def _asked(query: QueryDict, request: MemberRequest) -> Asked:
    return asked_in(query, request.organization, now=timezone.now())


def _asked_on_screen(request: MemberRequest) -> Asked:
    """What the page asked for from which htmx sent something."""
    return _asked(QueryDict(urlsplit(request.htmx.current_url or "").query), request)


def _offered_date(page: KpiPage) -> dt.date:
    last = next((entry.date for entry in page.entries if entry.value is not None), None)
    return next_date(page.calendar, page.frequency, last=last, today=page.today)
