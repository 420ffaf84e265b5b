"""What other apps do in the transaction of a change to an organization's settings, or to who works there and where.

The apps above ``accounts`` cannot be imported from here, so they say in ``AppConfig.ready`` what must follow: another
fiscal year, for instance, makes scores stale, and somebody in another time zone has their morning at another time.
"""

import datetime as dt
from typing import Protocol
from uuid import UUID

from accounts.models import Organization


class Consequence(Protocol):
    """Called after a change of settings with the names of the changed fields."""

    def __call__(self, organization: Organization, changed: frozenset[str], *, now: dt.datetime) -> None: ...


_consequences: list[Consequence] = []


def after_settings_change(consequence: Consequence) -> None:
    """Have ``consequence`` called whenever an organization's settings have changed."""
    if consequence not in _consequences:
        _consequences.append(consequence)


def settings_changed(organization: Organization, changed: frozenset[str], *, now: dt.datetime) -> None:
    for consequence in _consequences:
        consequence(organization, changed, now=now)


class Arrival(Protocol):
    """Called last in a transaction after which somebody works for an organization, or does so from another zone."""

    def __call__(self, organization_id: UUID, *, now: dt.datetime) -> None: ...


_arrivals: list[Arrival] = []


def after_arrival(arrival: Arrival) -> None:
    """Have ``arrival`` called whenever somebody came to an organization, or lives elsewhere from now on."""
    if arrival not in _arrivals:
        _arrivals.append(arrival)


def arrived(organization_id: UUID, *, now: dt.datetime) -> None:
    for arrival in _arrivals:
        arrival(organization_id, now=now)
