"""Reading cycles, objectives and key results as they stand, each in a constant number of statements."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from accounts.models import Member, Organization
from okrs.models import Cycle, KeyResult, Objective
from okrs.reading.cycle_views import CycleView, Overview
from okrs.reading.known import known_objectives, known_rows
from okrs.reading.lineage import above, beneath
from okrs.reading.rollup import RollUp
from okrs.reading.rows import Rows, refer_to_owners, stored_objectives, stored_rows
from okrs.reading.summaries import summarized
from okrs.reading.views import KeyResultView, ObjectiveView, WholeKeyResult


class NotThereYetError(Exception):
    """What is asked for was set after the instant, or removed before it."""


def load_cycle(organization: Organization, cycle: Cycle, on: dt.date, as_of: dt.datetime | None = None) -> CycleView:
    """A cycle with all its objectives; those of other cycles aligned beneath them are reached through these.

    With ``as_of`` definitions, check-ins and KPIs are those known then. Raises NotThereYetError.
    """
    if as_of is None:
        ids = list(Objective.objects.filter(cycle=cycle).in_order().values_list("pk", flat=True))
    else:
        there = known_objectives(organization, as_of)
        ids = [id for id, (of_cycle, _) in there.items() if of_cycle == cycle.pk]
    views = load_objectives(organization, ids, on, as_of)
    own = [views[id] for id in ids if id in views]
    own.sort(key=lambda view: (view.objective.position, view.id))
    if as_of and not own and cycle.created_at > as_of:
        raise NotThereYetError(f"“{cycle.name}” was not there yet.")
    return CycleView(own[0].cycle if own else cycle, on, own)


def load_overview(organization: Organization, cycle: Cycle, day: dt.date) -> Overview:
    """The same for who looks at every objective and at few of their key results: of these what an overview needs is
    read at once, and the rest of those about which it is asked."""
    ids = list(Objective.objects.filter(cycle=cycle).values_list("pk", flat=True))
    rows = {row.pk: row for row in stored_objectives(beneath(organization, ids))}
    refer_to_owners(organization, list(rows.values()))
    views, own = _tree(rows.values(), summarized(organization, rows, day), day), set(ids)
    rollup = RollUp(views.values())
    rollup.settle()
    return Overview(cycle, day, [view for id, view in views.items() if id in own], rollup)


def load_objective(
    organization: Organization, objective: Objective, on: dt.date, as_of: dt.datetime | None = None
) -> ObjectiveView:
    """One objective with all that is aligned beneath it. Raises NotThereYetError."""
    views = load_objectives(organization, [objective.pk], on, as_of)
    if objective.pk not in views:
        raise NotThereYetError(f"“{objective.title}” was not there at that time.")
    return views[objective.pk]


def load_key_result(
    organization: Organization, key_result: KeyResult, on: dt.date, as_of: dt.datetime | None = None
) -> KeyResultView:
    """One key result by itself. Raises NotThereYetError."""
    views = load_key_results(organization, [key_result.pk], on, as_of)
    if not views:
        raise NotThereYetError(f"“{key_result.title}” was not there at that time.")
    return views[0]


def load_key_results(
    organization: Organization, ids: Collection[UUID], on: dt.date, as_of: dt.datetime | None = None
) -> list[KeyResultView]:
    """Key results by themselves, in order."""
    rows = known_rows(organization, as_of, None, ids) if as_of else stored_rows(organization, on, None, ids)
    return _key_results(rows, on)


def load_objectives(
    organization: Organization,
    ids: Iterable[UUID],
    on: dt.date,
    as_of: dt.datetime | None = None,
    *,
    upwards: bool = False,
) -> dict[UUID, ObjectiveView]:
    """These objectives with all that are aligned beneath, by id; ``upwards`` with all that they serve, too, and what is
    beneath that, so that each step of the way up has its progress."""
    if as_of:
        wanted = _known_beneath(organization, set(ids), as_of, upwards=upwards)
        rows = known_rows(organization, as_of, wanted)
    else:
        seeds = above(organization, ids) if upwards else ids
        rows = stored_rows(organization, on, beneath(organization, seeds))
    return _tree(rows.objectives, _key_results(rows, on), on)


def load_owed(organization: Organization, member: Member, today: dt.date) -> list[KeyResultView]:
    """The key results on which a member owes a check-in today, the longest overdue first."""
    owned = KeyResult.objects.in_active_cycles().owned_by(member).filter(kpi=None)
    ids = list(owned.filter(objective__cycle__starts_on__lte=today).values_list("pk", flat=True))
    owed = [view for view in load_key_results(organization, ids, today) if view.owed_since]
    return sorted(owed, key=lambda view: view.owed_since or today)


def _known_beneath(organization: Organization, ids: set[UUID], as_of: dt.datetime, *, upwards: bool) -> list[UUID]:
    there = known_objectives(organization, as_of)
    aligned: dict[UUID, list[UUID]] = defaultdict(list)
    for id, (_, served) in there.items():
        if served:
            aligned[served].append(id)
    wanted = [id for id in ids if id in there]
    while upwards and (higher := {served for id in wanted if (served := there[id][1]) in there} - set(wanted)):
        wanted += [id for id in higher if id is not None]
    found: dict[UUID, None] = {}
    while wanted:
        id = wanted.pop()
        if id not in found:
            found[id] = None
            wanted += aligned[id]
    return list(found)


def _key_results(rows: Rows, on: dt.date) -> list[KeyResultView]:
    return [WholeKeyResult(on, details) for details in rows.key_results]


def _tree(
    objectives: Iterable[Objective], key_results: Iterable[KeyResultView], on: dt.date
) -> dict[UUID, ObjectiveView]:
    views = {row.pk: ObjectiveView(on, row) for row in objectives}
    serving = {view.objective.parent_key_result_id for view in views.values()}
    owner: dict[UUID, ObjectiveView] = {}
    for view in key_results:
        objective = views[view.objective_id]
        objective.key_results.append(view)
        if view.id in serving:
            owner[view.id] = objective
    for child in views.values():
        parent, key_result = child.objective.parent_id, child.objective.parent_key_result_id
        if parent in views:
            views[parent].children.append(child)
        elif key_result in owner:
            owner[key_result].of_key_results.setdefault(key_result, []).append(child)
    return views
