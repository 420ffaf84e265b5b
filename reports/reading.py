"""What a page reads: today's knowledge, or that of a past instant named in its address."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Organization
from kpis.compute.known import Known, known_at
from kpis.instants import past_instant
from kpis.tree import Forest, forest_as_known, load_forest
from kpis.words import day


@dataclass(frozen=True)
class Reading:
    """An organization as it is known at ``now``, or as it was at a past ``instant``; ``asked`` is that instant as the
    address names it, and ``problem`` says why it could not be read, in which case today is shown.
    """

    organization: Organization
    now: dt.datetime
    asked: str = ""
    instant: dt.datetime | None = None
    problem: str = ""

    @classmethod
    def of(cls, organization: Organization, asked: str, *, now: dt.datetime) -> "Reading":
        if not asked:
            return cls(organization, now)
        try:
            return cls(organization, now, asked, past_instant(asked, organization, now=now))
        except ValueError as error:
            return cls(organization, now, problem=str(error))

    @cached_property
    def known(self) -> Known | None:
        return known_at(self.organization, self.instant) if self.instant else None

    @property
    def settings(self) -> Organization:
        """The organization with its settings of then."""
        return self.known.organization if self.known else self.organization

    @property
    def today(self) -> dt.date:
        return self.known.today if self.known else self.organization.today(self.now)

    @cached_property
    def forest(self) -> Forest:
        """The hierarchy with the operands of formulas."""
        if self.known is None or self.instant is None:
            return load_forest(self.organization, on=self.today, operands=True)
        return forest_as_known(self.known, self.instant, operands=True)

    @property
    def as_known(self) -> str:
        """The instant in words: "3 March 2026", "3 March 2026, 17:30"; empty for today's knowledge."""
        return instant_words(self.instant, self.organization) if self.instant else ""

    @property
    def context(self) -> dict[str, Any]:
        """What the band of past pages takes."""
        return {"as_known": self.as_known, "as_of": self.asked, "as_of_problem": self.problem}


def instant_words(instant: dt.datetime, organization: Organization) -> str:
    """A date where the instant is its end, else with the time, in the organization's time zone."""
    local = instant.astimezone(ZoneInfo(organization.time_zone))
    if (local + local.resolution).time() == dt.time():
        return day(local.date())
    return f"{day(local.date())}, {local:%H:%M}"
