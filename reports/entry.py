"""Entering a value where it stands on My ladder."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from accounts.models import Member, Role
from kpis.engine.periods import Frequency
from kpis.entering import next_date
from kpis.forms.measurements import MeasurementForm
from kpis.models import Kpi, Measurement
from kpis.tree import Node
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
    last = Measurement.objects.filter(kpi_id=OuterRef("pk")).order_by("-date").values("date")[:1]
    kpis: Any = Kpi.objects.filter(pk__in=[node.id for node in nodes]).annotate(last_date=Subquery(last))
    forms = {
        kpi.pk: EntryForm(kpi=kpi, today=teller.today, date=_offered_date(kpi, kpi.last_date, teller)) for kpi in kpis
    }
    return {**forms, refused.kpi_id: refused} if refused else forms


def _offered_date(kpi: Kpi, last: dt.date | None, teller: Teller) -> dt.date:
    return next_date(teller.calendar, Frequency(kpi.frequency), last=last, today=teller.today)
