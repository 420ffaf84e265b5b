"""The queries behind a forest: three, and one more for the operands of formulas."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import CharField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from accounts.models import Organization
from kpis import models
from kpis.models import Kpi, KpiLink, KpiOperand
from kpis.tree.forest import Forest
from kpis.tree.nodes import STORED, UNKNOWN, Link, Node, Standing
from kpis.tree.operands import stored_operands, with_operands

# Somebody without a name is called by their address, somebody who has not arrived by the one they were invited at.
OWNER = Coalesce(
    NullIf(F("owner__user__name"), Value("")),
    F("owner__user__email"),
    F("owner__invited_email"),
    Value(""),
    output_field=CharField(),
)
OPEN = Standing._fields.index("open")
DEPARTMENT = Coalesce(F("department__name"), Value(""))


def load_forest(organization: Organization, *, on: dt.date, operands: bool = False) -> Forest:
    """Read the hierarchy as it is on a date: the organization's active KPIs, with the links valid then.

    Call it inside the organization. What is archived is left out; its children stand at the top. With ``operands``
    what a formula is computed from stands below it too, where no link says so already.
    """
    links = _links(on)
    links = with_operands(links, stored_operands()) if operands else links
    return _forest(organization, links, dict(_standings(models.Standing.objects.all())))


def load_place(organization: Organization, kpi_id: UUID, *, on: dt.date) -> Forest:
    """Read the hierarchy of a date around one KPI: all of it, and where those stand that are seen from there.

    These are what it ladders up to, to the top, what ladders up to it directly and what its formula names; everything
    else stands at UNKNOWN.
    """
    place = _forest(organization, _links(on), {})
    node = place.nodes.get(kpi_id)
    seen = [node, *place.ancestors(node), *place.children(node)] if node else []
    named = KpiOperand.objects.filter(kpi_id=kpi_id).values("operand_id")
    shown = models.Standing.objects.filter(Q(kpi_id__in=[one.id for one in seen]) | Q(kpi_id__in=named))
    for id_, standing in _standings(shown):
        if id_ in place.nodes:
            place.nodes[id_] = place.nodes[id_]._replace(standing=standing)
    return place


def _links(on: dt.date) -> list[Link]:
    return [Link(*row) for row in KpiLink.objects.valid_on(on).values_list(*STORED)]


def _forest(organization: Organization, links: list[Link], standings: Mapping[UUID, Standing]) -> Forest:
    nodes = [Node._make([*row, standings.get(row[0], UNKNOWN)]) for row in _definitions()]
    return Forest(nodes, links, on_track_at=organization.on_track_at, at_risk_at=organization.at_risk_at)


def _definitions() -> Iterable[tuple[Any, ...]]:
    fields = [name for name in Node._fields if name != "standing"]
    named = {"department": DEPARTMENT, "owner": OWNER}
    columns = [named.get(name, name) for name in fields]
    return Kpi.objects.active().in_order().values_list(*columns)


def _standings(stored: QuerySet[models.Standing]) -> Iterator[tuple[UUID, Standing]]:
    """The open period is decoded here: a tenth of the time Django's own field takes."""
    columns = [Cast(name, TextField()) if name == "open" else name for name in Standing._fields]
    for kpi_id, *row in stored.values_list("kpi_id", *columns):
        row[OPEN] = row[OPEN] and msgspec.json.decode(row[OPEN])
        yield kpi_id, Standing._make(row)
