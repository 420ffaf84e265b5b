"""The way in: the landing page, from which whoever is logged in goes on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import Member


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What Ladder is; members go on to the organization they visited last, others found their first."""
    if not request.user.is_authenticated:
        return render(request, "accounts/landing.html")
    latest = Member.objects.latest_of(request.user).first()
    if latest is None:
        return redirect("accounts:organization-new")
    return redirect(latest.organization)
