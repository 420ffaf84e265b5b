"""What other apps do in the transaction of a change to an organization's settings.

The apps above ``accounts`` cannot be imported from here, so they say in ``AppConfig.ready`` what must follow: another
fiscal year, for instance, makes scores stale.
"""

import datetime as dt
from typing import Protocol

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
