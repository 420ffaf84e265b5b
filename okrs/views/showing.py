"""Showing an objective or a key result, also after something was entered on its page without leaving it."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from accounts.access import MemberRequest
from kpis.forms.choices import member_choices
from okrs.actions.permissions import may_lead
from okrs.forms.check_ins import CheckInForm
from okrs.forms.initiatives import InitiativeForm
from okrs.models import CheckIn, KeyResult, Objective
from okrs.presenting.key_result_page import KeyResultPage
from okrs.presenting.looking import looking_in
from okrs.presenting.objective_page import ObjectivePage


def show_objective(request: MemberRequest, shown: Objective, *, status: int = 200) -> HttpResponse:
    """The page, or its live part alone."""
    looking = looking_in(_asked(request), request.organization, now=timezone.now())
    page = ObjectivePage(shown, request.organization, request.actor, looking)
    context = {"page": page, "objective": page.objective, "may_lead": may_lead(request.actor)}
    template = "okrs/_objective.html" if request.htmx else "okrs/objective.html"
    return render(request, template, context, status=422 if page.looking.errors else status)


def show_key_result(
    request: MemberRequest,
    shown: KeyResult,
    *,
    form: CheckInForm | None = None,
    initiative_form: InitiativeForm | None = None,
    editing: CheckIn | None = None,
    changed: Any = None,
    status: int = 200,
) -> HttpResponse:
    """The page, or its live part alone; ``changed`` is the id of what is to light up."""
    now = timezone.now()
    looking = looking_in(_asked(request), request.organization, now=now)
    page = KeyResultPage(shown, request.organization, request.actor, looking)
    if page.may_edit:
        form = form or CheckInForm(key_result=page.stored, today=looking.today, initial=_offered(page))
        owners = member_choices(request.organization)
        initiative_form = initiative_form or InitiativeForm(owners=owners, initial={"owner": str(request.member.pk)})
    context = {
        "page": page,
        "key_result": page.key_result,
        "form": form if page.may_edit else None,
        "initiative_form": initiative_form if page.may_edit else None,
        "editing": editing,
        "changed": changed,
    }
    template = "okrs/_key_result.html" if request.htmx else "okrs/key_result.html"
    return render(request, template, context, status=422 if page.looking.errors else status)


def _asked(request: MemberRequest) -> QueryDict:
    """What the address asks for; what is entered is answered as of now, whatever the page showed."""
    if request.method == "GET":
        return request.GET
    return QueryDict(urlsplit("").query)


def _offered(page: KeyResultPage) -> dict[str, Any]:
    """The last value and confidence, to be changed or kept."""
    offered: dict[str, Any] = {"confidence": page.view.confidence or ""}
    if page.stored.takes_values:
        offered["value"] = page.view.current
    return offered
