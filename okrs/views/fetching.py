"""Fetching what a URL names; another organization's is as if it did not exist."""

from uuid import UUID

from django.http import Http404

from accounts.actors import Actor
from okrs.actions.permissions import require_edit_key_result, require_edit_objective
from okrs.models import CheckIn, Cycle, Initiative, KeyResult, Objective


def cycle_or_404(cycle_id: UUID) -> Cycle:
    cycle = Cycle.objects.filter(pk=cycle_id).first()
    if cycle is None:
        raise Http404("No such cycle.")
    return cycle


def objective_or_404(objective_id: UUID) -> Objective:
    """The objective with its people and cycle."""
    objective = Objective.objects.with_people().filter(pk=objective_id).first()
    if objective is None:
        raise Http404("No such objective.")
    return objective


def edited_objective_or_404(actor: Actor, objective_id: UUID) -> Objective:
    """An objective that the actor may change; PermissionDenied for others."""
    objective = objective_or_404(objective_id)
    require_edit_objective(actor, objective)
    return objective


def key_result_or_404(key_result_id: UUID) -> KeyResult:
    """The key result with its objective, cycle and KPI."""
    key_result = KeyResult.objects.with_context().filter(pk=key_result_id).first()
    if key_result is None:
        raise Http404("No such key result.")
    return key_result


def edited_key_result_or_404(actor: Actor, key_result_id: UUID) -> KeyResult:
    """A key result that the actor may change and check in on; PermissionDenied for others."""
    key_result = key_result_or_404(key_result_id)
    require_edit_key_result(actor, key_result)
    return key_result


def check_in_or_404(key_result: KeyResult, check_in_id: UUID) -> CheckIn:
    said = CheckIn.objects.filter(key_result=key_result, pk=check_in_id).first()
    if said is None:
        raise Http404("No such check-in.")
    return said


def initiative_or_404(key_result: KeyResult, initiative_id: UUID) -> Initiative:
    found = Initiative.objects.filter(key_result=key_result, pk=initiative_id)
    initiative = found.select_related("key_result__objective__cycle", "owner__user").first()
    if initiative is None:
        raise Http404("No such initiative.")
    return initiative
