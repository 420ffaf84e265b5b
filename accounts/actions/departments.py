"""Departments: create, rename, move, reorder, lead, archive, restore."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Max

from accounts import audit, ownership
from accounts.actions.organizations import bump_version, one_writer_at_a_time
from accounts.actors import Actor
from accounts.errors import ConflictError, refusal
from accounts.models import Department, Member
from accounts.tenancy.context import current_organization_id

DEEPEST = 12  # levels


def create_department(
    actor: Actor, *, now: dt.datetime, name: str, parent: Department | None = None, lead: Member | None = None
) -> Department:
    """Add a department below ``parent``, or at the top, as the last of its siblings."""
    one_writer_at_a_time(current_organization_id())
    _check_parent(parent)
    _check_depth(parent, levels_below=0)
    _check_lead(lead)
    department = Department(name=_clean_name(name, parent), parent=parent, lead=lead, position=_next_position(parent))
    department.save(force_insert=True)
    audit.record(actor, "department.created", department, now=now, changes={"parent": (None, parent)} if parent else {})
    bump_version(current_organization_id())
    return department


def rename_department(actor: Actor, department: Department, *, now: dt.datetime, name: str) -> None:
    one_writer_at_a_time(current_organization_id())
    if name.strip() != department.name:
        _change(actor, department, "department.renamed", now, name=_clean_name(name, department.parent, department.pk))


def move_department(actor: Actor, department: Department, *, now: dt.datetime, parent: Department | None) -> None:
    """Put a department, with everything below it, under another one or at the top, as the last there.

    Moving it under itself or below is refused with the path that would become a circle.
    """
    one_writer_at_a_time(current_organization_id())
    if (parent.pk if parent else None) == department.parent_id:
        return
    _check_parent(parent)
    _check_not_below(department, parent)
    _check_depth(parent, levels_below=_levels_below(department))
    _clean_name(department.name, parent, department.pk)
    _change(actor, department, "department.moved", now, parent=parent, position=_next_position(parent))


def update_department(actor: Actor, department: Department, *, now: dt.datetime, **changed: Any) -> None:
    """Rename, move and set the lead in one call; ``changed`` holds those of ``name, parent, lead`` to assign."""
    if "parent" in changed:
        move_department(actor, department, now=now, parent=changed["parent"])
    if "name" in changed:
        rename_department(actor, department, now=now, name=changed["name"])
    if "lead" in changed:
        set_lead(actor, department, now=now, lead=changed["lead"])


def shift_department(actor: Actor, department: Department, *, now: dt.datetime, by: int) -> None:
    """Move a department up (``by=-1``) or down (``by=1``) among its siblings; at the end nothing happens."""
    one_writer_at_a_time(current_organization_id())
    siblings = list(Department.objects.active().filter(parent=department.parent_id).in_order())
    before = [sibling.name for sibling in siblings]
    place = next(index for index, sibling in enumerate(siblings) if sibling.pk == department.pk)
    siblings.insert(max(0, min(place + by, len(siblings) - 1)), siblings.pop(place))
    after = [sibling.name for sibling in siblings]
    if before == after:
        return
    for position, sibling in enumerate(siblings):
        Department.objects.filter(pk=sibling.pk).update(position=position)
    audit.record(actor, "department.reordered", department, now=now, changes={"order": (before, after)})
    bump_version(current_organization_id())


def set_lead(actor: Actor, department: Department, *, now: dt.datetime, lead: Member | None) -> None:
    """Name who leads a department, or nobody."""
    _check_lead(lead)
    if (lead.pk if lead else None) != department.lead_id:
        _change(actor, department, "department.lead_changed", now, lead=lead)


def archive_department(
    actor: Actor, department: Department, *, now: dt.datetime, successor: Department | None = None
) -> None:
    """Take a department out of use. What it owns, its members included, goes to ``successor``.

    Refused while departments below it are in use, and without a successor while it owns anything.
    """
    one_writer_at_a_time(current_organization_id())
    if department.archived_at:
        return
    _check_nothing_below(department)
    owned = ownership.owned_by(department)
    if owned:
        heir = _successor(department, successor, owned)
        ownership.transfer(department, heir, actor=actor, now=now)
    _change(actor, department, "department.archived", now, archived_at=now)


def restore_department(actor: Actor, department: Department, *, now: dt.datetime) -> None:
    """Bring an archived department back to where it was."""
    one_writer_at_a_time(current_organization_id())
    if not department.archived_at:
        return
    if department.parent and department.parent.archived_at:
        raise ConflictError(f"{department} lies below {department.parent}, which is archived; restore that first.")
    _clean_name(department.name, department.parent, department.pk)
    _change(actor, department, "department.restored", now, archived_at=None)


def _change(actor: Actor, department: Department, action: str, now: dt.datetime, **changed: object) -> None:
    changes = audit.differences(department, changed)
    for field, value in changed.items():
        setattr(department, field, value)
    department.save(update_fields=list(changed))
    told = {field: change for field, change in changes.items() if field not in {"position", "archived_at"}}
    audit.record(actor, action, department, now=now, changes=told)
    bump_version(current_organization_id())


def _path(department: Department | None) -> Iterator[Department]:
    """The department, its parent, and so on up to the top."""
    while department is not None:
        yield department
        department = department.parent


def _levels_below(department: Department) -> int:
    """How many levels of departments lie below this one."""
    children: dict[UUID | None, list[UUID]] = {}
    for key, parent in Department.objects.values_list("id", "parent_id"):
        children.setdefault(parent, []).append(key)
    level, levels = children.get(department.pk, []), 0
    while level:
        level, levels = [key for parent in level for key in children.get(parent, [])], levels + 1
    return levels


def _next_position(parent: Department | None) -> int:
    last = Department.objects.filter(parent=parent).aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def _clean_name(name: str, parent: Department | None, own: UUID | None = None) -> str:
    """The name as it is stored; refused if empty, too long, or a sibling's."""
    name = " ".join(name.split())
    Department(name=name).clean_fields(exclude=["organization", "parent", "lead"])
    namesakes = Department.objects.active().filter(parent=parent, name__iexact=name)
    if any(namesake.pk != own for namesake in namesakes):
        where = f"in {parent}" if parent else "at the top"
        raise refusal("name", f"There is already a department called {name} {where}.", "taken")
    return name


def _check_parent(parent: Department | None) -> None:
    if parent and parent.archived_at:
        raise refusal("parent", f"{parent} is archived; choose a department in use.", "archived")


def _check_not_below(department: Department, parent: Department | None) -> None:
    path = list(_path(parent))
    if department not in path:
        return
    if parent == department:
        raise refusal("parent", f"{department} cannot lie under itself.", "cycle")
    circle = [*reversed(path[: path.index(department) + 1]), department]
    shown = " → ".join(step.name for step in circle)
    raise refusal("parent", f"{department} cannot lie under {parent}, which lies below it: {shown}.", "cycle")


def _check_depth(parent: Department | None, *, levels_below: int) -> None:
    if len(list(_path(parent))) + 1 + levels_below > DEEPEST:
        raise refusal("parent", f"Departments can be nested {DEEPEST} levels deep at most.", "too_deep")


def _check_lead(lead: Member | None) -> None:
    if lead and lead.removed_at:
        raise refusal("lead", f"{lead} is no longer a member; choose somebody who is.", "removed")


def _check_nothing_below(department: Department) -> None:
    below = list(Department.objects.active().filter(parent=department).in_order().values_list("name", flat=True))
    if below:
        names = ", ".join(below[:5]) + (" and others" if len(below) > 5 else "")
        raise ConflictError(f"{department} still has departments below it: {names}. Move or archive them first.")


def _successor(department: Department, successor: Department | None, owned: list[str]) -> Department:
    if successor is None:
        message = f"{department} has {' and '.join(owned)}. Choose the department that takes over."
        raise refusal("successor", message, "required")
    if successor == department or successor.archived_at:
        raise refusal("successor", "Choose another department that is in use.", "invalid")
    return successor
