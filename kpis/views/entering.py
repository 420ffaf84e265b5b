"""What every page does on which a value is entered."""

import datetime as dt
from typing import TypeVar

from django.http import HttpResponse
from django_htmx.http import trigger_client_event

from accounts.access import MemberRequest
from accounts.forms.refusals import refusals_shown_in
from kpis.actions.measurements import record_measurement
from kpis.forms.measurements import MeasurementForm
from kpis.models import Kpi
from kpis.models.measurements import Via

ResponseT = TypeVar("ResponseT", bound=HttpResponse)


def is_recorded(request: MemberRequest, kpi: Kpi, form: MeasurementForm, *, now: dt.datetime) -> bool:
    """Store what was entered; if that cannot be, the form says why."""
    if form.is_valid():
        with refusals_shown_in(form):
            record_measurement(
                request.actor,
                kpi,
                form.cleaned_data["date"],
                form.cleaned_data["value"],
                note=form.cleaned_data["note"],
                organization=request.organization,
                via=Via.PAGE,
                now=now,
            )
    return not form.errors


def with_message(response: ResponseT, said: str) -> ResponseT:
    """A part of a page together with the message that a whole page would show."""
    return trigger_client_event(response, "ladder:message", {"text": said, "level": "success"})
