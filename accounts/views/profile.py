"""Oneself: name, time zone, the verification of one's address."""

from copy import copy

from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import UserRequest, user_required
from accounts.actions.people import change_profile
from accounts.forms.people import ProfileForm
from accounts.forms.refusals import posted
from accounts.models import Member
from accounts.way_back import way_back


@require_http_methods(["GET", "POST"])
@user_required
def profile(request: UserRequest) -> HttpResponse:
    form = ProfileForm(posted(request), instance=copy(request.user))
    if request.method == "POST" and form.is_valid():
        change_profile(request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "Your profile is saved.")
        return redirect("accounts:profile")
    context = {"form": form, "memberships": Member.objects.latest_of(request.user)}
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


@require_POST
@user_required
def verification_send(request: UserRequest) -> HttpResponse:
    """Send the link that verifies one's own address again."""
    address, _ = EmailAddress.objects.get_or_create(
        user=request.user, email=request.user.email, defaults={"primary": True}
    )
    if address.verified:
        messages.info(request, "Your address is verified already.")
    elif ratelimit.consume(request, action="confirm_email", key=address.email):
        address.send_confirmation(request)
        messages.success(request, f"The link is on its way to {address.email}.")
    else:
        messages.info(request, f"A link was sent to {address.email} a moment ago. Look into the spam folder, too.")
    return redirect(way_back(request, otherwise=reverse("accounts:profile")))
