"""Checking in on everything one owes, one thing at a time."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.forms import Form, HiddenInput
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import replace_url

from accounts.access import MemberRequest, member_required
from accounts.forms.refusals import refusals_shown_in
from accounts.models import Role
from kpis.due_reviews import due_reviews
from kpis.engine.cadence import reminded_of
from kpis.forms.measurements import MeasurementForm
from kpis.models import Kpi
from kpis.models.choices import Aggregation
from kpis.tree import load_forest
from kpis.views.entering import is_recorded
from kpis.views.fetching import fed_kpi_or_404
from okrs.actions.checking_in import check_in
from okrs.actions.milestones import mark_milestone
from okrs.actions.permissions import require_check_in
from okrs.forms.checking_in import CheckInForm
from okrs.mornings import WORKING
from okrs.presenting.check_ins import doubt_words, due_on_words
from okrs.presenting.flow import CheckInStep, Course, Flow, Step, ValueStep
from okrs.reading import KeyResultView, load_key_result
from okrs.views.fetching import key_result_or_404
from okrs.waiting import load_waiting


@require_GET
@member_required()
def check_in_flow(request: MemberRequest) -> HttpResponse:
    """The next thing that waits for the reader, or that all is done; ``at`` names a key result to check in on again."""
    again = _again(request)
    return _show(request, Course.of(request.GET), again=CheckInStep(again, again.day) if again else None)


@require_POST
@member_required(Role.CONTRIBUTOR)
def flow_check_in(request: MemberRequest, key_result_id: UUID) -> HttpResponse:
    """Say how a key result stands, and go on to the next thing."""
    now = timezone.now()
    view = _view(request, key_result_id)
    require_check_in(request.actor, view.key_result)
    form = CheckInForm(request.POST, view=view)
    if form.is_valid():
        with refusals_shown_in(form):
            for step in view.milestones:
                if str(step.pk) in form.cleaned_data.get("done", ()):
                    mark_milestone(request.actor, step, now=now)
            check_in(request.actor, view.key_result, now=now, **form.said)
    if form.errors:
        return _show(request, Course.of(request.GET), again=CheckInStep(view, view.day), refused=form)
    return _go_on(request, Course.of(request.GET).having_done(str(view.id)), said=view.id)


@require_POST
@member_required(Role.CONTRIBUTOR)
def flow_value(request: MemberRequest, key: str) -> HttpResponse:
    """Enter the value of a KPI, and go on to the next thing."""
    kpi, now = fed_kpi_or_404(request.actor, key), timezone.now()
    form = _asked(MeasurementForm(request.POST, kpi=kpi, today=request.organization.today(now)))
    if not is_recorded(request, kpi, form, now=now):
        return _show(request, Course.of(request.GET), at=key, refused=form)
    return _go_on(request, Course.of(request.GET).having_done(key))


def _go_on(request: MemberRequest, course: Course, said: UUID | None = None) -> HttpResponse:
    address = reverse("okrs:check-in-flow", args=[request.organization.slug]) + course.query
    if said:
        address += f"&said={said}"
    return replace_url(_show(request, course, said=said), address) if request.htmx else redirect(address)


def _show(
    request: MemberRequest,
    course: Course,
    *,
    again: CheckInStep | None = None,
    at: str = "",
    said: UUID | None = None,
    refused: Form | None = None,
) -> HttpResponse:
    today = request.organization.today(timezone.now())
    forest = load_forest(request.organization, on=today)
    waiting = load_waiting(request.organization, request.member, forest, today)
    flow = Flow(waiting, course, request.organization, today)
    entered = forest.by_key(at) if at else None
    step = again or (ValueStep(entered, request.organization, today) if entered else flow.step)
    if at and entered is None:
        refused = None  # archived meanwhile: there is nothing to put right
    context = {
        "flow": flow,
        "step": step,
        "is_again": step is not None and step.key not in [each.key for each in flow.undone],
        "form": refused or (_form(step) if step else None),
        "course": course,
        "from_the_top": course.from_the_top().query,
        "skip": course.having_skipped(step.key).query if step else "",
        "next_due": due_on_words(waiting.next_due, today) if waiting.next_due else "",
        "doubt": _doubt(request, said),
        "reviews": [] if step else _reviews(request, today),
    }
    template = "okrs/_check_in_flow.html" if request.htmx else "okrs/check_in_flow.html"
    return render(request, template, context, status=422 if refused else 200)


def _form(step: Step) -> Form:
    if isinstance(step, CheckInStep):
        return CheckInForm(view=step.view)
    return _value_form(step, Kpi.objects.get(key=step.key))


def _value_form(step: ValueStep, kpi: Kpi) -> MeasurementForm:
    """What stays as it was until it changes is offered again; what is counted anew in each period is not."""
    initial: dict[str, object] = {"date": step.first}
    if kpi.aggregation == Aggregation.LAST:
        initial["value"] = step.node.standing.value
    return _asked(MeasurementForm(kpi=kpi, today=step.today, initial=initial))


def _asked(form: MeasurementForm) -> MeasurementForm:
    """It is known which period is asked for; the cursor stands in the value."""
    form.fields["date"].widget = HiddenInput()
    form.fields["value"].widget.attrs |= {"autofocus": True, "data-selected": ""}
    return form


def _doubt(request: MemberRequest, said: UUID | None) -> dict[str, Any] | None:
    """What was just said, where the numbers say something else."""
    asked = said or _uuid(request.GET.get("said", ""))
    view = _view(request, asked) if asked else None
    words = doubt_words(view) if view else ""
    return {"id": view.id, "title": view.key_result.title, "words": words} if view and words else None


def _reviews(request: MemberRequest, today: dt.date) -> list[dict[str, str]]:
    """The reader's KPIs that are to be looked at together, as leads to their pages."""
    if not request.member.has_role(Role.CONTRIBUTOR):
        return []
    due = due_reviews(request.organization, reminded_of(today, WORKING)[1], owner=request.member)
    return [{"name": kpi.name, "url": f"{kpi.url_in(request.organization)}#reviews"} for kpi, _ in due]


def _again(request: MemberRequest) -> KeyResultView | None:
    asked = request.GET.get("at", "")
    if not asked:
        return None
    id = _uuid(asked)
    if id is None:
        raise Http404("No such key result.")
    view = _view(request, id)
    require_check_in(request.actor, view.key_result)
    return view


def _view(request: MemberRequest, key_result_id: UUID) -> KeyResultView:
    today = request.organization.today(timezone.now())
    return load_key_result(request.organization, key_result_or_404(key_result_id), today)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
