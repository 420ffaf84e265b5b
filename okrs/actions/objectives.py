"""Setting, changing, aligning, ordering and removing objectives."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.db.models import Max

from accounts.actors import Actor
from accounts.audit import differences, record
from accounts.errors import ConflictError, refusal
from accounts.models import Department, Member, Organization
from okrs.actions.changing import announce, lock_objectives, open_cycle, stored_objective
from okrs.actions.circles import circle_through
from okrs.actions.permissions import require_edit_objective, require_lead, require_set
from okrs.actions.refusals import (
    Problem,
    accepted,
    one_line,
    people_problems,
    refuse,
    text_problems,
    weight_problems,
)
from okrs.actions.versioning import end_versions, keep_objective
from okrs.following.readings import span_of
from okrs.following.storing import forget
from okrs.models import Cycle, KeyResult, Objective

FIELDS: Final = frozenset(
    "title description department owner parent parent_key_result kind progress_from weight".split()
)
ALIGNED: Final = ("parent", "parent_key_result")
REFERENCES: Final = ("cycle", "department", "owner", "parent", "parent_key_result", "carried_from")
LISTED: Final = 3
LONGEST_DESCRIPTION: Final = 10_000


def create_objective(actor: Actor, cycle: Cycle, *, now: dt.datetime, title: str, **fields: Any) -> Objective:
    """Set an objective in a cycle, as the last of it. ``fields`` as in ``FIELDS``.

    Raises ValidationError by field, and PermissionDenied for whom would have to ask an editor.
    """
    given = accepted({"title": title, **fields}, FIELDS, "An objective")
    require_set(actor, given.get("owner"))
    organization = lock_objectives()
    objective = Objective(cycle=open_cycle(cycle), created_at=now, position=_next_position(cycle))
    _assign(objective, given)
    refuse_malformed_objective(objective, organization)
    objective.save(force_insert=True)
    changes = {name: (None, getattr(objective, name)) for name in ("cycle", *given) if getattr(objective, name)}
    record(actor, "objective.created", objective, now=now, changes=changes)
    keep_objective(actor, objective, now=now)
    announce()
    return objective


def update_objective(actor: Actor, objective: Objective, *, now: dt.datetime, **changed: Any) -> Objective:
    """Change an objective; aligned to itself, directly or in a circle, is refused with the path."""
    given = accepted(changed, FIELDS, "An objective")
    require_edit_objective(actor, objective)
    organization = lock_objectives()
    before, after = stored_objective(objective), stored_objective(objective)
    require_edit_objective(actor, before)
    _assign(after, given)
    changes = differences(before, {name: getattr(after, name) for name in sorted(FIELDS)})
    if changes:
        refuse_malformed_objective(after, organization, before)
        after.save()
        action = "objective.aligned" if changes.keys() <= set(ALIGNED) else "objective.changed"
        record(actor, action, after, now=now, changes=changes)
        keep_objective(actor, after, now=now)
        announce()
    return after


def align_objective(
    actor: Actor, objective: Objective, *, now: dt.datetime, to: Objective | KeyResult | None
) -> Objective:
    """Let an objective serve another one or a key result of another one, or stand by itself."""
    parent = to if isinstance(to, Objective) else None
    key_result = to if isinstance(to, KeyResult) else None
    return update_objective(actor, objective, now=now, parent=parent, parent_key_result=key_result)


def remove_objective(actor: Actor, objective: Objective, *, now: dt.datetime) -> None:
    """Take an objective away with its key results; what it was stays known at past instants.

    Refused with their names while others are aligned to it.
    """
    require_edit_objective(actor, objective)
    lock_objectives()
    stored = stored_objective(objective)
    require_edit_objective(actor, stored)
    key_results = list(KeyResult.objects.filter(objective=stored))
    aligned = Objective.objects.filter(parent=stored) | Objective.objects.filter(parent_key_result__in=key_results)
    refuse_aligned(stored.title, aligned)
    ids = [row.pk for row in key_results]
    KeyResult.objects.filter(pk__in=ids).update(removed_at=now, kpi=None, reads="")
    Objective.objects.filter(pk=stored.pk).update(removed_at=now)
    record(
        actor, "objective.removed", stored, now=now, changes={"key results": ([row.title for row in key_results], None)}
    )
    end_versions([stored.pk], ids, now=now)
    forget(lock_objectives(), ids)
    announce()


def reorder_objectives(actor: Actor, objectives: Sequence[Objective], *, now: dt.datetime) -> None:
    """Have these objectives of one cycle follow each other in this order."""
    require_lead(actor)
    lock_objectives()
    if not objectives:
        return
    if len({objective.pk for objective in objectives}) != len(objectives):
        raise refusal("objectives", "An objective stands in the order twice; name each once.", "repeated")
    if len({objective.cycle_id for objective in objectives}) > 1:
        raise refusal("objectives", "Only objectives of one cycle have an order; choose those of one.", "cycles")
    open_cycle(objectives[0].cycle)
    moved = [(row, position) for position, row in enumerate(objectives) if row.position != position]
    for row, position in moved:
        row.position = position
        row.save(update_fields=["position"])
    if moved:
        order = [row.title for row in objectives]
        record(actor, "objective.reordered", objectives[0], now=now, changes={"order": (None, order)})
        announce()


def refuse_malformed_objective(
    objective: Objective, organization: Organization, before: Objective | None = None
) -> None:
    """Raise a ValidationError with everything that is wrong, by field. ``before`` is what is stored so far, if any."""
    former: Member | None = before.owner if before else None
    is_new = before is None or before.department_id != objective.department_id
    department: Department | None = objective.department if is_new else None
    problems = [
        *text_problems(objective, "title", "description"),
        *_length_problems(objective),
        *weight_problems(objective.weight),
        *people_problems(organization, objective.owner, former, department),
        *(_alignment_problems(objective) if _is_realigned(objective, before) else ()),
    ]
    refuse(objective, [*REFERENCES, "weight"], problems)


def refuse_aligned(title: str, aligned: Iterable[Objective]) -> None:
    """Refuse to remove what others are aligned to."""
    names = [f"“{row.title}”" for row in aligned]
    if names:
        shown = ", ".join(names[:LISTED]) + (f" and {len(names) - LISTED} more" if len(names) > LISTED else "")
        verb = "is" if len(names) == 1 else "are"
        raise ConflictError(f"{shown} {verb} aligned to “{title}”. Align {_them(names)} elsewhere first.")


def _them(names: Sequence[str]) -> str:
    return "it" if len(names) == 1 else "them"


def _assign(objective: Objective, given: dict[str, Any]) -> None:
    """What is aligned to one thing is no longer aligned to the other, unless both are named, which is refused."""
    for name, value in given.items():
        setattr(objective, name, one_line(value) if name == "title" else value)
    for name, other in (ALIGNED, tuple(reversed(ALIGNED))):
        if given.get(name) is not None and other not in given:
            setattr(objective, other, None)


def _is_realigned(objective: Objective, before: Objective | None) -> bool:
    return before is None or any(getattr(before, f"{name}_id") != getattr(objective, f"{name}_id") for name in ALIGNED)


def _length_problems(objective: Objective) -> Iterator[Problem]:
    if len(objective.description) > LONGEST_DESCRIPTION:
        yield "description", f"Say it in {LONGEST_DESCRIPTION:,} characters at most.", "max_length"


def _alignment_problems(objective: Objective) -> Iterator[Problem]:
    key_result = objective.parent_key_result
    if objective.parent and key_result:
        yield "parent", "It is aligned to an objective or to a key result; leave one of them out.", "two_parents"
        return
    parent = objective.parent or (key_result.objective if key_result else None)
    if parent is None:
        return
    field = "parent" if objective.parent else "parent_key_result"
    named = key_result.title if key_result else parent.title
    if parent.removed_at or (key_result and key_result.removed_at):
        yield field, f"“{named}” was removed; choose another one.", "removed"
    elif parent.pk == objective.pk:
        yield field, f"“{objective.title}” cannot be aligned to itself; choose another one.", "itself"
    elif path := circle_through(objective, parent):
        shown = " → ".join(path)
        yield field, f"“{objective.title}” cannot be aligned to “{named}”, which serves it: {shown}.", "circle"
    yield from ((field, detail, code) for detail, code in _cycle_problems(objective, parent, named))


def _cycle_problems(objective: Objective, parent: Objective, named: str) -> Iterator[tuple[str, str]]:
    if parent.cycle.is_closed:
        yield f"“{named}” belongs to {parent.cycle}, which is closed; choose one of an open cycle.", "closed"
    elif not span_of(objective.cycle).within(span_of(parent.cycle)):
        cycles = f"{parent.cycle}, which has no day in common with {objective.cycle}"
        yield f"“{named}” belongs to {cycles}; choose one of a cycle that overlaps.", "cycles_apart"


def _next_position(cycle: Cycle) -> int:
    last: int | None = Objective.objects.filter(cycle=cycle).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
