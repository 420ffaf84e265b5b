"""A KPI's series as it is read: every period of a stretch, missing ones too, at its own frequency or a coarser one."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from django.db.models import Max, Min
from numpy.typing import NDArray

from accounts.models import Organization
from kpis.calendars import calendar_of
from kpis.engine import definitions as engine
from kpis.engine.definitions import Aggregation, Problem
from kpis.engine.graph import Graph
from kpis.engine.lifting import Lifting, lift
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
    kpi: Kpi, organization: Organization, frequency: str, first: dt.date | None, last: dt.date | None, *, today: dt.date
) -> list[Point]:
    """The points of each period whose first date lies in ``first``..``last``, both inclusive.

    None means from where data begins, and to the period that runs. Raises ValueError for a finer frequency than the
    KPI's own, and TooManyPointsError.
    """
    own, asked, calendar = Frequency(kpi.frequency), Frequency(frequency), calendar_of(organization)
    if own.is_coarser_than(asked):
        raise ValueError(f"{kpi.key} is {own.value}; ask for that or for a coarser frequency than {asked.value}.")
    periods = _periods(kpi, calendar, asked, first, last, today)
    if len(periods) > MOST_POINTS:
        raise TooManyPointsError(f"That is {len(periods):,} periods; one answer holds {MOST_POINTS:,}. Ask in parts.")
    if not periods:
        return []
    if asked != own:
        return list(_lifted(kpi, calendar, asked, periods, today))
    return list(_own(kpi, calendar, periods, today))


def _periods(
    kpi: Kpi, calendar: Calendar, frequency: Frequency, first: dt.date | None, last: dt.date | None, today: dt.date
) -> range:
    """The ordinals of the stretch."""
    stored = Score.objects.filter(kpi_id=kpi.pk).aggregate(first=Min("period"), last=Max("period"))
    begin = first or stored["first"]
    if begin is None:
        return range(0)
    start = calendar.ordinal(frequency, begin)
    if first and calendar.first_date(frequency, start) < first:
        start += 1
    return range(start, calendar.ordinal(frequency, last or max(stored["last"] or today, today)) + 1)


def _own(kpi: Kpi, calendar: Calendar, periods: range, today: dt.date) -> Iterator[Point]:
    """Stored scores; where there is none, the targets that hold there."""
    frequency = Frequency(kpi.frequency)
    dates = [calendar.first_date(frequency, ordinal) for ordinal in periods]
    rows = Score.objects.filter(kpi_id=kpi.pk, period__range=(dates[0], dates[-1])).values("period", *JUDGED)
    scores = {row["period"]: row for row in rows}
    bounds = _bounds(kpi, calendar, periods) if len(scores) < len(dates) else None
    for at, date in enumerate(dates):
        yield scores.get(date) or _missing(date, bounds, at, calendar.last_date(frequency, periods[at]) < today)


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


def _bounds(kpi: Kpi, calendar: Calendar, periods: range) -> Bounds:
    plain = plain_kpi(kpi)
    targets = tuple(plain_target(row) for row in Target.objects.known().filter(kpi=kpi))
    told = engine.Kpi(id=plain.id, key=plain.key, frequency=plain.frequency, direction=plain.direction, targets=targets)
    return bounds_by_period(Graph(calendar, [told]), np.array([periods.start]), np.array([len(periods)]))


def _lifted(kpi: Kpi, calendar: Calendar, into: Frequency, periods: range, today: dt.date) -> Iterator[Point]:
    """Period values lifted by the KPI's aggregation; nothing says what their target would be."""
    own = Frequency(kpi.frequency)
    first, last = calendar.first_date(into, periods[0]), calendar.last_date(into, periods[-1])
    finer = range(calendar.ordinal(own, first), calendar.ordinal(own, last) + 1)
    values, coverage = _stored(kpi, calendar, finer)
    lifting = Lifting.between(calendar, own, into, finer, periods)
    lifted, covered = lift(values, coverage, Aggregation(kpi.aggregation), lifting)
    for at, ordinal in enumerate(periods):
        complete = calendar.last_date(into, ordinal) < today
        point = _missing(calendar.first_date(into, ordinal), None, at, complete)
        value = _number(lifted[0, at])
        if value is not None:
            point |= {
                "value": value,
                "status": Status.NO_TARGET.value,
                "coverage": float(covered[0, at]),
                "problem": None,
            }
        elif np.isinf(lifted[0, at]):
            point["problem"] = Problem.OVERFLOW.code
        yield point


def _stored(kpi: Kpi, calendar: Calendar, periods: range) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(1, columns) the stored values and their coverage."""
    own = Frequency(kpi.frequency)
    stretch = (calendar.first_date(own, periods[0]), calendar.first_date(own, periods[-1]))
    values, coverage = np.full((1, len(periods)), np.nan), np.zeros((1, len(periods)))
    rows = Score.objects.filter(kpi_id=kpi.pk, period__range=stretch, value__isnull=False)
    for period, value, covered in rows.values_list("period", "value", "coverage"):
        at = calendar.ordinal(own, period) - periods.start
        values[0, at], coverage[0, at] = value, covered or 0.0
    return values, coverage


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
