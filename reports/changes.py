"""What happened lately, and what is awaited from somebody."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.urls import reverse

from kpis.awaiting import awaited_on, awaiting, days_until_due
from kpis.drawing.numbers import show
from kpis.drawing.status import STATUSES
from kpis.engine.periods import Calendar, Frequency
from kpis.models import Score
from kpis.models.choices import Direction, Rollup, Status
from kpis.tree import Forest, Node
from kpis.words import in_sentence
from okrs.presenting.words import due_words
from okrs.reading import KeyResultView
from reports.figures import Figure, Teller, amount, period_label

SHOWN = 6
# From bad to good; a KPI that could not be judged has not changed its status.
URGENCY = {Status.OFF_TRACK.value: 0, Status.AT_RISK.value: 1, Status.ON_TRACK.value: 2}


@dataclass(frozen=True, slots=True)
class Change:
    """A KPI's status became another one in a period."""

    figure: Figure
    before: str
    since: str
    reason: str

    @property
    def was(self) -> str:
        """The status before, as a word within a sentence."""
        return STATUSES[self.before].word.lower()


@dataclass(frozen=True, slots=True)
class OwedCheckIn:
    """A key result to check in on."""

    title: str
    href: str
    above: str
    due: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Owed:
    """A value that somebody is to enter."""

    figure: Figure
    period: str
    is_late: bool


def status_changes(forest: Forest, teller: Teller, since: dt.date) -> list[Change]:
    """The status changes that became known on or after a date, at most ``SHOWN``.

    Scores carry periods, not instants: a change counts as known when its period's data was due.
    """
    fresh = [node for node in forest if not node.is_metric and _known_on(teller.calendar, node) >= since]
    earlier = _statuses_before(teller.calendar, fresh)
    changed = [(node, earlier[node.id]) for node in fresh if earlier.get(node.id) in URGENCY]
    changed.sort(key=_urgency)
    return [_change(forest, teller, node, before) for node, before in changed[:SHOWN]]


def owed(nodes: Iterable[Node], teller: Teller) -> list[Owed]:
    """The values that measured KPIs await for periods that have ended, the longest awaited first."""
    return [
        Owed(teller.figure(node), awaited_period(teller, node), node.standing.is_late)
        for node in awaiting(nodes, teller.today)
    ]


def check_ins_owed(views: Iterable[KeyResultView], slug: str, today: dt.date) -> list[OwedCheckIn]:
    """The key results that await a check-in, as they come; each leads to where it is said."""
    flow = reverse("okrs:check-in-flow", args=[slug])
    return [
        OwedCheckIn(
            view.key_result.title,
            f"{flow}?at={view.id}",
            view.key_result.objective.title,
            due_words(view.next_due, view.owed_since, today),
            view.stale,
        )
        for view in views
    ]


def awaited_period(teller: Teller, node: Node) -> str:
    """Its name, as in "October 2026"."""
    date = awaited_on(node)
    return period_label(teller.calendar, node.frequency, date) if date else ""


def reason(forest: Forest, node: Node) -> str:
    """Why a KPI stands where it stands, in a few words: the child that moved it most, or how far the target is."""
    if node.rollup == Rollup.SUM:
        moved = _strongest_child(forest, node)
        if moved:
            child, change = moved
            return f"mostly {child.name}, {show(change, node.unit, node.decimals, short=True, signed=True)}"
    standing = node.standing
    if standing.value is None:
        return ""
    value = amount(node, standing.value)
    if standing.target is not None:
        return f"{value} against a target of {amount(node, standing.target)}"
    return f"{value}, the range is {amount(node, standing.low)} to {amount(node, standing.high)}"


def _urgency(change: tuple[Node, str]) -> tuple[bool, int, bool]:
    """What became worse comes before what became better, the worst and the strategic first."""
    node, before = change
    return URGENCY[node.status] > URGENCY[before], URGENCY[node.status], not node.is_strategic


def _known_on(calendar: Calendar, node: Node) -> dt.date:
    """When the status that a KPI has now was due to be known."""
    since = node.standing.status_since
    if since is None or node.status not in URGENCY:
        return dt.date.min
    return _due_on(calendar, Frequency(node.frequency), since, days_until_due(node))


@lru_cache(maxsize=2048)
def _due_on(calendar: Calendar, frequency: Frequency, period: dt.date, due_after_days: int) -> dt.date:
    """When a period's data is due; an organization's KPIs share a few periods."""
    return calendar.due_on(frequency, calendar.ordinal(frequency, period), due_after_days)


def _statuses_before(calendar: Calendar, nodes: list[Node]) -> dict[UUID, str]:
    """The status of each KPI in the period before its present one began, in one query."""
    periods = {node.id: _period_before(calendar, node, node.standing.status_since) for node in nodes}
    rows = Score.objects.filter(kpi_id__in=periods.keys(), period__in=set(periods.values()))
    found = rows.values_list("kpi_id", "period", "status") if periods else []
    return {kpi_id: status or "" for kpi_id, period, status in found if periods[kpi_id] == period}


def _period_before(calendar: Calendar, node: Node, period: dt.date | None) -> dt.date | None:
    frequency = Frequency(node.frequency)
    return calendar.first_date(frequency, calendar.ordinal(frequency, period) - 1) if period else None


def _change(forest: Forest, teller: Teller, node: Node, before: str) -> Change:
    since = node.standing.status_since
    label = in_sentence(period_label(teller.calendar, node.frequency, since)) if since else ""
    return Change(teller.figure(node), before, label, reason(forest, node))


def _strongest_child(forest: Forest, node: Node) -> tuple[Node, float] | None:
    """The child whose change did most for a sum's present status, with its part of the change."""
    parts = [(forest.nodes[link.child_id], link.contribution) for link in forest.links_down(node)]
    changes = [(child, sign * change) for child, sign in parts if (change := own_change(child, node)) is not None]
    rising_is_good = node.direction != Direction.DECREASE
    wants_rise = rising_is_good == (node.status == Status.ON_TRACK)
    fitting = [(child, change) for child, change in changes if change and (change > 0) == wants_rise]
    return max(fitting, key=lambda part: abs(part[1]), default=None)


def own_change(child: Node, parent: Node) -> float | None:
    """A KPI's change against the period before, where both speak about the same period; else None."""
    value, base = child.standing.value, child.standing.previous_value
    speaks_of = (child.frequency, child.standing.period)
    if value is None or base is None or speaks_of != (parent.frequency, parent.standing.period):
        return None
    return value - base
