"""What a linked key result takes from its KPI: a value from each day on, or the periods in which a bound is to hold."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Protocol
from uuid import UUID

import numpy as np
from django.utils.functional import cached_property

from accounts.models import Organization
from kpis.calendars import calendar_of
from kpis.compute.known import Known
from kpis.engine import definitions as engine
from kpis.engine.periods import Calendar, as_date
from kpis.models import Kpi
from kpis.plain import plain_kpi
from kpis.readings import Dated, Window, measured_values, scored_values, values_before
from okrs.models import Cycle, KeyResult
from okrs.models.choices import Reads
from okrs.spans import DAY, Span


@dataclass(frozen=True)
class Reading:
    """Of one key result. ``start`` is the KPI's value before the cycle, ``values`` (from which day on, value), oldest
    first, ``periods`` (due date, value) of every period of the KPI that lies within the cycle."""

    start: float | None = None
    values: Sequence[tuple[dt.date, float]] = ()
    periods: Sequence[tuple[dt.date, float | None]] = ()
    is_falling: bool = False  # whether less is better


NOTHING: Final = Reading()


def span_of(cycle: Cycle) -> Span:
    """The days of a cycle."""
    return Span(cycle.starts_on, cycle.ends_on)


@dataclass(frozen=True)
class Question:
    """One linked key result with its KPI as it is, or was, defined, and its cycle."""

    key_result: KeyResult
    kpi: engine.Kpi
    span: Span
    calendar: Calendar

    @cached_property
    def first(self) -> dt.date:
        """The first date of the KPI's period in which the cycle begins."""
        return self.calendar.first_date(self.kpi.frequency, self._ordinal(self.span.starts_on))

    @property
    def scored(self) -> Window:
        return Window(self.id, self.first, self.span.ends_on)

    @property
    def measured(self) -> Window:
        return Window(self.id, self.span.starts_on, self.span.ends_on)

    @property
    def id(self) -> UUID:
        """The KPI's."""
        assert isinstance(self.kpi.id, UUID)  # noqa: S101 - stored KPIs have no other
        return self.kpi.id

    @property
    def reads_measurements(self) -> bool:
        """Whether each measurement moves it: a measured stock's latest, a measured flow's sum since the cycle began."""
        wanted = {Reads.LATEST: engine.Aggregation.LAST, Reads.CYCLE_TO_DATE: engine.Aggregation.SUM}
        aggregation = wanted.get(Reads(self.key_result.reads))
        return self.kpi.source is engine.Source.MEASURED and self.kpi.aggregation is aggregation

    def periods(self) -> Iterator[tuple[dt.date, dt.date, dt.date]]:
        """First date, last date and due date of the periods that lie within the cycle."""
        frequency = self.kpi.frequency
        for ordinal in range(self._ordinal(self.span.starts_on), self._ordinal(self.span.ends_on) + 1):
            first, last = self.calendar.first_date(frequency, ordinal), self.last_date(ordinal)
            if self.span.starts_on <= first and last <= self.span.ends_on:
                yield first, last, self.calendar.due_on(frequency, ordinal, self.kpi.days_until_due)

    def ends(self, first: dt.date) -> dt.date:
        """The last date of the period that begins on a date."""
        return self.last_date(self._ordinal(first))

    def last_date(self, ordinal: int) -> dt.date:
        return self.calendar.last_date(self.kpi.frequency, ordinal)

    def _ordinal(self, date: dt.date) -> int:
        return self.calendar.ordinal(self.kpi.frequency, date)


class Values(Protocol):
    """Where values come from: what is stored, or what was known."""

    def before(self, asked: Question) -> float | None: ...
    def scored(self, asked: Question) -> Dated: ...
    def measured(self, asked: Question) -> Dated: ...


def read(asked: Question, values: Values, today: dt.date) -> Reading:
    """What a linked key result takes from its KPI by a day."""
    if asked.key_result.reads == Reads.CYCLE_TO_DATE:
        start: float | None = 0.0
    else:
        start = values.before(asked)
    is_falling = asked.kpi.direction is engine.Direction.DECREASE
    if asked.key_result.is_keep:
        return Reading(start, periods=tuple(_kept(asked, values.scored(asked), today)), is_falling=is_falling)
    eve = [(asked.span.starts_on, start)] if start is not None else []
    dated = [(on, value) for on, value in (*eve, *_values(asked, values, today)) if on <= today]
    return Reading(start, tuple(dict(dated).items()), is_falling=is_falling)


def _values(asked: Question, values: Values, today: dt.date) -> Iterator[tuple[dt.date, float]]:
    match asked.key_result.reads:
        case Reads.LAST_COMPLETE:
            yield from _completed(asked, values.scored(asked), today)
        case Reads.LATEST:
            yield from (
                values.measured(asked) if asked.reads_measurements else _so_far(asked, values.scored(asked), today)
            )
        case Reads.CYCLE_TO_DATE:
            flows = _flows(asked, values, today)
            yield from zip([on for on, _ in flows], accumulate(value for _, value in flows), strict=True)


def _completed(asked: Question, scored: Dated, today: dt.date) -> Iterator[tuple[dt.date, float]]:
    """A period that ends within the cycle speaks from the day after it."""
    for first, value in scored:
        last = asked.ends(first)
        if last <= asked.span.ends_on and last < today:
            yield last + DAY, value


def _so_far(asked: Question, scored: Dated, today: dt.date) -> Iterator[tuple[dt.date, float]]:
    """A period speaks from its last day on; the one that runs speaks today."""
    for first, value in scored:
        yield min(asked.ends(first), max(today, first)), value


def _flows(asked: Question, values: Values, today: dt.date) -> Dated:
    """What came in since the cycle began: measured amounts, else those of the periods that begin in it."""
    if asked.reads_measurements:
        return values.measured(asked)
    scored = [(first, value) for first, value in values.scored(asked) if first >= asked.span.starts_on]
    return [(min(asked.ends(first), max(today, first)), value) for first, value in scored]


def _kept(asked: Question, scored: Dated, today: dt.date) -> Iterator[tuple[dt.date, float | None]]:
    """A complete period counts as soon as its value is there, and as missed once that is late."""
    known = dict(scored)
    for first, last, due_on in asked.periods():
        value = known.get(first) if last < today else None
        yield (due_on + DAY, None) if value is None else (last + DAY, value)


@dataclass(frozen=True)
class Stored:
    """What is stored now, read for many key results at once."""

    befores: Mapping[tuple[UUID, dt.date], float]
    scores: Mapping[Window, Dated]
    measurements: Mapping[Window, Dated]

    @classmethod
    def load(cls, organization: Organization, asked: Sequence[Question]) -> "Stored":
        return cls(
            values_before(organization, [(one.id, one.first) for one in asked]),
            scored_values(organization, [one.scored for one in asked if not one.reads_measurements]),
            measured_values(organization, [one.measured for one in asked if one.reads_measurements]),
        )

    def before(self, asked: Question) -> float | None:
        return self.befores.get((asked.id, asked.first))

    def scored(self, asked: Question) -> Dated:
        return self.scores.get(asked.scored, [])

    def measured(self, asked: Question) -> Dated:
        return self.measurements.get(asked.measured, [])


@dataclass(frozen=True)
class AsKnown:
    """What was known at a past instant."""

    known: Known

    def before(self, asked: Question) -> float | None:
        earlier = [value for first, value in self._points(asked) if first < asked.first]
        return earlier[-1] if earlier else None

    def scored(self, asked: Question) -> Dated:
        window = asked.scored
        return [(first, value) for first, value in self._points(asked) if window.first <= first <= window.last]

    def measured(self, asked: Question) -> Dated:
        measurements, window = self.known.measurements, asked.measured
        row = self.known.graph.row_of[asked.id]
        span = slice(*np.searchsorted(measurements.row, [row, row + 1]))
        pairs = zip(measurements.date[span], measurements.value[span].tolist(), strict=True)
        dated = ((as_date(date), value) for date, value in pairs)
        return [(date, value) for date, value in dated if window.first <= date <= window.last]

    def _points(self, asked: Question) -> Dated:
        points = self.known.points(asked.id)
        return [(first, point["value"]) for first, point in points.items() if point["value"] is not None]


def questions(
    organization: Organization, linked: Iterable[tuple[KeyResult, Kpi, Span]], known: Known | None = None
) -> Iterator[Question]:
    """What linked key results ask of their KPIs; with ``known`` of these as they were defined then, if they were."""
    calendar = calendar_of(known.organization if known else organization)
    for key_result, kpi, span in linked:
        if known is None:
            yield Question(key_result, plain_kpi(kpi), span, calendar)
        elif kpi.pk in known.graph.row_of:
            yield Question(key_result, known.graph.kpis[known.graph.row_of[kpi.pk]], span, calendar)


def readings(
    organization: Organization,
    linked: Iterable[tuple[KeyResult, Kpi, Span]],
    today: dt.date,
    known: Known | None = None,
) -> dict[UUID, Reading]:
    """What each linked key result takes from its KPI, by the key result's id."""
    asked = list(questions(organization, linked, known))
    values: Values = AsKnown(known) if known else Stored.load(organization, asked)
    return {one.key_result.pk: read(one, values, today) for one in asked}


def outlines(
    organization: Organization,
    key_results: Iterable[KeyResult],
    records: Mapping[UUID, Sequence[tuple[dt.date, float | None]]],
    today: dt.date,
) -> dict[UUID, Reading]:
    """Of linked key results what is left to ask once progress is stored: a metric's start, a keep kind's periods.
    ``records`` are the (day, value) that are stored."""
    linked = [(row, row.kpi, span_of(row.objective.cycle)) for row in key_results if row.kpi]
    asked = list(questions(organization, linked))
    keeps = [one for one in asked if one.key_result.is_keep]
    starts = [one for one in asked if not one.key_result.is_keep and one.key_result.start is None]
    befores = values_before(organization, [(one.id, one.first) for one in starts])
    stored = Stored(befores, scored_values(organization, [one.scored for one in keeps]), {})
    of_each = {one.key_result.pk: one for one in asked}
    return {id: _outline(one, records.get(id, ()), stored, today) for id, one in of_each.items()}


def _outline(
    asked: Question, records: Sequence[tuple[dt.date, float | None]], stored: Stored, today: dt.date
) -> Reading:
    if asked.key_result.is_keep:
        return Reading(periods=tuple(_kept(asked, stored.scored(asked), today)))
    start = 0.0 if asked.key_result.reads == Reads.CYCLE_TO_DATE else stored.before(asked)
    is_falling = asked.kpi.direction is engine.Direction.DECREASE
    return Reading(start, tuple((on, value) for on, value in records if value is not None), is_falling=is_falling)
