"""Who may change what. Pages and the API ask beforehand to show what is possible; the actions insist."""

from django.core.exceptions import PermissionDenied

from accounts.actors import Actor
from accounts.models import Role, Scope
from kpis.models import Kpi


def may_define(actor: Actor) -> bool:
    """Whether the actor may create, archive and order KPIs, and change those of others."""
    return _holds(actor, Role.EDITOR, Scope.WRITE)


def may_edit(actor: Actor, kpi: Kpi) -> bool:
    """Whether the actor may change this KPI: editors any, contributors those they own."""
    return may_define(actor) or (actor.member is not None and kpi.may_be_fed_by(actor.member))


def may_feed(actor: Actor, kpi: Kpi) -> bool:
    """Whether the actor may enter values for this KPI; of a token its endpoints have asked already."""
    return actor.member is None or kpi.may_be_fed_by(actor.member)


def may_purge(actor: Actor) -> bool:
    """Whether the actor may remove a KPI with everything ever measured."""
    return _holds(actor, Role.ADMIN, Scope.ADMIN)


def require_define(actor: Actor) -> None:
    if not may_define(actor):
        raise PermissionDenied("Creating, archiving and ordering KPIs needs the role editor or higher.")


def require_edit(actor: Actor, kpi: Kpi) -> None:
    if not may_edit(actor, kpi):
        raise PermissionDenied(f"“{kpi.name}” can be changed by its owner and by editors.")


def require_feed(actor: Actor, kpi: Kpi) -> None:
    if not may_feed(actor, kpi):
        raise PermissionDenied(f"Values of “{kpi.name}” are entered by its owner and by editors.")


def require_purge(actor: Actor) -> None:
    if not may_purge(actor):
        raise PermissionDenied("Removing a KPI for good needs the role admin.")


def _holds(actor: Actor, role: Role, scope: Scope) -> bool:
    """The product itself, neither a member nor a token, may do everything."""
    if actor.member:
        return actor.member.has_role(role)
    return actor.token is None or actor.token.grants(scope)
