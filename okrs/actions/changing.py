"""What every change does before and after."""

from accounts.actions.organizations import bump_version, one_writer_at_a_time
from accounts.errors import ConflictError
from accounts.models import Organization
from accounts.tenancy.context import current_organization_id
from okrs.models import Cycle, KeyResult, Objective


def lock_objectives() -> Organization:
    """The entered organization, its objectives locked until the transaction ends.

    They change one at a time, so that no two changes, each right by itself, close a circle together, nobody checks in
    while the cycle is being closed, and stored progress never follows from older facts.
    """
    return one_writer_at_a_time(current_organization_id())


def announce() -> None:
    """Pages show something else now. Last in a transaction."""
    bump_version(current_organization_id())


def open_cycle(cycle: Cycle) -> Cycle:
    """The cycle as it is stored now; refused once it is closed."""
    stored = Cycle.objects.get(pk=cycle.pk)
    if stored.is_closed:
        raise ConflictError(f"“{stored.name}” is closed, so nothing in it changes any more. Go on in another cycle.")
    return stored


def stored_objective(objective: Objective) -> Objective:
    """An objective as it is stored now, in a cycle that is open; refused if somebody removed it a moment ago."""
    stored = Objective.objects.with_people().filter(pk=objective.pk).first()
    if stored is None:
        raise ConflictError(f"“{objective.title}” was removed.")
    open_cycle(stored.cycle)
    return stored


def stored_key_result(key_result: KeyResult) -> KeyResult:
    """A key result as it is stored now, with its objective, cycle and KPI, in a cycle that is open."""
    stored = KeyResult.objects.with_context().filter(pk=key_result.pk).first()
    if stored is None:
        raise ConflictError(f"“{key_result.title}” was removed.")
    open_cycle(stored.objective.cycle)
    return stored
