"""Who may see a page. Each decorator gives the view a request whose attributes are known to be there."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from accounts.actors import Actor
from accounts.models import Member, Organization, Role, User
from accounts.tenancy.context import organization_context

P = ParamSpec("P")


class UserRequest(HttpRequest):
    """A request of somebody who is logged in."""

    user: User
    htmx: HtmxDetails


class MemberRequest(UserRequest):
    """A request of a member, inside the organization its URL names."""

    organization: Organization
    member: Member
    actor: Actor


def user_required(view: Callable[Concatenate[UserRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """For pages outside of any organization. Times are shown in the person's time zone, here as inside."""

    @wraps(view)
    def wrapper(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        _refuse_nul(request)
        with timezone.override(request.user.time_zone):
            return view(request, *args, **kwargs)

    return login_required(wrapper)


def member_required(
    role: Role = Role.VIEWER,
) -> Callable[[Callable[Concatenate[MemberRequest, P], HttpResponse]], Callable[..., HttpResponse]]:
    """Resolve the organization in the URL, enter it, and require a role.

    An outsider gets the same 404 as for a slug that does not exist; a role too low gets 403. The view runs in one
    transaction, which is rolled back if it raises.
    """

    def decorate(view: Callable[Concatenate[MemberRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapper(request: Any, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            _refuse_nul(request)
            member = Member.objects.for_request(request.user, slug).first()
            if member is None:
                raise Http404("No such organization.")
            with organization_context(member.organization_id), timezone.override(request.user.time_zone):
                if not member.has_role(role):
                    raise PermissionDenied(f"This needs the role {role.label.lower()} or higher.")
                request.organization, request.member, request.actor = member.organization, member, Actor(member=member)
                member.note_visit(timezone.now())
                return view(request, *args, **kwargs)

        return login_required(wrapper)

    return decorate


def _refuse_nul(request: HttpRequest) -> None:
    """400 for an address with the character NUL, which the database cannot be asked for; forms say so themselves."""
    if any("\0" in value for _, values in request.GET.lists() for value in values):
        raise BadRequest("An address cannot hold the character NUL.")
