"""A KPI's series as it is read: every period of a stretch, missing ones too, at its own frequency or a coarser one."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
from django.db.models import Max, Min

from accounts.models import Organization
from kpis.calendars import calendar_of
from kpis.compute.known import Known
from kpis.compute.lifted import Lifted, lifted_as_known, lifted_series
from kpis.engine import definitions as engine
from kpis.engine.definitions import Problem
from kpis.engine.graph import Graph
from kpis.engine.periods import Calendar, Frequency
from kpis.engine.targets import Bounds, bounds_by_period
from kpis.models import Kpi, Score, Target
from kpis.models.choices import Status
from kpis.plain import plain_kpi, plain_target

EARLIEST: Final = dt.date(1900, 1, 1)
LATEST: Final = dt.date(2200, 12, 31)
MOST_POINTS: Final = 4000
JUDGED: Final = (
    "value", "target", "floor", "low", "high", "attainment", "score_raw", "score", "status", "coverage", "problem",
    "complete",
)  # fmt: skip


class TooManyPointsError(Exception):
    """More periods than one answer holds."""


Point = dict[str, Any]


def series(
    kpi: Kpi,
    organization: Organization,
    frequency: str,
    first: dt.date | None,
    last: dt.date | None,
    *,
    today: dt.date,
    known: Known | None = None,
) -> list[Point]:
    """The points of each period whose first date lies in ``first``..``last``, both inclusive.

    None means from where data begins, and to the period that runs. With ``known`` everything is as it was known then,
    the definition among it. Raises ValueError for a finer frequency than the KPI's own, and TooManyPointsError.
    """
    if known:
        organization, today = known.organization, known.today
    own, asked, calendar = Frequency(frequency_of(kpi, known)), Frequency(frequency), calendar_of(organization)
    if own.is_coarser_than(asked):
        raise ValueError(f"{kpi.key} is {own.value}; ask for that or for a coarser frequency than {asked.value}.")
    periods = _periods(kpi, calendar, asked, first, last, today, known)
    if len(periods) > MOST_POINTS:
        raise TooManyPointsError(f"That is {len(periods):,} periods; one answer holds {MOST_POINTS:,}. Ask in parts.")
    if not periods:
        return []
    if asked == own:
        return list(_own(kpi, calendar, periods, today, known))
    lifted = lifted_as_known(known, kpi.pk, asked) if known else lifted_series(organization, kpi.pk, asked, today)
    return list(_lifted(lifted, calendar, asked, periods, today))


def frequency_of(kpi: Kpi, known: Known | None) -> str:
    """The frequency the KPI has, or had when it was known so."""
    if known and kpi.pk in known.graph.row_of:
        return known.graph.kpis[known.graph.row_of[kpi.pk]].frequency
    return kpi.frequency


def _periods(
    kpi: Kpi,
    calendar: Calendar,
    frequency: Frequency,
    first: dt.date | None,
    last: dt.date | None,
    today: dt.date,
    known: Known | None,
) -> range:
    """The ordinals of the stretch."""
    begins, ends = _reach(kpi, known)
    begin = first or begins
    if begin is None:
        return range(0)
    start = calendar.ordinal(frequency, begin)
    if first and calendar.first_date(frequency, start) < first:
        start += 1
    return range(start, calendar.ordinal(frequency, last or max(ends or today, today)) + 1)


def _reach(kpi: Kpi, known: Known | None) -> tuple[dt.date | None, dt.date | None]:
    """The first and the last period that has a score."""
    if known:
        dates = list(known.points(kpi.pk))
        return (dates[0], dates[-1]) if dates else (None, None)
    stored = Score.objects.filter(kpi_id=kpi.pk).aggregate(first=Min("period"), last=Max("period"))
    return stored["first"], stored["last"]


def _own(kpi: Kpi, calendar: Calendar, periods: range, today: dt.date, known: Known | None) -> Iterator[Point]:
    """Stored scores; where there is none, the targets that hold there."""
    frequency = Frequency(frequency_of(kpi, known))
    dates = [calendar.first_date(frequency, ordinal) for ordinal in periods]
    scores = _scores(kpi, dates[0], dates[-1], known)
    bounds = _bounds(kpi, calendar, periods, known) if len(scores) < len(dates) else None
    for at, date in enumerate(dates):
        yield scores.get(date) or _missing(date, bounds, at, calendar.last_date(frequency, periods[at]) < today)


def _scores(kpi: Kpi, first: dt.date, last: dt.date, known: Known | None) -> dict[dt.date, Point]:
    if known:
        points = known.points(kpi.pk)
        return {
            date: {name: point[name] for name in ("period", *JUDGED)}
            for date, point in points.items()
            if first <= date <= last
        }
    rows = Score.objects.filter(kpi_id=kpi.pk, period__range=(first, last)).values("period", *JUDGED)
    return {row["period"]: row for row in rows}


def _missing(date: dt.date, bounds: Bounds | None, at: int, complete: bool) -> Point:
    names = ("target", "floor", "low", "high")
    held = {name: _number(getattr(bounds, name)[at]) for name in names} if bounds else dict.fromkeys(names)
    return {
        "period": date,
        "value": None,
        **held,
        **dict.fromkeys(("attainment", "score_raw", "score")),
        "status": Status.NO_DATA.value,
        "coverage": 0.0,
        "problem": Problem.NO_DATA.code,
        "complete": complete,
    }


def _bounds(kpi: Kpi, calendar: Calendar, periods: range, known: Known | None) -> Bounds:
    if known and kpi.pk in known.graph.row_of:
        told = known.graph.kpis[known.graph.row_of[kpi.pk]]
    else:
        told = replace(plain_kpi(kpi), targets=tuple(map(plain_target, Target.objects.known().filter(kpi=kpi))))
    # By itself it needs nothing but its targets.
    alone = replace(told, source=engine.Source.MEASURED, rollup=None, formula=None)
    return bounds_by_period(Graph(calendar, [alone]), np.array([periods.start]), np.array([len(periods)]))


def _lifted(
    lifted: Mapping[dt.date, Lifted], calendar: Calendar, into: Frequency, periods: range, today: dt.date
) -> Iterator[Point]:
    """Lifted values; nothing says what their target would be."""
    for at, ordinal in enumerate(periods):
        date = calendar.first_date(into, ordinal)
        point = _missing(date, None, at, calendar.last_date(into, ordinal) < today)
        found = lifted.get(date)
        if found and found.value is not None:
            point |= {"value": found.value, "status": Status.NO_TARGET.value, "problem": None}
        if found:
            point |= {"coverage": found.coverage, "problem": found.problem}
        yield point


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
