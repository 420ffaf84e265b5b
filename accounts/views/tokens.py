"""API tokens: the list, making one, revoking one."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, member_required
from accounts.actions.tokens import create_token, revoke_token
from accounts.forms.refusals import posted, refusals_shown_in
from accounts.forms.tokens import TokenForm
from accounts.models import ApiToken, Role


@require_GET
@member_required(Role.ADMIN)
def token_list(request: MemberRequest) -> HttpResponse:
    tokens = ApiToken.objects.select_related("created_by__user").order_by("-created_at", "-id")
    usable = tokens.usable(timezone.now())
    used_up = tokens.exclude(pk__in=usable.values("pk"))[:50]
    return render(request, "accounts/token_list.html", {"tokens": usable, "used_up": used_up})


@require_http_methods(["GET", "POST"])
@never_cache
@member_required(Role.ADMIN)
def token_new(request: MemberRequest) -> HttpResponse:
    """Make a token; the answer to the form shows its text, this once."""
    now = timezone.now()
    form = TokenForm(posted(request))
    if request.method == "POST" and form.is_valid():
        fields = {"name": form.cleaned_data["name"], "scopes": form.cleaned_data["scopes"]}
        with refusals_shown_in(form):
            token, text = create_token(request.actor, now=now, expires_at=form.expires_at(now), **fields)
            context = {"token": token, "text": text, "base_url": settings.BASE_URL}
            return render(request, "accounts/token_created.html", context)
    return render(request, "accounts/token_new.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@member_required(Role.ADMIN)
def token_revoke(request: MemberRequest, token_id: UUID) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.all(), pk=token_id)
    revoke_token(request.actor, token, now=timezone.now())
    messages.success(request, f"{token} no longer works.")
    return redirect("accounts:token-list", request.organization.slug)
