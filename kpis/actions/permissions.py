"""Who may change what. Pages and the API ask beforehand to show what is possible; the actions insist."""

from uuid import UUID

from django.core.exceptions import PermissionDenied

from accounts.actors import Actor
from accounts.models import Role, Scope
from kpis.models import Action, Annotation, Kpi


def may_define(actor: Actor) -> bool:
    """Whether the actor may create, archive and order KPIs, and change those of others."""
    return _holds(actor, Role.EDITOR, Scope.WRITE)


def may_edit(actor: Actor, kpi: Kpi) -> bool:
    """Whether the actor may change this KPI: editors any, contributors those they own."""
    return may_define(actor) or (actor.member is not None and kpi.may_be_fed_by(actor.member))


def may_feed(actor: Actor, kpi: Kpi) -> bool:
    """Whether the actor may enter values for this KPI; of a token its endpoints have asked already."""
    return actor.member is None or kpi.may_be_fed_by(actor.member)


def may_move(actor: Actor, action: Action) -> bool:
    """Whether the actor may say how far an action is: who may change its KPI, and whoever is to do it."""
    return may_edit(actor, action.kpi) or (action.owner_id is not None and _is(actor, action.owner_id))


def may_change_annotation(actor: Actor, annotation: Annotation) -> bool:
    """Whether the actor may reword or remove a note: editors any, contributors those they wrote."""
    return may_define(actor) or (annotation.member_id is not None and _is(actor, annotation.member_id))


def may_purge(actor: Actor) -> bool:
    """Whether the actor may remove a KPI with everything ever measured."""
    return _holds(actor, Role.ADMIN, Scope.ADMIN)


def require_define(actor: Actor) -> None:
    if not may_define(actor):
        raise PermissionDenied("Creating, archiving and ordering KPIs needs the role editor or higher.")


def require_edit(actor: Actor, kpi: Kpi) -> None:
    if not may_edit(actor, kpi):
        raise PermissionDenied(f"“{kpi.name}” can be changed by its owner and by editors.")


def require_move(actor: Actor, action: Action) -> None:
    if not may_move(actor, action):
        raise PermissionDenied(f"“{action.title}” is moved on by its owner, its KPI’s owner and editors.")


def require_change_annotation(actor: Actor, annotation: Annotation) -> None:
    if not may_change_annotation(actor, annotation):
        raise PermissionDenied("A note can be changed by whoever wrote it and by editors.")


def require_feed(actor: Actor, kpi: Kpi) -> None:
    if not may_feed(actor, kpi):
        raise PermissionDenied(f"Values of “{kpi.name}” are entered by its owner and by editors.")


def require_purge(actor: Actor) -> None:
    if not may_purge(actor):
        raise PermissionDenied("Removing a KPI for good needs the role admin.")


def _is(actor: Actor, member_id: UUID) -> bool:
    """Whether the actor is this member, and may change anything at all."""
    return actor.member is not None and actor.member.pk == member_id and actor.member.has_role(Role.CONTRIBUTOR)


def _holds(actor: Actor, role: Role, scope: Scope) -> bool:
    """The product itself, neither a member nor a token, may do everything."""
    if actor.member:
        return actor.member.has_role(role)
    return actor.token is None or actor.token.grants(scope)
