"""Everything the page of a KPI shows, read once and put into words."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from accounts.actors import Actor
from accounts.models import Organization
from kpis import words
from kpis.actions.permissions import may_define, may_edit, may_purge
from kpis.advice import advice_on
from kpis.calendars import calendar_of
from kpis.drawing.trend import TrendPoint
from kpis.engine.periods import Frequency
from kpis.engine.units import Unit, UnitKind
from kpis.models import Kpi, Measurement, Score, Standing, Target
from kpis.models.choices import Status
from kpis.presenting.figures import Figures, mark, share
from kpis.presenting.history import Entry, entries_of
from kpis.presenting.rows import NO_STANDING, change_of
from kpis.presenting.target_history import revised_words, row_words
from kpis.tree import Forest, Link, Node, load_forest
from kpis.units import unit_words

# How many periods the trend shows: about as far back as one remembers.
PERIODS: Final = {
    Frequency.DAILY: 60,
    Frequency.WEEKLY: 26,
    Frequency.MONTHLY: 24,
    Frequency.QUARTERLY: 12,
    Frequency.YEARLY: 10,
}
LISTED: Final = 8
ENTRIES: Final = 6
CHAINS: Final = 4


@dataclass(frozen=True, slots=True)
class Period:
    """A row of the table of periods."""

    label: str
    value: SafeString
    target: SafeString
    attainment: str
    status: SafeString
    remark: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another KPI beside this one: above it in a chain, or feeding it."""

    key: str
    name: str
    value: SafeString
    status: SafeString
    note: str


class KpiPage:
    """What one reader sees of one KPI, with its people fetched. Every part is read when it is first asked for."""

    def __init__(self, kpi: Kpi, organization: Organization, actor: Actor, *, now: dt.datetime) -> None:
        self.kpi = kpi
        self.organization = organization
        self.figures = Figures(kpi)
        self.calendar = calendar_of(organization)
        self.frequency = Frequency(kpi.frequency)
        self.today = organization.today(now)
        self.may_define = may_define(actor)
        self.may_edit = may_edit(actor, kpi) and kpi.archived_at is None
        self.may_feed = self.may_edit and kpi.is_measured
        self.may_purge = may_purge(actor)

    # The header

    @cached_property
    def standing(self) -> Standing:
        return Standing.objects.filter(kpi_id=self.kpi.pk).first() or NO_STANDING

    @property
    def status(self) -> SafeString:
        return mark(Status.shown(self.standing.status, is_late=self.standing.is_late), badge=True)

    @property
    def value(self) -> SafeString:
        return self.figures.html(self.standing.value)

    @property
    def period(self) -> str:
        return self._label(self.standing.period) if self.standing.period else ""

    @property
    def target(self) -> str:
        return self.figures.goal(self.standing.target, self.standing.low, self.standing.high)

    @property
    def red_flag(self) -> str:
        """From where on somebody must act."""
        floor = self.standing.floor
        return f"red flag {self.figures.short(floor)}" if floor is not None else ""

    @property
    def attainment(self) -> str:
        reached = share(self.standing.attainment)
        return f"{reached} of target" if reached else ""

    @property
    def change(self) -> SafeString:
        return change_of(self.standing, self.figures)

    @property
    def compared(self) -> str:
        period = self.standing.period
        return words.since_before(self.calendar, self.frequency, period) if period else ""

    @property
    def freshness(self) -> str:
        return words.expected_words(self.standing.expected_on, self.standing.is_late, self.today)

    @property
    def remark(self) -> str:
        return words.problem_words(self.standing.problem, self.standing.coverage) if self.standing.period else ""

    @property
    def so_far(self) -> str:
        """The period that runs now, where another one speaks."""
        running = self.standing.open
        if not running or running["period"] == str(self.standing.period):
            return ""
        first = dt.date.fromisoformat(running["period"])
        last = self.calendar.last_date(self.frequency, self.calendar.ordinal(self.frequency, first))
        share = min(((self.today - first).days + 1) / ((last - first).days + 1), 1.0)
        return words.so_far_words(self.figures.text, running["value"], self._label(first), share)

    # The trend and its table

    @cached_property
    def scores(self) -> Sequence[Score]:
        """The last periods, newest first."""
        return list(Score.objects.filter(kpi_id=self.kpi.pk).order_by("-period")[: PERIODS[self.frequency]])

    @property
    def has_values(self) -> bool:
        return any(score.value is not None for score in self.scores)

    @property
    def trend_title(self) -> str:
        since = self.standing.status_since
        said = words.in_sentence(self._label(since)) if since else ""
        return words.trend_words(self.kpi.name, self.standing.status, said, self.kpi.direction)

    @property
    def trend(self) -> list[TrendPoint]:
        return [
            TrendPoint(
                period=words.short_label(self.calendar, self.frequency, score.period),
                value=score.value,
                target=score.target,
                floor=score.floor,
                low=score.low,
                high=score.high,
                status=score.status or "",
                complete=score.complete,
            )
            for score in reversed(self.scores)
        ]

    @property
    def periods(self) -> list[Period]:
        return [self._period(score) for score in self.scores]

    @property
    def listed_periods(self) -> list[Period]:
        return self.periods[:LISTED]

    @property
    def further_periods(self) -> list[Period]:
        return self.periods[LISTED:]

    # The rail

    @cached_property
    def forest(self) -> Forest:
        return load_forest(self.organization, on=self.today)

    @property
    def node(self) -> Node | None:
        return self.forest.nodes.get(self.kpi.pk)

    @property
    def chains(self) -> list[list[Neighbour]]:
        """The ways up, each from this KPI's parent to the top; none where it stands at the top itself."""
        if self.node is None:
            return []
        chains = self.forest.chains(self.node, limit=CHAINS)
        return [[_neighbour(step.node, step.link) for step in chain[1:]] for chain in chains if len(chain) > 1]

    @property
    def children(self) -> list[Neighbour]:
        if self.node is None:
            return []
        return [_neighbour(self.forest.nodes[link.child_id], link) for link in self.forest.links_down(self.node)]

    @property
    def how_fed(self) -> str:
        """What the children are to it."""
        if not self.kpi.is_measured:
            return words.source_words(self.kpi.source, self.kpi.aggregation, self.kpi.rollup, self.kpi.frequency)
        return "These help it along; it has values of its own and is not computed from them."

    # Below

    @property
    def address(self) -> str:
        return self.kpi.url_in(self.organization)

    @property
    def period_word(self) -> str:
        return words.PERIOD[self.frequency]

    @property
    def value_label(self) -> str:
        """The name of the field for a value: "Value in EUR"."""
        unit = Unit.parse(self.kpi.unit)
        return "Value" if unit.kind is UnitKind.NUMBER else f"Value in {unit_words(unit)}"

    @cached_property
    def entries(self) -> list[Entry]:
        return entries_of(self.kpi, self.organization)

    @property
    def latest_entries(self) -> list[Entry]:
        return self.entries[:ENTRIES]

    @property
    def earlier_entries(self) -> list[Entry]:
        return self.entries[ENTRIES:]

    @cached_property
    def measured_in_all(self) -> int:
        return Measurement.objects.filter(kpi=self.kpi).count()

    @cached_property
    def targets(self) -> list[Target]:
        return list(Target.objects.known().filter(kpi=self.kpi).select_related("set_by__user"))

    @property
    def target_rows(self) -> list[tuple[str, str, str]]:
        """(since when, what, why), newest first."""
        return [
            (words.in_sentence(self._label(row.effective_from)), self._goal(row), row.reason)
            for row in sorted(self.targets, key=lambda row: row.effective_from, reverse=True)
        ]

    @property
    def revised(self) -> str:
        """ "95 % of revised, 82 % of original", where the target of the period that speaks was changed."""
        shown = self.standing
        if shown.target is None and shown.low is None:
            return ""
        return revised_words(self.kpi, self.organization, shown.period, shown.value, shown.target)

    @property
    def source(self) -> str:
        return words.source_words(self.kpi.source, self.kpi.aggregation, self.kpi.rollup, self.kpi.frequency)

    @property
    def due(self) -> str:
        days = self.kpi.due_after_days
        days = self.frequency.default_due_after_days if days is None else days
        return f"{days} {'day' if days == 1 else 'days'} after a {words.PERIOD[self.frequency]} ends"

    @property
    def advice(self) -> list[str]:
        return list(advice_on(self.kpi, [self.forest.nodes[link.child_id] for link in self._links_down()]))

    def _links_down(self) -> Iterable[Link]:
        return self.forest.links_down(self.node) if self.node else ()

    def _goal(self, row: Target) -> str:
        return row_words(self.kpi, row)

    def _label(self, date: dt.date) -> str:
        return words.period_label(self.calendar, self.frequency, date)

    def _period(self, score: Score) -> Period:
        runs = not score.complete
        return Period(
            label=self._label(score.period),
            value=self.figures.html(score.value),
            target=self.figures.goal_html(score.target, score.low, score.high),
            attainment=share(score.attainment),
            status=mark(score.status) if score.status and not (runs and score.value is None) else mark_safe(""),
            remark="Still running" if runs else self._remark(score),
        )

    def _remark(self, score: Score) -> str:
        if score.age:
            return words.carried_words(score.age, self.frequency)
        return words.problem_words(score.problem, score.coverage)


def _neighbour(node: Node, link: Link | None) -> Neighbour:
    figures = Figures(Kpi(unit=node.unit, decimals=node.decimals, direction=node.direction))
    note = words.weighed(link.weight, link.contribution) if link else ""
    return Neighbour(node.key, node.name, figures.html(node.standing.value, short=True), mark(node.status), note)
