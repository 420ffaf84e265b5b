"""What formulas are computed from, as links of the hierarchy."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from uuid import UUID

from django.db.models import F

from kpis.compute.known import Known
from kpis.engine.formula.program import compiled
from kpis.models import KpiOperand
from kpis.tree.nodes import Link


class Operand(NamedTuple):
    """``kpi``'s formula takes ``operand``'s value, or with ``is_parent`` those of what ladders up to it."""

    kpi_id: UUID
    operand_id: UUID
    is_parent: bool


def stored_operands() -> list[Operand]:
    """Today's, in one query; a formula that names nothing is left out."""
    rows = KpiOperand.objects.exclude(kpi_id=F("operand_id"), is_parent=False)
    return [Operand._make(row) for row in rows.order_by("id").values_list(*Operand._fields)]


def known_operands(known: Known) -> Iterator[Operand]:
    """Those of the formulas as they were known."""
    ids = {kpi.key: kpi.id for kpi in known.graph.kpis}
    for kpi in known.graph.kpis:
        for leaf in compiled(kpi.formula).leaves if kpi.formula else ():
            named = kpi.id if leaf.key is None else ids.get(leaf.key)
            if isinstance(named, UUID) and (named != kpi.id or leaf.kind.is_of_children):
                yield Operand(kpi.id, named, leaf.kind.is_of_children)  # type: ignore[arg-type]


def with_operands(links: list[Link], operands: Iterable[Operand]) -> list[Link]:
    """The links with those from formulas to their operands that are not among them."""
    children: dict[UUID, list[UUID]] = defaultdict(list)
    for link in links:
        children[link.parent_id].append(link.child_id)
    there = {(link.parent_id, link.child_id) for link in links}
    added: dict[tuple[UUID, UUID], Link] = {}
    for operand in operands:
        for taken in children[operand.operand_id] if operand.is_parent else (operand.operand_id,):
            ends = (operand.kpi_id, taken)
            if ends not in there:
                added[ends] = Link(*ends, 1.0, 1, None, None, is_operand=True)
    return [*links, *added.values()]
