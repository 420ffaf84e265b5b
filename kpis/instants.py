"""Past instants as people and programs write them."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_date, parse_datetime

from accounts.models import Organization

FORMS: Final = "a date such as 2026-03-03, which means its end, or a time such as 2026-03-03T17:30:00Z"


def past_instant(text: str, organization: Organization, *, now: dt.datetime) -> dt.datetime:
    """The instant that ``text`` names, a date being its end in the organization's time zone, but no later than now.

    Raises ValueError, saying what would be right, for anything else and for what lies ahead.
    """
    instant = _parsed(text, organization)
    if instant is None:
        raise ValueError(f"Give {FORMS}.")
    if instant > now and organization.today(instant) > organization.today(now):
        raise ValueError("That lies ahead; only what was known in the past can be read.")
    return min(instant, now)


def _parsed(text: str, organization: Organization) -> dt.datetime | None:
    try:
        instant = parse_datetime(text) if "T" in text else None
        if instant is not None:
            return (instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
        date = parse_date(text)
        zone = ZoneInfo(organization.time_zone)
        end = dt.datetime.combine(date + dt.timedelta(days=1), dt.time(), zone) if date else None
        return end.astimezone(dt.UTC) - dt.timedelta(microseconds=1) if end else None
    except (ValueError, OverflowError):
        return None
