"""Targets of demo KPIs: what the quarter before suggests."""

import datetime as dt
from collections.abc import Iterator, Sequence
from statistics import fmean

from kpis.actions.targets import TargetRow
from kpis.engine.periods import Calendar, Frequency
from reports.demo.blueprint import KpiPlan, Series, TargetPlan

# Periods of a quarter.
QUARTER = {"weekly": 13, "monthly": 3}
DIGITS = 3


def rows(plan: KpiPlan, values: Series, calendar: Calendar) -> list[TargetRow]:
    """A target for each quarter that has one before it, the one that begins after the last value among them.

    ``values`` are the KPI's by period, quarters are counted back from the last of them.
    """
    if plan.target is None:
        return []
    periods = sorted(values)
    if plan.target.low is not None:
        return [TargetRow(periods[0], low=plan.target.low, high=plan.target.high, reason=plan.target.reason)]
    frequency = Frequency(plan.frequency)
    return [
        _row(plan.target, [values[period] for period in before], _next(calendar, frequency, before[-1]))
        for before in _quarters(periods, QUARTER[plan.frequency])
    ]


def _quarters(periods: Sequence[dt.date], length: int) -> Iterator[Sequence[dt.date]]:
    for start in range(len(periods) % length, len(periods), length):
        yield periods[start : start + length]


def _next(calendar: Calendar, frequency: Frequency, period: dt.date) -> dt.date:
    return calendar.first_date(frequency, calendar.ordinal(frequency, period) + 1)


def _row(plan: TargetPlan, before: Sequence[float], effective_from: dt.date) -> TargetRow:
    target = readable(plan.factor * (before[-1] if plan.basis == "last" else fmean(before)))
    floor = readable(plan.floor * target) if plan.floor else None
    return TargetRow(effective_from, target=target, floor=floor, reason=plan.reason)


def readable(number: float) -> float:
    """A number people would agree on: three digits."""
    return float(f"{number:.{DIGITS}g}")
