"""Rows of the KPI list, formatted once, so that the template only places them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe

from kpis import words
from kpis.drawing.sparkline import sparkline
from kpis.engine.periods import Calendar, Frequency
from kpis.models import Kpi, Standing
from kpis.models.choices import Kind, Status
from kpis.presenting.figures import Figures, mark
from kpis.standpoint import NO_STANDING

SPARK = 88


@dataclass(frozen=True, slots=True)
class Row:
    """One KPI of the list; empty texts where there is nothing to say."""

    id: UUID
    key: str
    name: str
    note: str
    status: SafeString
    value: SafeString
    target: SafeString
    change: SafeString
    compared: str
    spark: SafeString
    owner: str
    is_invited: bool
    department: str
    period: str
    lateness: str


def rows_of(kpis: Iterable[Kpi], calendar: Calendar, today: dt.date) -> list[Row]:
    """The rows of these KPIs, fetched with their people, in one more query for their standings."""
    listed = list(kpis)
    standings = {row.kpi_id: row for row in Standing.objects.filter(kpi_id__in=[kpi.pk for kpi in listed])}
    return [_row(kpi, standings, calendar, today) for kpi in listed]


def change_of(standing: Standing, figures: Figures) -> SafeString:
    """Against the period before; a partial value is compared with nothing."""
    if standing.status == Status.INCOMPLETE:
        return mark_safe("")
    return figures.change(standing.value, standing.previous_value)


def _row(kpi: Kpi, standings: Mapping[UUID, Standing], calendar: Calendar, today: dt.date) -> Row:
    standing = standings.get(kpi.pk, NO_STANDING)
    figures, frequency = Figures(kpi), Frequency(kpi.frequency)
    period = standing.period
    return Row(
        id=kpi.pk,
        key=kpi.key,
        name=kpi.name,
        note="Metric" if kpi.kind == Kind.METRIC else "",
        status=mark(Status.shown(standing.status, is_late=standing.is_late)),
        value=figures.html(standing.value),
        target=figures.goal_html(standing.target, standing.low, standing.high),
        change=change_of(standing, figures),
        compared=words.since_before(calendar, frequency, period) if period else "",
        spark=mark_safe(sparkline(standing.recent_values, standing.recent_targets, width=SPARK)),  # noqa: S308 - numbers only
        owner=str(kpi.owner) if kpi.owner else "",
        is_invited=bool(kpi.owner and not kpi.owner.has_arrived),
        department=kpi.department.name if kpi.department else "",
        period=words.short_label(calendar, frequency, period) if period else "",
        lateness=words.expected_words(standing.expected_on, True, today) if standing.is_late else "",
    )
