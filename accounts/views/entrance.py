"""The way in: the landing page, and where somebody who is logged in goes from there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from accounts.models import Member, Organization


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What Ladder is; members go on to the organization they visited last, others found their first."""
    if not request.user.is_authenticated:
        return render(request, "accounts/landing.html")
    latest = Member.objects.latest_of(request.user).first()
    if latest is None:
        return redirect("accounts:organization-new")
    return redirect(home_of(latest.organization))


def home_of(organization: Organization) -> str:
    """The address of the organization's home."""
    return _first_existing(organization, "reports:home")


def start_of(organization: Organization) -> str:
    """Where the founder of an organization goes next."""
    return _first_existing(organization, "kpis:start", "reports:home")


def arrival_in(organization: Organization) -> str:
    """Where somebody who accepted an invitation goes next."""
    return _first_existing(organization, "reports:my-ladder", "reports:home")


def _first_existing(organization: Organization, *names: str) -> str:
    for name in names:
        try:
            return reverse(name, args=[organization.slug])
        except NoReverseMatch:
            continue
    return reverse("accounts:settings", args=[organization.slug])
