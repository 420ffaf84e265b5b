"""Who may change what. Pages and the API ask beforehand to show what is possible; the actions insist."""

from uuid import UUID

from django.core.exceptions import PermissionDenied

from accounts.actors import Actor
from accounts.models import Member, Role, Scope
from okrs.models import Initiative, KeyResult, Objective


def may_lead(actor: Actor) -> bool:
    """Whether the actor may open and close cycles, and change everybody's objectives and key results."""
    if actor.member:
        return actor.member.has_role(Role.EDITOR)
    return actor.token is None or actor.token.grants(Scope.WRITE)


def may_set(actor: Actor, owner: Member | None) -> bool:
    """Whether the actor may set an objective for an owner: editors for everybody, contributors for themselves."""
    return may_lead(actor) or (owner is not None and _is(actor, owner.pk))


def may_edit_objective(actor: Actor, objective: Objective) -> bool:
    """Editors may change any, contributors those they own."""
    return may_lead(actor) or _is(actor, objective.owner_id)


def may_edit_key_result(actor: Actor, key_result: KeyResult) -> bool:
    """Editors may change any, contributors those they own, and those of their objectives; so for checking in."""
    return may_edit_objective(actor, key_result.objective) or _is(actor, key_result.owner_id)


def may_move(actor: Actor, initiative: Initiative) -> bool:
    """Whether the actor may say how far an initiative is: who may change its key result, and whoever is to do it."""
    return may_edit_key_result(actor, initiative.key_result) or _is(actor, initiative.owner_id)


def require_lead(actor: Actor) -> None:
    if not may_lead(actor):
        raise PermissionDenied("Cycles are opened, changed and closed by editors.")


def require_set(actor: Actor, owner: Member | None) -> None:
    if not may_set(actor, owner):
        raise PermissionDenied("Objectives for others are set by editors; contributors set their own.")


def require_edit_objective(actor: Actor, objective: Objective) -> None:
    if not may_edit_objective(actor, objective):
        raise PermissionDenied(f"“{objective.title}” can be changed by its owner and by editors.")


def require_edit_key_result(actor: Actor, key_result: KeyResult) -> None:
    if not may_edit_key_result(actor, key_result):
        raise PermissionDenied(f"“{key_result.title}” can be changed by its owner, its objective’s owner and editors.")


def require_check_in(actor: Actor, key_result: KeyResult) -> None:
    if not may_edit_key_result(actor, key_result):
        raise PermissionDenied(f"On “{key_result.title}” its owner, its objective’s owner and editors check in.")


def require_move(actor: Actor, initiative: Initiative) -> None:
    if not may_move(actor, initiative):
        raise PermissionDenied(f"“{initiative.title}” is moved on by its owner, its key result’s owner and editors.")


def _is(actor: Actor, member_id: UUID | None) -> bool:
    """Whether the actor is this member, and may change anything at all."""
    member = actor.member
    return member is not None and member_id == member.pk and member.has_role(Role.CONTRIBUTOR)
