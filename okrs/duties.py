"""What everybody owes on a day: check-ins on key results, values of KPIs, reviews of KPIs."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from accounts.models import Organization
from kpis.awaiting import awaited_on, awaited_since, awaiting, fed_by_data
from kpis.calendars import calendar_of
from kpis.due_reviews import due_reviews
from kpis.engine.cadence import DAY, lead_told_on, reminded_of
from kpis.engine.periods import Frequency
from kpis.models import Kpi
from kpis.tree import Node, load_forest
from kpis.words import period_label
from okrs.following.facts import Facts
from okrs.following.storing import load_facts
from okrs.models import KeyResult
from okrs.models.reminders import DutyKind
from okrs.mornings import WORKING


@dataclass(frozen=True)
class Duty:
    """One thing that somebody owes. ``since`` is the first date on which it was due, or will be; ``due`` are the dates
    of which its owner is to be reminded on the day; ``lead_told_on`` is when the lead hears of it.
    """

    kind: DutyKind
    subject_id: UUID
    owner_id: UUID
    department_id: UUID | None
    title: str
    about: str  # the objective of a key result, the period of a value
    key: str  # of a KPI
    set_at: dt.datetime
    since: dt.date
    due: tuple[dt.date, ...]
    lead_told_on: dt.date


@dataclass(frozen=True)
class Day:
    """The day on which it is asked, somewhere on earth; ``first`` to ``last`` are the due dates to be reminded of."""

    organization: Organization
    date: dt.date
    first: dt.date
    last: dt.date

    @classmethod
    def of(cls, organization: Organization, date: dt.date) -> "Day":
        return cls(organization, date, *reminded_of(date, WORKING))

    def among(self, *dates: dt.date) -> tuple[dt.date, ...]:
        """Those to be reminded of."""
        return tuple(date for date in dates if self.first <= date <= self.last)

    def lead_told_on(self, since: dt.date, eve: dt.date = dt.date.max) -> dt.date:
        """When the lead hears of what was due ``since``; grace ends no later than on the ``eve`` of the next date."""
        return lead_told_on(min(since + self.organization.grace_days * DAY, eve), WORKING)

    @property
    def told_to_leads(self) -> tuple[dt.date, dt.date]:
        """Leads hear of it on the day, or a working day later if nobody was there to tell them."""
        return WORKING.before(self.date), self.date


def load_duties(organization: Organization, date: dt.date, now: dt.datetime) -> list[Duty]:
    """What is owed on a date by all members, in a constant number of statements; call it inside the organization.

    What a KPI's data moves, and what a program pushes, nobody owes.
    """
    day = Day.of(organization, date)
    return [*_check_ins(day), *_values(day, min(date, organization.today(now))), *_reviews(day)]


def _check_ins(day: Day) -> Iterator[Duty]:
    rows = KeyResult.objects.in_active_cycles().filter(kpi=None, owner__isnull=False)
    rows = rows.filter(objective__cycle__starts_on__lte=day.date).with_context()
    for facts in load_facts(day.organization, rows, day.date):
        owed = facts.owing.by(day.last)
        if owed and facts.key_result.owner_id:
            yield _check_in(day, facts, facts.key_result.owner_id, owed)


def _check_in(day: Day, facts: Facts, owner_id: UUID, owed: list[dt.date]) -> Duty:
    row, since = facts.key_result, owed[0]
    return Duty(
        DutyKind.CHECK_IN,
        row.pk,
        owner_id,
        row.objective.department_id,
        row.title,
        row.objective.title,
        "",
        row.created_at,
        since,
        day.among(*owed),
        day.lead_told_on(since, facts.cadence.due_after(since) - DAY),
    )


def _values(day: Day, today: dt.date) -> Iterator[Duty]:
    nodes = [node for node in load_forest(day.organization, on=today) if node.owner_id and not node.is_metric]
    awaited = awaiting(nodes, today)
    pushed = fed_by_data(node.id for node in awaited)
    made_at = dict(Kpi.objects.filter(owner__isnull=False).values_list("pk", "created_at"))
    for node in awaited:
        if node.owner_id and node.id not in pushed:
            yield _value(day, node, node.owner_id, made_at[node.id])


def _value(day: Day, node: Node, owner_id: UUID, made_at: dt.datetime) -> Duty:
    calendar, frequency = calendar_of(day.organization), Frequency(node.frequency)
    since = awaited_since(node, calendar, day.organization.today(made_at))
    first = calendar.first_date(frequency, calendar.ordinal(frequency, awaited_on(node) or day.date))
    return Duty(
        DutyKind.VALUE,
        node.id,
        owner_id,
        node.department_id,
        node.name,
        period_label(calendar, frequency, first),
        node.key,
        made_at,
        since,
        day.among(node.standing.expected_on or since),
        day.lead_told_on(since),
    )


def _reviews(day: Day) -> Iterator[Duty]:
    for kpi, due_on in due_reviews(day.organization, day.last):
        if kpi.owner_id:
            yield _review(day, kpi, kpi.owner_id, due_on)


def _review(day: Day, kpi: Kpi, owner_id: UUID, due_on: dt.date) -> Duty:
    return Duty(
        DutyKind.REVIEW,
        kpi.pk,
        owner_id,
        kpi.department_id,
        kpi.name,
        "",
        kpi.key,
        kpi.created_at,
        due_on,
        day.among(due_on),
        day.lead_told_on(due_on),
    )
