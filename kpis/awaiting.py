"""Which values are awaited: of measured KPIs, for periods that have ended."""

import datetime as dt
from collections.abc import Iterable

from kpis.engine.periods import Frequency
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
