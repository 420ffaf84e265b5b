"""From when one looks at an objective or a key result: now, or as it was known at a past instant."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict

from accounts.models import Organization
from kpis.instants import past_instant
from kpis.words import day

LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class Looking:
    """``today`` is the organization's date now, ``day`` that of the instant one looks from. ``errors`` say what of the
    address could not be followed."""

    today: dt.date
    day: dt.date
    as_of: dt.datetime | None = None
    text: str = ""
    errors: tuple[str, ...] = ()

    @property
    def known_on(self) -> str:
        """The date as of which everything is shown; empty for today."""
        return day(self.day) if self.as_of else ""

    @property
    def query(self) -> str:
        """The parameter that leads to the same, with a question mark; empty for today."""
        return f"?{urlencode({'as_of': self.text})}" if self.as_of else ""

    @property
    def date(self) -> str:
        """For a field that takes dates."""
        return self.day.isoformat() if self.as_of else ""

    def of_now(self, error: str = "") -> "Looking":
        """Today instead, saying why."""
        return Looking(self.today, self.today, errors=(*self.errors, error) if error else self.errors)


def looking_in(query: QueryDict, organization: Organization, *, now: dt.datetime) -> Looking:
    """What an address asks for; what cannot be read is told and left out."""
    today, text = organization.today(now), query.get("as_of", "").strip()
    if not text:
        return Looking(today, today)
    try:
        instant = past_instant(text, organization, now=now)
    except ValueError as error:
        return Looking(today, today, errors=(f"“{text[:LONGEST]}” cannot be looked back at. {error}",))
    return Looking(today, organization.today(instant), instant, text)
