"""The hierarchy as it was known at a past instant."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from accounts.models import Department, Member
from kpis.compute.known import Known
from kpis.models import Kpi, KpiLink
from kpis.tree.forest import Forest
from kpis.tree.nodes import STORED, Link, Node, Standing
from kpis.tree.operands import known_operands, with_operands


def forest_as_known(known: Known, instant: dt.datetime, *, operands: bool = False) -> Forest:
    """What was active then, with the links that held, and where everything stood; people and departments are called
    as they are today. Call it inside the organization. With ``operands`` as ``load_forest``."""
    order = {id: place for place, id in enumerate(Kpi.objects.in_order().values_list("pk", flat=True))}
    active = [id for id, definition in known.definitions.items() if not definition["archived_at"] and id in order]
    departments = dict(Department.objects.values_list("pk", "name"))
    members = Member.objects.of_organization(known.organization.pk).select_related("user")
    owners = {member.pk: str(member) for member in members}
    nodes = [_node(known, id, order[id], departments, owners) for id in sorted(active, key=order.__getitem__)]
    rows = KpiLink.objects.known_at(instant).holding_on(known.today).values_list(*STORED)
    links = [Link(*row) for row in rows]
    links = with_operands(links, known_operands(known)) if operands else links
    thresholds = {name: getattr(known.organization, name) for name in ("on_track_at", "at_risk_at")}
    return Forest(nodes, links, **thresholds)


def _node(known: Known, id: UUID, position: int, departments: Mapping[UUID, str], owners: Mapping[UUID, str]) -> Node:
    definition = known.definitions[id]
    department, owner, weigher = (_id(definition[f"{name}_id"]) for name in ("department", "owner", "weight_by"))
    standing = known.standing(id)
    classed = ("kind", "category", "level", "indicator")
    plain = ("key", "name", *classed, "unit", "decimals", "direction", "frequency", "source", "rollup")
    return Node(
        id=id,
        **{name: definition[name] for name in plain},
        weight_by_id=weigher,
        due_after_days=definition["due_after_days"],
        position=position,
        department_id=department,
        department=departments.get(department, "") if department else "",
        owner_id=owner,
        owner=owners.get(owner, "") if owner else "",
        standing=Standing(**{name: getattr(standing, name) for name in Standing._fields}),
    )


def _id(text: Any) -> UUID | None:
    return UUID(text) if text else None
