"""Entering a value where it stands on My ladder."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from accounts.models import Member, Role
from kpis.forms.measurements import MeasurementForm
from kpis.models import Kpi
from kpis.tree import Node
from reports.changes import awaited_on
from reports.figures import Teller


def may_enter(member: Member, node: Node) -> bool:
    """As ``Kpi.may_be_fed_by``, for a node: editors feed every measured KPI, contributors those they own."""
    owns = member.has_role(Role.CONTRIBUTOR) and node.owner_id == member.pk
    return node.is_measured and (owns or member.has_role(Role.EDITOR))


class EntryForm(MeasurementForm):
    """One of several on a page, so its fields are named after its KPI."""

    def __init__(self, data: object = None, *, kpi: Kpi, today: dt.date, date: dt.date | None = None) -> None:
        super().__init__(data, kpi=kpi, today=today, initial={"date": date})
        self.auto_id = f"{kpi.key}_%s"
        self.kpi_id = kpi.pk


def entry_forms(nodes: Iterable[Node], teller: Teller, refused: EntryForm | None = None) -> dict[UUID, EntryForm]:
    """A form for each of the KPIs, read in one query; the one that was ``refused`` takes its KPI's place."""
    expecting = {node.id: _likely_date(node, teller) for node in nodes}
    kpis = Kpi.objects.filter(pk__in=expecting)
    forms = {kpi.pk: EntryForm(kpi=kpi, today=teller.today, date=expecting[kpi.pk]) for kpi in kpis}
    return {**forms, refused.kpi_id: refused} if refused else forms


def _likely_date(node: Node, teller: Teller) -> dt.date:
    """The last day of the period whose value is awaited, or today while that still runs."""
    return min(awaited_on(node) or teller.today, teller.today)
