"""A KPI of the hierarchy ready to show: every text that pages print about it, made once."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.models import Organization
from kpis.calendars import calendar_of
from kpis.drawing.numbers import is_improvement, show, show_change
from kpis.drawing.sparkline import sparkline
from kpis.drawing.status import status_mark
from kpis.engine.periods import Calendar, Frequency
from kpis.models.choices import Status
from kpis.tree import Node
from kpis.words import since_before

JUDGED_COLOURS = {True: "good", False: "bad", None: "quiet"}


@dataclass(frozen=True)
class Figure:
    """A node with its texts. The pictures and marks escape what they are given, so they are safe as they are."""

    node: Node
    calendar: Calendar
    today: dt.date
    href: str

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def value(self) -> SafeString:
        """As in "€ 401 k", the unit quieter than the figure."""
        node = self.node
        return mark_safe(show(node.standing.value, node.unit, node.decimals, short=True).as_html())  # noqa: S308

    @property
    def key(self) -> str:
        return self.node.key

    @property
    def plain_value(self) -> str:
        return amount(self.node, self.node.standing.value)

    @property
    def target(self) -> str:
        """As in "target € 395 k" or "between 3 % and 5 %"; empty without one."""
        standing = self.node.standing
        if standing.target is not None:
            return f"target {amount(self.node, standing.target)}"
        if standing.low is not None and standing.high is not None:
            return f"between {amount(self.node, standing.low)} and {amount(self.node, standing.high)}"
        return ""

    @property
    def change(self) -> SafeString | str:
        """Against the period before, coloured by whether that is good; empty where there is nothing to compare, and for
        a partial value.
        """
        node, standing = self.node, self.node.standing
        value, base = standing.value, standing.previous_value
        text = show_change(value, base, node.unit, node.decimals)
        if not text or value is None or base is None or standing.status == Status.INCOMPLETE:
            return ""
        is_level = not any(digit in text for digit in "123456789")
        colour = "quiet" if is_level else JUDGED_COLOURS[is_improvement(value, base, node.direction)]
        return format_html('<span class="value {} nowrap">{}</span>', colour, text)

    @property
    def compared(self) -> str:
        """What the change is measured against, as in "on September"; empty before there is a value."""
        period = self.node.standing.period
        return since_before(self.calendar, Frequency(self.node.frequency), period) if period else ""

    @property
    def period(self) -> str:
        """The period that speaks, as in "October 2026"; empty before there is one."""
        period = self.node.standing.period
        return period_label(self.calendar, self.node.frequency, period) if period else ""

    @property
    def mark(self) -> SafeString:
        return mark_safe(status_mark(self.node.status))  # noqa: S308

    @property
    def spark(self) -> SafeString:
        standing = self.node.standing
        drawn = sparkline(standing.recent_values, standing.recent_targets, width=88, height=24)
        return mark_safe(drawn if standing.recent_values else "")  # noqa: S308

    @property
    def people(self) -> str:
        """As in "Produce · Alice"."""
        return " · ".join(part for part in (self.node.department, self.node.owner) if part)

    @property
    def freshness(self) -> str:
        """As in "next by 5 December" or "was due on 5 November"; empty where nothing is awaited."""
        expected_on = self.node.standing.expected_on
        if expected_on is None:
            return ""
        wording = "was due on" if self.node.standing.is_late or expected_on < self.today else "next by"
        return f"{wording} {day(expected_on, self.today)}"

    @property
    def is_overdue(self) -> bool:
        """Its data is late though its status does not say so."""
        return self.node.standing.is_late and self.node.status != "late"


class Teller:
    """Makes figures for one organization on one day."""

    def __init__(self, organization: Organization, today: dt.date) -> None:
        self.organization, self.today = organization, today
        self.calendar = calendar_of(organization)

    @cached_property
    def _address(self) -> tuple[str, str]:
        before, after = reverse("kpis:detail", args=[self.organization.slug, "key"]).rsplit("key", 1)
        return before, after

    def href(self, node: Node) -> str:
        """The KPI's page. The address is resolved once, because pages show hundreds."""
        before, after = self._address
        return f"{before}{node.key}{after}"

    def figure(self, node: Node) -> Figure:
        return Figure(node, self.calendar, self.today, self.href(node))


def amount(node: Node, value: float | None) -> str:
    """A value of a KPI in short: "€ 401 k"."""
    return str(show(value, node.unit, node.decimals, short=True))


def day(date: dt.date, today: dt.date) -> str:
    """As in "5 December"; with the year where it is not this one's."""
    return f"{date.day} {date:%B}" + (f" {date.year}" if date.year != today.year else "")


@lru_cache(maxsize=2048)
def period_label(calendar: Calendar, frequency: str, period: dt.date) -> str:
    """The name of the period that holds a date; an organization's KPIs share a few."""
    known = Frequency(frequency)
    return calendar.label(known, calendar.ordinal(known, period))
