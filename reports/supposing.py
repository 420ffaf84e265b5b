"""What if: the KPIs whose values are supposed, as the address tells them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from math import floor, log10
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError

from kpis.engine.periods import Calendar, Frequency
from kpis.engine.what_if import Override
from kpis.forms.numbers import NumberField
from kpis.models import Kpi, Score
from kpis.presenting.figures import Figures
from kpis.words import period_label

MOST: Final = 12
PERIODS: Final = 13
REACH: Final = 100  # where a slider without a value to start from ends
STEPS: Final = 100  # about so many steps a slider has


@dataclass(frozen=True)
class Asked:
    """One row of the address as it was typed."""

    key: str
    period: str = ""
    value: str = ""


@dataclass
class Supposed:
    """A KPI with the period and the value that are supposed; ``problem`` says why they cannot be."""

    kpi: Kpi
    periods: Sequence[tuple[dt.date, float | None]]
    calendar: Calendar
    asked: Asked
    problem: str = ""
    value: float | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.field = NumberField(is_percent=self.kpi.unit == "percent", decimals=self.kpi.decimals, required=False)
        if not self.periods:
            self.problem = "It has no value yet, so there is nothing to start from."
        elif self.period is None:
            self.problem = "Choose one of its periods that have ended."
        try:
            self.value = self.field.clean(self.asked.value)
        except ValidationError as error:
            self.problem = error.messages[0]

    @cached_property
    def period(self) -> dt.date | None:
        """The chosen one, or the latest that has a value."""
        if not self.asked.period:
            return next((date for date, value in self.periods if value is not None), None)
        return next((date for date, _ in self.periods if date.isoformat() == self.asked.period), None)

    @property
    def current(self) -> float | None:
        return dict(self.periods).get(self.period) if self.period else None

    @property
    def is_change(self) -> bool:
        return not self.problem and self.value is not None and self.value != self.current

    @property
    def override(self) -> Override:
        """As the engine takes it; only of a change."""
        return Override(self.kpi.pk, self.period or dt.date.min, self.value or 0.0)

    @property
    def hint(self) -> str:
        """The value there is, as it would be typed, to six digits: it stands for itself while the field is empty."""
        return "" if self.current is None else str(self.field.prepare_value(float(f"{self.current:.6g}")))

    @property
    def current_words(self) -> str:
        return Figures(self.kpi).text(self.current)

    @property
    def period_choices(self) -> Iterator[tuple[str, str, bool]]:
        frequency = Frequency(self.kpi.frequency)
        for date, _ in self.periods:
            yield date.isoformat(), period_label(self.calendar, frequency, date), date == self.period

    @property
    def unit_words(self) -> str:
        """Behind the field: what its number is counted in."""
        kind, _, detail = self.kpi.unit.partition(":")
        return "%" if kind == "percent" else detail

    @property
    def slider(self) -> tuple[str, str, str, str] | None:
        """Lowest, highest, step and value of the slider, in the unit people see: from nothing to twice the value."""
        if self.problem:
            return None
        at = self._seen(self.current or 0.0)
        value = at if self.value is None else self._seen(self.value)
        ends = (min(2 * at, 0.0, value), max(2 * at, 0.0, value)) if at else (min(value, 0.0), max(value, float(REACH)))
        step = 10.0 ** floor(log10((ends[1] - ends[0]) / STEPS))
        return _plain(ends[0]), _plain(ends[1]), _plain(step), _plain(value)

    def _seen(self, value: float) -> float:
        return value * 100 if self.field.is_percent else value


def asked_of(keys: Sequence[str], periods: Sequence[str], values: Sequence[str]) -> list[Asked]:
    """The rows of an address, whose lists run side by side; a KPI is asked about once."""
    rows: dict[str, Asked] = {}
    for place, key in enumerate(keys):
        if key and key not in rows:
            rows[key] = Asked(key, *(texts[place] if place < len(texts) else "" for texts in (periods, values)))
    return list(rows.values())[:MOST]


def supposed(asked: Sequence[Asked], calendar: Calendar) -> list[Supposed]:
    """The rows with their KPIs and their latest complete periods, newest first: two queries."""
    kpis = {kpi.key: kpi for kpi in Kpi.objects.active().filter(key__in=[row.key for row in asked])}
    periods = _periods([kpi.pk for kpi in kpis.values()])
    return [
        Supposed(kpis[row.key], periods.get(kpis[row.key].pk, []), calendar, row) for row in asked if row.key in kpis
    ]


def _periods(ids: Sequence[UUID]) -> dict[UUID, list[tuple[dt.date, float | None]]]:
    """At most a year's and one periods of each KPI, from the latest that has a value back."""
    found: dict[UUID, list[tuple[dt.date, float | None]]] = {}
    rows = Score.objects.filter(kpi_id__in=ids, complete=True).order_by("kpi_id", "-period")
    for kpi_id, period, value in rows.values_list("kpi_id", "period", "value"):
        listed = found.setdefault(kpi_id, [])
        if (listed or value is not None) and len(listed) < PERIODS:
            listed.append((period, value))
    return found


def _plain(number: float) -> str:
    return f"{Decimal(f'{number:.6g}').normalize():f}"
