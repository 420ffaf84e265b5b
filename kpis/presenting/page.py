"""Everything the page of a KPI shows, each part read when it is first asked for and put into words."""

import datetime as dt
from dataclasses import replace
from functools import cached_property

from accounts.actors import Actor
from accounts.models import Organization
from kpis import words
from kpis.actions.permissions import may_define, may_edit, may_purge
from kpis.engine.units import Unit, UnitKind
from kpis.histories import looked_at
from kpis.models import Kpi, Measurement, Score, Standing
from kpis.presenting.asked import Asked
from kpis.presenting.chart import PERIODS, Chart
from kpis.presenting.definition import Definition
from kpis.presenting.figures import Figures
from kpis.presenting.header import Header, standing_in
from kpis.presenting.history import Entry, entries_of
from kpis.presenting.periods import Period, period_rows
from kpis.presenting.rail import Rail
from kpis.presenting.reasons import Reasons
from kpis.presenting.why import Why
from kpis.standpoint import NotThereYetError, Standpoint, then_of, today_of
from kpis.units import unit_words

LISTED = 8
ENTRIES = 6


class KpiPage:
    """What one reader sees of one KPI, with its people fetched; from the past, nothing can be entered or changed."""

    def __init__(
        self, kpi: Kpi, organization: Organization, actor: Actor, *, now: dt.datetime, asked: Asked | None = None
    ) -> None:
        asked = asked or Asked()
        self._errors = list(asked.errors)
        self.organization, self.now = organization, now
        self.standpoint = self._standpoint(kpi, asked, now)
        self.asked = asked if self.standpoint.as_of else replace(asked, as_of=None, as_of_text="")
        self.kpi = self.standpoint.kpi
        self.figures = Figures(self.kpi)
        self.calendar, self.frequency = self.standpoint.calendar, self.standpoint.frequency
        self.today = self.standpoint.today
        is_now = self.standpoint.as_of is None
        self.may_define = is_now and may_define(actor)
        self.may_edit = is_now and may_edit(actor, kpi) and kpi.archived_at is None
        self.may_feed = self.may_edit and kpi.is_measured
        self.may_purge = is_now and may_purge(actor)

    def _standpoint(self, kpi: Kpi, asked: Asked, now: dt.datetime) -> Standpoint:
        if asked.as_of:
            try:
                return then_of(kpi, self.organization, asked.as_of)
            except NotThereYetError as error:
                on = words.day(self.organization.today(asked.as_of - dt.timedelta(microseconds=1)))
                self._errors.append(f"On {on}, {error} Here it is as it is today.")
        return today_of(kpi, self.organization, now)

    @property
    def errors(self) -> list[str]:
        """What of the address could not be followed."""
        if self.asked.period and not self.header.is_chosen:
            label = words.period_label(self.calendar, self.frequency, self.asked.period)
            return [*self._errors, f"{self.kpi.name} has no {label}; it is shown as it stands latest."]
        return self._errors

    # From when one looks

    @property
    def known_on(self) -> str:
        """The date as of which everything is shown; empty for today."""
        return words.day(self.known_date) if self.known_date else ""

    @property
    def known_date(self) -> dt.date | None:
        """The same as a date: midnight ends the day before it."""
        as_of = self.standpoint.as_of
        return self.organization.today(as_of - dt.timedelta(microseconds=1)) if as_of else None

    @property
    def address(self) -> str:
        return self.kpi.url_in(self.organization)

    @property
    def live_address(self) -> str:
        """The address that shows the same again."""
        return self.address + self.asked.query

    @property
    def query_elsewhere(self) -> str:
        """What is asked of other KPIs reached from here: the same instant."""
        return self.asked.query_without("period", "base", "show")

    @property
    def address_of_now(self) -> str:
        return self.address + self.asked.query_without("as_of")

    # What is shown

    @cached_property
    def history(self) -> list[Score]:
        """The last periods, newest first, as many as a forecast looks at."""
        return self.standpoint.scores(max(looked_at(self.frequency), PERIODS[self.frequency]))

    @cached_property
    def latest(self) -> Standing:
        """Where the KPI stands."""
        return self.standpoint.standing()

    @cached_property
    def reasons(self) -> Reasons:
        return Reasons(self.kpi, self.rail.names)

    @cached_property
    def header(self) -> Header:
        if self.asked.period and (scores := self._scores_of(self.asked.period)):
            chosen = standing_in(scores, self.latest)
            return Header(self.standpoint, chosen, reasons=self.reasons, is_chosen=True)
        return Header(self.standpoint, self.latest, reasons=self.reasons)

    def _scores_of(self, date: dt.date) -> list[Score]:
        """The score of the period that holds a date, with the one before it; none where it has none."""
        first = self.calendar.first_date(self.frequency, self.calendar.ordinal(self.frequency, date))
        scores = self.standpoint.scores_of(first)
        return scores if scores and scores[0].period == first else []

    @cached_property
    def chart(self) -> Chart:
        return Chart(self.standpoint, self.latest, self.history, self.asked.show, self.definition.targets)

    @cached_property
    def why(self) -> Why | None:
        """Why the period that is shown differs from another; None where nothing is computed or nothing there."""
        period = self.header.standing.period
        if self.kpi.is_measured or period is None:
            return None
        try:
            return Why(self.standpoint, period, self.asked, key_of=self.rail.address_key)
        except NotThereYetError:
            return None

    @property
    def why_query(self) -> str:
        """The parameters by which the explanation is found."""
        return self.asked.query_without("show")

    @cached_property
    def rail(self) -> Rail:
        return Rail(self.standpoint)

    @cached_property
    def definition(self) -> Definition:
        return Definition(self.standpoint, self.rail)

    @cached_property
    def periods(self) -> list[Period]:
        """The table behind the chart, newest first."""
        return period_rows(self.standpoint, self.history[: PERIODS[self.frequency]], self.reasons)

    @property
    def listed_periods(self) -> list[Period]:
        return self.periods[:LISTED]

    @property
    def further_periods(self) -> list[Period]:
        return self.periods[LISTED:]

    @property
    def period_choices(self) -> list[tuple[str, str, bool]]:
        """(date, label, whether it is shown) of the periods the header can speak of, newest first."""
        spoken = str(self.header.standing.period)
        return [(str(row.first), row.label, str(row.first) == spoken) for row in self.periods]

    @property
    def base_choices(self) -> list[tuple[str, str, bool]]:
        """The periods with which the shown one can be compared, newest first."""
        base = str(self.asked.base)
        spoken = self.header.standing.period
        return [(str(row.first), row.label, str(row.first) == base) for row in self.periods if row.first != spoken]

    @property
    def is_chosen_earlier(self) -> bool:
        """Whether the period that was asked for lies before those of the table."""
        return (
            bool(self.periods)
            and self.header.is_chosen
            and (self.header.standing.period or self.today) < self.periods[-1].first
        )

    @property
    def parameters_beside_layers(self) -> list[tuple[str, str]]:
        return [(name, text) for name, text in self.asked.parameters().items() if name != "show"]

    @property
    def date_of_now(self) -> dt.date:
        """Today's date, whatever instant one looks from."""
        return self.organization.today(self.now)

    # Entering values

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
        return Measurement.objects.filter(kpi_id=self.kpi.pk).count()
