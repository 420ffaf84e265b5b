"""Checking in on a key result, correcting a check-in and taking it back, without leaving the page."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, member_required
from accounts.errors import ConflictError
from accounts.forms.refusals import refusals_shown_in
from accounts.models import Role
from kpis.words import day
from okrs.actions.checking_in import check_in, correct_check_in, remove_check_in
from okrs.forms.check_ins import CheckInForm, initial_of
from okrs.models import KeyResult
from okrs.views.answering import saved
from okrs.views.fetching import check_in_or_404, edited_key_result_or_404
from okrs.views.showing import show_key_result


@require_POST
@member_required(Role.CONTRIBUTOR)
def check_in_add(request: MemberRequest, key_result_id: UUID) -> HttpResponse:
    """Say how a key result stands; the same day again corrects what was said."""
    key_result, now = edited_key_result_or_404(request.actor, key_result_id), timezone.now()
    form = CheckInForm(request.POST, key_result=key_result, today=request.organization.today(now))
    if form.is_valid():
        with refusals_shown_in(form):
            said = check_in(request.actor, key_result, now=now, **form.values())
            words = f"Checked in as of {day(said.on)}."
            return saved(
                request,
                lambda: show_key_result(request, key_result, changed=said.pk),
                words,
                _address(request, key_result),
            )
    return show_key_result(request, key_result, form=form, status=422)


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def check_in_edit(request: MemberRequest, key_result_id: UUID, check_in_id: UUID) -> HttpResponse:
    """The page with a check-in ready to be corrected; what it said stays known."""
    key_result, now = edited_key_result_or_404(request.actor, key_result_id), timezone.now()
    said = check_in_or_404(key_result, check_in_id)
    today = request.organization.today(now)
    if request.method == "GET":
        form = CheckInForm(key_result=key_result, today=today, initial=initial_of(said))
        return show_key_result(request, key_result, form=form, editing=said)
    form = CheckInForm(request.POST, key_result=key_result, today=today)
    if form.is_valid():
        with refusals_shown_in(form):
            corrected = correct_check_in(request.actor, said, now=now, **form.values())
            return saved(
                request,
                lambda: show_key_result(request, key_result, changed=corrected.pk),
                f"Corrected: the check-in of {day(corrected.on)}.",
                _address(request, key_result),
            )
    return show_key_result(request, key_result, form=form, editing=said, status=422)


@require_POST
@member_required(Role.CONTRIBUTOR)
def check_in_remove(request: MemberRequest, key_result_id: UUID, check_in_id: UUID) -> HttpResponse:
    """Take a check-in back; what it said stays known."""
    key_result = edited_key_result_or_404(request.actor, key_result_id)
    said = check_in_or_404(key_result, check_in_id)
    try:
        remove_check_in(request.actor, said, now=timezone.now())
    except ConflictError as refused:
        messages.error(request, str(refused))
        return redirect(_address(request, key_result))
    words = f"Taken back: the check-in of {day(said.on)}."
    return saved(request, lambda: show_key_result(request, key_result), words, _address(request, key_result))


def _address(request: MemberRequest, key_result: KeyResult) -> str:
    return reverse("okrs:key-result", args=[request.organization.slug, key_result.pk]) + "#check-ins"
