"""What the forms for a value have in common: the date they offer, and what is said once it is stored."""

import datetime as dt

from kpis.drawing.numbers import show
from kpis.engine.periods import Calendar, Frequency
from kpis.models import Kpi
from kpis.models.choices import Aggregation
from kpis.words import in_sentence, period_label


def next_date(calendar: Calendar, frequency: Frequency, *, last: dt.date | None, today: dt.date) -> dt.date:
    """The date most likely to be entered next: of the period after the last that has a value, or of the one that runs.

    ``last`` is the latest date that has a value. A period is dated on its first day, so that a total entered twice
    replaces itself; one that is being fed on other days goes on with today.
    """
    running = calendar.ordinal(frequency, today)
    if last is None:
        return calendar.first_date(frequency, running if frequency is Frequency.DAILY else running - 1)
    if last > calendar.first_date(frequency, running):
        return today
    return calendar.first_date(frequency, min(calendar.ordinal(frequency, last) + 1, running))


def saved_words(kpi: Kpi, calendar: Calendar, date: dt.date, value: float) -> str:
    """What was stored: "Saved: € 5,000 for November 2026."."""
    return f"Saved: {show(value, kpi.unit, kpi.decimals)} for {_period(kpi, calendar, date)}."


def removed_words(kpi: Kpi, calendar: Calendar, date: dt.date) -> str:
    """What was taken away: "Removed: a value for November 2026."."""
    return f"Removed: a value for {_period(kpi, calendar, date)}."


def waiting_words(kpi: Kpi, calendar: Calendar, date: dt.date, today: dt.date) -> str:
    """When a value will show, where only periods that are over are shown; empty where it does so already.

    The latest value of a KPI that counts the last one speaks for it at once.
    """
    frequency = Frequency(kpi.frequency)
    is_over = calendar.last_date(frequency, calendar.ordinal(frequency, date)) < today
    if is_over or kpi.aggregation == Aggregation.LAST:
        return ""
    period = _period(kpi, calendar, date)
    return f"It shows here once {period} is over; until then it stands on the KPI's page as “so far”."


def _period(kpi: Kpi, calendar: Calendar, date: dt.date) -> str:
    return in_sentence(period_label(calendar, Frequency(kpi.frequency), date))
