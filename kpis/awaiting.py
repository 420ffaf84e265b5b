"""Which values are awaited: of measured KPIs, for periods that have ended."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from kpis.engine.periods import Calendar, Frequency
from kpis.models import Measurement, Push
from kpis.models.measurements import Via
from kpis.tree import Node


def awaiting(nodes: Iterable[Node], today: dt.date) -> list[Node]:
    """Those that await the value of a period that has ended, the longest awaited first."""
    found = [node for node in nodes if node.is_measured and (awaited_on(node) or dt.date.max) < today]
    return sorted(found, key=lambda node: node.standing.expected_on or dt.date.max)


def awaited_on(node: Node) -> dt.date | None:
    """The last day of the period whose value is awaited; None when none is."""
    expected_on = node.standing.expected_on
    return expected_on - dt.timedelta(days=days_until_due(node)) if expected_on else None


def days_until_due(node: Node) -> int:
    """So many days after a period has ended its value is due."""
    own = node.due_after_days
    return Frequency(node.frequency).default_due_after_days if own is None else own


def awaited_since(node: Node, calendar: Calendar, created_on: dt.date) -> dt.date:
    """When the first of the values was due that are missing in a row; of a KPI that never had one, the first since it
    was made. It may lie ahead."""
    frequency, spoke = Frequency(node.frequency), node.standing.period
    first = calendar.ordinal(frequency, spoke) + 1 if spoke else calendar.ordinal(frequency, created_on)
    due_on = calendar.due_on(frequency, first, days_until_due(node))
    return min(due_on, node.standing.expected_on or due_on) if spoke else due_on


def fed_by_data(kpi_ids: Iterable[UUID]) -> set[UUID]:
    """Of these KPIs those whose latest value was pushed by a program, which nobody has to enter."""
    latest = Measurement.objects.filter(kpi_id__in=list(kpi_ids)).order_by("kpi_id", "-date").distinct("kpi_id")
    push_of = dict(latest.values_list("kpi_id", "push_id"))
    pushed = set(Push.objects.filter(pk__in=set(push_of.values()), via=Via.API).values_list("pk", flat=True))
    return {kpi_id for kpi_id, push_id in push_of.items() if push_id in pushed}
