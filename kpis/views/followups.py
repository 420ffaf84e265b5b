"""What the page of a KPI shows of what people do about it, and how a part of that is answered."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import MemberRequest
from kpis.forms.actions import ActionForm
from kpis.forms.annotations import AnnotationForm
from kpis.forms.choices import member_choices
from kpis.forms.reviews import ReviewForm
from kpis.models import Kpi
from kpis.presenting.followups import Followups
from kpis.views.entering import with_message


def followups_of(request: MemberRequest, kpi: Kpi, *, now: dt.datetime, **bound: Any) -> dict[str, Any]:
    """The context of the five sections; ``bound`` are forms that were sent and could not be stored."""
    followups = Followups(kpi, request.organization, request.actor, now=now)
    forms: dict[str, Any] = {}
    if followups.may_edit:
        forms = {
            "action_form": bound.get("action_form") or _action_form(request, kpi),
            "annotation_form": bound.get("annotation_form") or AnnotationForm(today=followups.today),
            "review_form": bound.get("review_form") or ReviewForm(today=followups.today),
        }
    return {"followups": followups, **forms}


def _action_form(request: MemberRequest, kpi: Kpi) -> ActionForm:
    """Whoever looks after a KPI is the first one to ask."""
    return ActionForm(owners=member_choices(request.organization), initial={"owner": kpi.owner_id or ""})


def saved(request: MemberRequest, kpi: Kpi, section: str, said: str, **context: Any) -> HttpResponse:
    """The section with the change in it, or the page anew without script."""
    if request.htmx:
        return with_message(show_section(request, kpi, section, **context), said)
    messages.success(request, said)
    return redirect(f"{kpi.url_in(request.organization)}#{section}")


def refused(request: MemberRequest, kpi: Kpi, section: str, **bound: Any) -> HttpResponse:
    """What is wrong beside what was typed: in the section, or on a page of its own without script."""
    if request.htmx:
        return show_section(request, kpi, section, status=422, **bound)
    [form] = bound.values()
    return render(request, f"kpis/{section[:-1]}.html", {"kpi": kpi, "form": form}, status=422)


def show_section(request: MemberRequest, kpi: Kpi, section: str, *, status: int = 200, **context: Any) -> HttpResponse:
    known = followups_of(request, kpi, now=timezone.now(), **context)
    return render(request, f"kpis/_{section}.html", {**known, **context}, status=status)
