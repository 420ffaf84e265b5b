"""Targets offered from history: the KPIs that have values and no target yet."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Organization
from kpis import words
from kpis.actions.targets import TargetRow
from kpis.calendars import calendar_of
from kpis.drawing.numbers import show
from kpis.drawing.trend import TrendPoint
from kpis.engine.definitions import Direction
from kpis.engine.periods import Frequency
from kpis.engine.units import Unit
from kpis.models import Kpi, Standing, Target
from kpis.suggestions import LOOKS_BACK, Suggestion, suggest

MOST = 30


@dataclass(frozen=True)
class Offer:
    """A KPI with its last ``values``, up to those of ``period``, and the target that is suggested."""

    kpi: Kpi
    values: Sequence[float | None]
    period: dt.date
    suggestion: Suggestion
    organization: Organization

    @property
    def trend(self) -> list[TrendPoint]:
        calendar, frequency = calendar_of(self.organization), Frequency(self.kpi.frequency)
        last = calendar.ordinal(frequency, self.period)
        return [
            TrendPoint(words.short_label(calendar, frequency, calendar.first_date(frequency, period)), value)
            for period, value in zip(range(last - len(self.values) + 1, last + 1), self.values, strict=True)
        ]

    @property
    def since(self) -> str:
        """The period from which the target is to hold, which is the latest with a value."""
        return words.period_label(calendar_of(self.organization), Frequency(self.kpi.frequency), self.period)

    @property
    def reasons(self) -> str:
        """How the numbers were come by, in two sentences."""
        suggestion, noun = self.suggestion, words.PERIOD[Frequency(self.kpi.frequency)]
        usual = show(suggestion.usual, self.kpi.unit, self.kpi.decimals, short=True)
        side = "below" if self.kpi.direction == Direction.INCREASE else "above"
        flag = f"the worst of these {noun}s" if suggestion.is_worst else f"20 % {side} it"
        return (
            f"A usual {noun} was {usual}, the median of the last {suggestion.periods}. The target is "
            f"{self._step()}, the red flag {flag}."
        )

    def _step(self) -> str:
        suggestion = self.suggestion
        if not suggestion.usual:
            return "to keep it there"
        if suggestion.is_halfway:
            return "half of the way from there to 100 %"
        return f"5 % {'more' if self.kpi.direction == Direction.INCREASE else 'less'}"

    def row(self, target: float, floor: float | None) -> TargetRow:
        """The target as it is stored."""
        return TargetRow(self.period, target=target, floor=floor)


def target_offers(organization: Organization) -> list[Offer]:
    """Offers for at most thirty KPIs, in the order of the organization."""
    with_target = set(Target.objects.known().values_list("kpi_id", flat=True))
    standings = {row.kpi_id: row for row in Standing.objects.exclude(period=None)}
    kpis = [kpi for kpi in Kpi.objects.active().scored().in_order() if kpi.pk not in with_target]
    offers = (_offer(kpi, standings[kpi.pk], organization) for kpi in kpis if kpi.pk in standings)
    return [offer for offer in offers if offer][:MOST]


def _offer(kpi: Kpi, standing: Standing, organization: Organization) -> Offer | None:
    values = standing.recent_values[-LOOKS_BACK:]
    suggestion = suggest(values, direction=Direction(kpi.direction), unit=Unit.parse(kpi.unit))
    if suggestion is None or standing.period is None:
        return None
    return Offer(kpi, standing.recent_values, standing.period, suggestion, organization)
