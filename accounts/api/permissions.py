"""What an operation asks of its caller: a scope of a token, a role of a person."""

from dataclasses import dataclass
from typing import Any, Final

from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission

from accounts.actors import Actor
from accounts.api.requests import Caller
from accounts.models import Role, Scope


@dataclass(frozen=True)
class Need:
    """A token needs the scope (any will do where it is None), a person the role."""

    scope: Scope | None
    role: Role

    def is_met_by(self, actor: Actor) -> bool:
        if actor.member:
            return actor.member.has_role(self.role)
        return actor.token is not None and (self.scope is None or actor.token.grants(self.scope))

    def refusal(self, actor: Actor) -> str:
        if actor.member:
            return f"This needs the role {self.role.label.lower()} or higher; yours is {actor.member.role}."
        held = ", ".join(actor.token.scopes) if actor.token else "none"
        return f"This needs a token with the scope {self.scope}; yours has {held}."


READ: Final = Need(Scope.READ, Role.VIEWER)
# Contributors feed and edit what they own; which rows that means, the actions say.
FEED: Final = Need(Scope.MEASUREMENTS, Role.CONTRIBUTOR)
WRITE_OWN: Final = Need(Scope.WRITE, Role.CONTRIBUTOR)
WRITE: Final = Need(Scope.WRITE, Role.EDITOR)
ADMIN: Final = Need(Scope.ADMIN, Role.ADMIN)


class Permitted(BasePermission):
    """Asks the view's ``needs`` by the name of the action; an action without a need is a mistake, not an open door."""

    def has_permission(self, request: Any, view: Any) -> bool:
        if not isinstance(request.auth, Caller):
            raise NotAuthenticated("Send a token as “Authorization: Bearer ldr_...”, or log in.")
        if not view.action:  # a method that is not offered, which is answered next
            return True
        require(request.auth.actor, view.needs[view.action])
        return True


def require(actor: Actor, need: Need) -> None:
    """Raise 403, saying what is missing, unless the actor meets the need."""
    if not need.is_met_by(actor):
        raise PermissionDenied(need.refusal(actor))
