"""What a target like "+20 % on Q2" is measured against, from the values known today."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from math import fsum

from accounts.models import Organization
from kpis.calendars import calendar_of
from kpis.drawing.numbers import show
from kpis.engine.periods import Frequency
from kpis.engine.units import Unit, UnitKind
from kpis.models import Kpi, Score
from kpis.target_entry import Period, parse_entry
from kpis.words import PERIOD


@dataclass(frozen=True, slots=True)
class Entered:
    """A target as a number, and how it was entered where that was a change: "+20 % on Q2 2026 (€ 401 k)"."""

    value: float
    basis: str = ""


def entered(text: str, kpi: Kpi, organization: Organization, *, today: dt.date) -> Entered:
    """What was typed, made a number in the unit that is stored. Raises ValueError with a sentence for the field.

    The base is the latest complete period with a value unless one is named. Of a named period coarser than the KPI's
    own it is the mean of the KPI's periods in it that have ended and have a value.
    """
    is_percent = Unit.parse(kpi.unit).kind is UnitKind.PERCENT
    calendar, frequency = calendar_of(organization), Frequency(kpi.frequency)
    meant = parse_entry(
        text, is_percent=is_percent, decimals=kpi.decimals, frequency=frequency, calendar=calendar, today=today
    )
    if isinstance(meant, float):
        return Entered(float(Decimal(repr(meant)) / 100) if is_percent else meant)
    base, named = _base(meant.period, kpi, organization)
    value = show(base, kpi.unit, kpi.decimals, short=True)
    return Entered(meant.on(base), f"{meant.words(named)} ({value})")


def _base(period: Period | None, kpi: Kpi, organization: Organization) -> tuple[float, str]:
    """The value to compare with, and what it is called."""
    calendar, frequency = calendar_of(organization), Frequency(kpi.frequency)
    ended = Score.objects.filter(kpi_id=kpi.pk, complete=True, value__isnull=False).order_by("period")
    if period is None:
        latest = ended.last()
        if latest is None or latest.value is None:
            raise ValueError("There is no value yet to compare with; write the number.")
        return latest.value, calendar.label(frequency, calendar.ordinal(frequency, latest.period))
    label = calendar.label(period.frequency, period.ordinal)
    first = calendar.first_date(period.frequency, period.ordinal)
    last = calendar.last_date(period.frequency, period.ordinal)
    values = [
        value
        for value in ended.filter(period__range=(first, last)).values_list("value", flat=True)
        if value is not None
    ]
    if not values:
        raise ValueError(f"There is no value of {label} to compare with; name another period or write the number.")
    if period.frequency is frequency:
        return values[0], label
    return fsum(values) / len(values), f"the mean {PERIOD[frequency]} of {label}"
