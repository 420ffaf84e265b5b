"""When people are written to: at nine in the morning where they live, on working days. Pure."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from kpis.engine.cadence import WorkingDays

WORKING: Final = WorkingDays()  # Monday to Friday, everywhere
NINE: Final = dt.time(9)


def morning_of(time_zone: str, now: dt.datetime, working: WorkingDays) -> dt.datetime | None:
    """This day's nine o'clock in a time zone, once it has come; None before, and on days that are no working days."""
    today = now.astimezone(ZoneInfo(time_zone)).date()
    morning = _nine(time_zone, today)
    return morning if today in working and morning <= now else None


def next_morning(time_zone: str, now: dt.datetime, working: WorkingDays) -> dt.datetime:
    """The next nine o'clock of a working day in a time zone, after an instant."""
    today = now.astimezone(ZoneInfo(time_zone)).date()
    if today in working and now < _nine(time_zone, today):
        return _nine(time_zone, today)
    return _nine(time_zone, working.after(today))


def _nine(time_zone: str, date: dt.date) -> dt.datetime:
    return dt.datetime.combine(date, NINE, ZoneInfo(time_zone))
