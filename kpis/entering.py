"""What the forms for a value have in common: the date they offer, and what is said once it is stored."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import Final

from kpis.drawing.numbers import show
from kpis.engine.periods import Calendar, Frequency
from kpis.models import Kpi, Measurement
from kpis.models.choices import Aggregation
from kpis.words import in_sentence, period_label

# How several values of one period, in the order of their dates, count, and as what.
COUNTED: Final[Mapping[str, tuple[str, Callable[[Sequence[float]], float]]]] = {
    Aggregation.SUM: ("which add up to {}", sum),
    Aggregation.MEAN: ("whose mean is {}", fmean),
    Aggregation.MIN: ("of which the lowest counts, {}", min),
    Aggregation.MAX: ("of which the highest counts, {}", max),
    Aggregation.LAST: ("of which the last counts, {}", lambda values: values[-1]),
}


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


# A value so many times as large, or as small, as the others may be a slip of the decimal point; so many are needed.
FAR, KNOWN, COUNTLESS = 10, 5, 1_000_000


def saved_words(kpi: Kpi, calendar: Calendar, date: dt.date, value: float) -> str:
    """What was stored: "Saved: € 5,000 for November 2026."; where that has other values, how it counts with them, and
    where it is far from all others, that it is."""
    saved = f"Saved: {show(value, kpi.unit, kpi.decimals)} for {_period(kpi, calendar, date)}."
    return " ".join(filter(None, [saved, _together(kpi, calendar, date), _far(kpi, date, value)]))


def _together(kpi: Kpi, calendar: Calendar, date: dt.date) -> str:
    """As in "It now has 2 values, which add up to € 7,000."; empty where there is one."""
    ordinal = calendar.ordinal(Frequency(kpi.frequency), date)
    ends = [at(Frequency(kpi.frequency), ordinal) for at in (calendar.first_date, calendar.last_date)]
    rows = Measurement.objects.filter(kpi_id=kpi.pk, date__range=ends)
    values = list(rows.order_by("date").values_list("value", flat=True))
    if len(values) < 2:
        return ""
    how, of = COUNTED[kpi.aggregation]
    return f"It now has {len(values)} values, {how.format(show(of(values), kpi.unit, kpi.decimals))}."


def _far(kpi: Kpi, date: dt.date, value: float) -> str:
    """As in "The value is 100 times as large as any other: if that is a slip, enter it again."; empty as a rule."""
    sizes = [
        abs(known)
        for known in Measurement.objects.filter(kpi_id=kpi.pk).exclude(date=date).values_list("value", flat=True)
    ]
    if len(sizes) < KNOWN or not value or not (largest := max(sizes)):
        return ""
    times = abs(value) / largest
    if times >= FAR:
        many = "more than a million" if times > COUNTLESS else f"{times:,.0f}"
        return f"The value is {many} times as large as any other: if that is a slip, enter it again."
    if 0 < abs(value) * FAR <= min(sizes):
        return "The value is a tenth of the smallest other one, or less: if that is a slip, enter it again."
    return ""


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
