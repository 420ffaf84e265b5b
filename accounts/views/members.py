"""Members: who they are, inviting, changing, removing, leaving."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import ownership
from accounts.access import MemberRequest, member_required
from accounts.actions.invitations import invite, resend_invitation
from accounts.actions.members import leave as leave_organization
from accounts.actions.members import remove_member, update_member
from accounts.actions.organizations import one_writer_at_a_time
from accounts.department_tree import department_choices
from accounts.errors import ConflictError
from accounts.forms.merging import merged
from accounts.forms.people import InvitationForm, PlaceForm, SuccessorForm
from accounts.forms.refusals import posted, refusals_shown_in
from accounts.models import ApiToken, Invitation, Member, Role


@require_GET
@member_required()
def member_list(request: MemberRequest) -> HttpResponse:
    return _list(request, _invitation_form(request))


@require_POST
@member_required(Role.ADMIN)
def member_invite(request: MemberRequest) -> HttpResponse:
    form = _invitation_form(request)
    if form.is_valid():
        with refusals_shown_in(form):
            invitation = invite(request.actor, now=timezone.now(), **form.cleaned_data)
            messages.success(request, f"An invitation is on its way to {invitation.email}.")
            return redirect("accounts:member-list", request.organization.slug)
    return _list(request, form)


@require_POST
@member_required(Role.ADMIN)
def invitation_resend(request: MemberRequest, member_id: UUID) -> HttpResponse:
    try:
        invitation = resend_invitation(request.actor, _member(request, member_id), now=timezone.now())
        messages.success(request, f"A new invitation is on its way to {invitation.email}.")
    except ConflictError as refusal:
        messages.error(request, str(refusal))
    return redirect("accounts:member-list", request.organization.slug)


@require_http_methods(["GET", "POST"])
@member_required(Role.ADMIN)
def member_edit(request: MemberRequest, member_id: UUID) -> HttpResponse:
    if request.method == "POST":
        one_writer_at_a_time(request.organization.pk)
    member = _member(request, member_id)
    initial = {"role": member.role, "department": member.department_id}
    may_change = member.role != Role.OWNER or request.member.has_role(Role.OWNER)
    make = partial(PlaceForm, member=request.member, departments=department_choices(), may_change=may_change)
    form = merged(partial(make, initial=initial), posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            update_member(request.actor, member, now=timezone.now(), **form.values())
            messages.success(request, f"{member} is saved.")
            return redirect("accounts:member-list", request.organization.slug)
    context = {"form": form, "subject": member, "may_change": may_change}
    return render(request, "accounts/member_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_required(Role.ADMIN)
def member_remove(request: MemberRequest, member_id: UUID) -> HttpResponse:
    member = _member(request, member_id)
    form = SuccessorForm(posted(request), leaving=member, owned=ownership.owned_by(member))
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            remove_member(request.actor, member, now=timezone.now(), **form.cleaned_data)
            messages.success(request, f"{member} is no longer a member.")
            return redirect("accounts:member-list", request.organization.slug)
    return _farewell(request, form, member)


@require_http_methods(["GET", "POST"])
@member_required()
def leave(request: MemberRequest) -> HttpResponse:
    form = SuccessorForm(posted(request), leaving=request.member, owned=ownership.owned_by(request.member))
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            leave_organization(request.actor, now=timezone.now(), **form.cleaned_data)
            messages.success(request, f"You have left {request.organization}.")
            return redirect("accounts:organization-list")
    return _farewell(request, form, request.member)


def _farewell(request: MemberRequest, form: SuccessorForm, leaving: Member) -> HttpResponse:
    context = {
        "form": form,
        "subject": leaving,
        "is_self": leaving == request.member,
        "owned": ownership.owned_by(leaving),
        "tokens": ApiToken.objects.usable(timezone.now()).filter(created_by=leaving),
    }
    return render(request, "accounts/member_remove.html", context, status=422 if form.is_bound else 200)


def _list(request: MemberRequest, form: InvitationForm) -> HttpResponse:
    rows = Member.objects.of_organization(request.organization.pk).select_related("department").by_name()
    members = list(rows)
    letters = {letter.member_id: letter for letter in Invitation.objects.unanswered()}
    context = {
        "form": form,
        "members": [member for member in members if member.has_arrived],
        "invited": [{"member": m, "letter": letters.get(m.pk)} for m in members if not m.has_arrived],
        "may_invite": request.user.has_verified_email,
        "now": timezone.now(),
    }
    return render(request, "accounts/member_list.html", context, status=422 if form.errors else 200)


def _invitation_form(request: MemberRequest) -> InvitationForm:
    return InvitationForm(posted(request), member=request.member, departments=department_choices())


def _member(request: MemberRequest, member_id: UUID) -> Member:
    rows = Member.objects.of_organization(request.organization.pk).select_related("user", "department")
    return get_object_or_404(rows, pk=member_id)
