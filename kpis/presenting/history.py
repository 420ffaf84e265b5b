"""Measurements with their revisions: what was entered, by whom, and what it replaced."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.safestring import SafeString

from accounts.models import Organization
from kpis import words
from kpis.calendars import calendar_of
from kpis.engine.periods import Calendar, Frequency
from kpis.models import Kpi, Measurement, MeasurementRevision, Push
from kpis.models.measurements import Via
from kpis.presenting.figures import Figures

SHOWN = 24


@dataclass(frozen=True, slots=True)
class Past:
    """A value that is no longer there: what it was, who wrote it, and who ended it."""

    value: SafeString
    note: str
    written: str
    ended: str


@dataclass(slots=True)
class Entry:
    """One date: its value, or None in its place where it was removed, and what was there before, newest first."""

    date: dt.date
    day: str
    value: SafeString | None = None
    note: str = ""
    written: str = ""
    past: list[Past] = field(default_factory=list)


def entries_of(kpi: Kpi, organization: Organization, *, count: int = SHOWN) -> list[Entry]:
    """The latest dates at which something was entered, newest first: three queries."""
    figures, calendar, frequency = Figures(kpi), calendar_of(organization), Frequency(kpi.frequency)
    measurements = {row.date: row for row in Measurement.objects.filter(kpi=kpi).newest_first()[:count]}
    revisions = _revisions(kpi, count)
    dates = sorted({*measurements, *revisions}, reverse=True)[:count]
    pushes = _pushes([*measurements.values(), *(row for rows in revisions.values() for row in rows)], organization)
    entries = []
    for date in dates:
        entry = Entry(date, _day(calendar, frequency, date))
        if row := measurements.get(date):
            entry.value, entry.note = figures.html(row.value), row.note
            entry.written = pushes.get(row.push_id, "")
        entry.past = [
            Past(figures.html(old.value), old.note, pushes.get(old.push_id, ""), pushes.get(old.replaced_by_id, ""))
            for old in revisions.get(date, ())
        ]
        entries.append(entry)
    return entries


def _day(calendar: Calendar, frequency: Frequency, date: dt.date) -> str:
    """A date that opens a period stands for all of it: October 2026; others are days: 9 October 2026."""
    opens = date == calendar.first_date(frequency, calendar.ordinal(frequency, date))
    return words.period_label(calendar, frequency, date) if opens else words.day(date)


def _revisions(kpi: Kpi, count: int) -> Mapping[dt.date, list[MeasurementRevision]]:
    """By date, the newest dates first; a push's id grows with time, so it orders revisions of one date."""
    rows = MeasurementRevision.objects.filter(kpi=kpi).order_by("-date", "-replaced_by_id")[: count * 4]
    by_date: dict[dt.date, list[MeasurementRevision]] = defaultdict(list)
    for row in rows:
        by_date[row.date].append(row)
    return by_date


def _pushes(rows: Iterable[Measurement | MeasurementRevision], organization: Organization) -> dict[UUID, str]:
    ids = {row.push_id for row in rows} | {row.replaced_by_id for row in rows if isinstance(row, MeasurementRevision)}
    pushes = Push.objects.filter(pk__in=ids).select_related("member__user", "token")
    return {push.pk: _said(push, organization) for push in pushes}


def _said(push: Push, organization: Organization) -> str:
    """ "Bob on 3 November 2026", "token warehouse on ...", "the demo data on ..."."""
    on = words.day(organization.today(push.at))
    if push.member:
        return f"{push.member} on {on}"
    if push.token:
        return f"token {push.token} on {on}"
    return f"{'Demo data' if push.via == Via.DEMO else 'Ladder'}, {on}"
