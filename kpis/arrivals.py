"""The first number pushed by a program: the line that pushes it, and what has arrived."""

import datetime as dt
import json
from dataclasses import dataclass

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from accounts.models import Organization
from kpis.drawing.numbers import show
from kpis.models import Kpi, Measurement, Push
from kpis.models.measurements import Via
from kpis.tree import Forest, Node
from kpis.words import day

EXAMPLE = 1250
LOOKED_AT = 10


@dataclass(frozen=True)
class Arrival:
    """A pushed number, and what it made of the KPIs it feeds: (name, what they stand at so far)."""

    kpi: Kpi
    measurement: Measurement
    push: Push
    effects: list[tuple[str, SafeString]]

    @property
    def value(self) -> SafeString:
        return _html(self.measurement.value, self.kpi.unit, self.kpi.decimals)

    @property
    def dated(self) -> str:
        return day(self.measurement.date)


def example_kpi(forest: Forest) -> Node | None:
    """The KPI that the example pushes to: a sum that feeds another if there is one, and no percentage."""
    measured = [node for node in forest if node.is_measured]
    return min(
        measured, key=lambda node: (node.unit == "percent", not forest.links_up(node), node.position), default=None
    )


def curl_line(node: Node, token: str, today: dt.date) -> str:
    """One line for a terminal that pushes a number for today."""
    body = json.dumps({"measurements": [{"kpi": node.key, "date": str(today), "value": EXAMPLE}]})
    return (
        f"curl {settings.BASE_URL}/api/v1/measurements/ -H 'Authorization: Bearer {token}' "
        f"-H 'Content-Type: application/json' -d '{body}'"
    )


def latest_arrival(organization: Organization, forest: Forest, node: Node) -> Arrival | None:
    """The last number of a KPI that came through the API, with where it took the KPIs above."""
    rows = list(Measurement.objects.filter(kpi_id=node.id).newest_first()[:LOOKED_AT])
    pushes = {push.pk: push for push in Push.objects.filter(pk__in={row.push_id for row in rows}, via=Via.API)}
    pushed = [(pushes[row.push_id], row) for row in rows if row.push_id in pushes]
    if not pushed:
        return None
    push, measurement = max(pushed, key=lambda pair: pair[0].at)
    kpi = Kpi.objects.get(pk=node.id)
    moved = [(each.name, _so_far(each)) for each in (node, *forest.ancestors(node))]
    return Arrival(kpi, measurement, push, moved)


def _so_far(node: Node) -> SafeString:
    """What the open period stands at, or where there is none the latest."""
    running = node.standing.open or {}
    value = running.get("value")
    return _html(node.standing.value if value is None else value, node.unit, node.decimals)


def _html(value: float | None, unit: str, decimals: int) -> SafeString:
    return mark_safe(show(value, unit, decimals).as_html())  # noqa: S308 - escaped there
