"""The page behind an invitation's link."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts import pending
from accounts.access import UserRequest, user_required
from accounts.actions.invitations import accept_invitation, is_for, problem_with
from accounts.errors import ConflictError
from accounts.invitation_links import find_invitation
from accounts.models import Invitation, User
from accounts.tenancy.context import organization_context
from accounts.tokens import unpack

View = Callable[..., HttpResponse]


def _with_invitation(view: View) -> View:
    """Enter the organization the link names and find the invitation; a link that leads nowhere says so."""

    @wraps(view)
    def wrapper(request: HttpRequest, token: str) -> HttpResponse:
        unpacked = unpack(token)
        if unpacked is None:
            return _unknown(request)
        with organization_context(unpacked[0]):
            invitation = find_invitation(token)
            return view(request, invitation) if invitation else _unknown(request)

    return wrapper


@require_GET
@never_cache
@_with_invitation
def invitation(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Invite in: to accept, to sign up or log in first, or to switch to the invited account."""
    if request.user.is_authenticated and found.member.user_id == request.user.pk and not found.member.removed_at:
        messages.info(request, f"You have joined {found.organization} with this invitation.")
        return redirect("reports:my-ladder", found.organization.slug)
    if problem := problem_with(found, timezone.now()):
        return _refused(request, found, problem)
    if not request.user.is_authenticated or not is_for(found, request.user):
        pending.remember(request, email=found.email, path=request.path)
    context: dict[str, Any] = {
        "invitation": found,
        "organization_name": found.organization.name,
        "is_for_me": request.user.is_authenticated and is_for(found, request.user),
        "has_account": User.objects.filter(email__iexact=found.email).exists(),
    }
    return render(request, "accounts/invitation.html", context)


@require_POST
@user_required
@_with_invitation
def invitation_accept(request: UserRequest, found: Invitation) -> HttpResponse:
    try:
        accept_invitation(request.user, found, now=timezone.now())
    except (ConflictError, PermissionDenied) as refusal:
        return _refused(request, found, str(refusal))
    pending.forget(request)
    messages.success(request, f"Welcome to {found.organization}.")
    return redirect("reports:my-ladder", found.organization.slug)


@require_POST
@_with_invitation
def invitation_switch(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Log out of an account the invitation is not for, and come back to it."""
    logout(request)
    return redirect(request.path.removesuffix("switch/"))


def _unknown(request: HttpRequest) -> HttpResponse:
    problem = (
        "This link leads to no invitation. It may have been cut off in the mail; copy it whole, or ask for a new one."
    )
    return render(request, "accounts/invitation_refused.html", {"problem": problem}, status=404)


def _refused(request: HttpRequest, found: Invitation, problem: str) -> HttpResponse:
    context = {"problem": problem, "organization_name": found.organization.name}
    return render(request, "accounts/invitation_refused.html", context, status=409)
