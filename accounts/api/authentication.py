"""Who calls: an API token, or a person logged in with a browser."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework import authentication
from rest_framework.exceptions import (
    AuthenticationFailed,
    ErrorDetail,
    NotFound,
    PermissionDenied,
    Throttled,
    ValidationError,
)
from rest_framework.request import Request

from accounts.actors import Actor
from accounts.api.limits import count_request
from accounts.api.requests import Caller
from accounts.models import ApiToken, Member, Organization, User
from accounts.tenancy.context import organization_context
from accounts.tokens import find_token, note_use, problem_with

HEADER = "Ladder-Organization"


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer ldr_...``. Looking up, counting and noting the use is a transaction of its own."""

    def authenticate(self, request: Request) -> tuple[Any, Caller] | None:
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        token = _admitted(text.strip())
        if (named := request.headers.get(HEADER)) and not _is_called(token.organization, named):
            raise NotFound("The token belongs to another organization.")
        return request._request.user, Caller(token.organization, Actor(token=token))

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Ladder"'


class SessionAuthentication(authentication.SessionAuthentication):
    """A browser's session with its CSRF token, for the organization named in ``Ladder-Organization``."""

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        user: Any = request._request.user
        if not user.is_authenticated or not user.is_active:
            return None
        self.enforce_csrf(request)
        member = _membership(user, request.headers.get(HEADER, "").strip())
        return user, Caller(member.organization, Actor(member=member))


def _admitted(text: str) -> ApiToken:
    """The token behind the text, its use counted; raises where there is none or it may not be used now."""
    now = timezone.now()
    token = find_token(text)
    if token is None:
        raise AuthenticationFailed("This token is not known here; copy it again, or make a new one.")
    if problem := problem_with(token, now):
        raise AuthenticationFailed(problem)
    with organization_context(token.organization.pk):
        wait = count_request(token, now)
        note_use(token, now)
    if wait:
        raise Throttled(wait, f"A token may make {settings.API_REQUESTS_PER_MINUTE:,} requests a minute.")
    return token


def _is_called(organization: Organization, name: str) -> bool:
    return name.strip().lower() in (organization.slug, str(organization.pk))


def _membership(user: User, name: str) -> Member:
    """The membership the request is made in: the named one, or the only one."""
    of_user = Member.objects.select_related("organization", "user").filter(user=user, removed_at=None)
    memberships = list(of_user.order_by("organization__name", "organization_id"))
    if name:
        memberships = [member for member in memberships if _is_called(member.organization, name)]
    if len(memberships) == 1:
        return memberships[0]
    if name:
        raise NotFound("There is no such organization.")
    if not memberships:
        raise PermissionDenied("You do not belong to an organization yet; create one or accept an invitation first.")
    slugs = ", ".join(member.organization.slug for member in memberships[:5])
    message = f"You belong to several organizations; name one in the header {HEADER}, such as {slugs}."
    raise ValidationError({"": [ErrorDetail(message, code="organization_required")]})
