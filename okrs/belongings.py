"""What leaves with a member or a department unless it is handed on, and what hangs on KPIs: in open cycles alone, for
what was closed stays as it was."""

import datetime as dt
from collections.abc import Collection, Iterator
from copy import copy
from typing import Any, Final

from django.db.models import Q

from accounts import ownership
from accounts.actors import Actor
from accounts.audit import record
from accounts.models import Member, Organization
from accounts.ownership import Belongings, Owner
from kpis import followers
from kpis.engine.units import Unit
from kpis.followers import Follower
from kpis.models import Kpi
from kpis.units import keeps_numbers
from okrs.actions.versioning import keep_key_result, keep_objective
from okrs.actions.wellformed import misfit
from okrs.models import Initiative, KeyResult, Objective
from okrs.models.choices import CycleState

# Fields of a KPI on which it depends whether a key result can be moved by it.
ABOUT_READING: Final = frozenset("unit direction source aggregation rollup frequency".split())


def register() -> None:
    """Make all of it known; called once when the app is ready."""
    ownership.register(
        Belongings("objective", "objectives", count=lambda owner: len(_objectives(owner)), transfer=_hand_on_objectives)
    )
    ownership.register(
        Belongings(
            "key result", "key results", count=lambda owner: len(_key_results(owner)), transfer=_hand_on_key_results
        )
    )
    ownership.register(
        Belongings(
            "initiative", "initiatives", count=lambda owner: len(_initiatives(owner)), transfer=_hand_on_initiatives
        )
    )
    followers.register(Follower("key results", following=_following, misfits=_misfits))


def _objectives(owner: Owner) -> list[Objective]:
    field = "owner" if isinstance(owner, Member) else "department"
    return list(Objective.objects.filter(~Q(cycle__state=CycleState.CLOSED), **{field: owner}).with_people())


def _key_results(owner: Owner) -> list[KeyResult]:
    if not isinstance(owner, Member):
        return []
    return list(KeyResult.objects.in_open_cycles().owned_by(owner).with_context())


def _initiatives(owner: Owner) -> list[Initiative]:
    if not isinstance(owner, Member):
        return []
    return list(Initiative.objects.owed().owned_by(owner))


def _hand_on_objectives(owner: Owner, successor: Owner, *, actor: Actor, now: dt.datetime) -> None:
    field = "owner" if isinstance(owner, Member) else "department"
    for objective in _objectives(owner):
        _assign(objective, "objective.changed", field, (owner, successor), actor, now)
        keep_objective(actor, objective, now=now)


def _hand_on_key_results(owner: Owner, successor: Owner, *, actor: Actor, now: dt.datetime) -> None:
    for key_result in _key_results(owner):
        _assign(key_result, "key_result.changed", "owner", (owner, successor), actor, now)
        keep_key_result(actor, key_result, now=now)


def _hand_on_initiatives(owner: Owner, successor: Owner, *, actor: Actor, now: dt.datetime) -> None:
    for initiative in _initiatives(owner):
        _assign(initiative, "initiative.changed", "owner", (owner, successor), actor, now)


def _assign(row: Any, action: str, field: str, change: tuple[Owner, Owner], actor: Actor, now: dt.datetime) -> None:
    setattr(row, field, change[1])
    row.save(update_fields=[field])
    record(actor, action, row, now=now, changes={field: change})


def _reading(kpi: Kpi) -> list[KeyResult]:
    return list(KeyResult.objects.in_open_cycles().reading([kpi.pk]).with_context().in_order())


def _following(kpi: Kpi) -> Iterator[str]:
    for row in _reading(kpi):
        yield f"the key result “{row.title}” of {row.objective.cycle}"


def _misfits(
    before: Kpi, after: Kpi, changed: Collection[str], organization: Organization, now: dt.datetime
) -> Iterator[tuple[str, str, str]]:
    """The field that is named is the one whose change makes the difference."""
    fields = [name for name in sorted(changed) if name in ABOUT_READING]
    if not fields:
        return
    for row in _reading(before):
        row.unit = after.unit if keeps_numbers(Unit.parse(before.unit), Unit.parse(after.unit)) else before.unit
        detail = misfit(row, copy(after), organization, now)
        if detail:
            moved = f"The key result “{row.title}” of {row.objective.cycle} is moved by it."
            yield fields[0], f"{moved} {detail}", "followed"
            return
