"""What other apps hang on a KPI, told by those that know.

The apps above ``kpis`` cannot be imported from here, so each registers in ``AppConfig.ready`` what of it follows KPIs:

    register(Follower("key results", following=key_results_reading, misfits=what_no_longer_fits))
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from accounts.errors import ConflictError
from accounts.models import Organization
from kpis.models import Kpi

LISTED: Final = 3


@dataclass(frozen=True)
class Follower:
    """``following`` names what follows a KPI now, each with its article; ``misfits`` are (field of the KPI, detail,
    code) of what would no longer fit a KPI, before and after a change of the given fields."""

    name: str
    following: Callable[[Kpi], Iterable[str]]
    misfits: Callable[[Kpi, Kpi, Collection[str], Organization, dt.datetime], Iterable[tuple[str, str, str]]]


_registered: dict[str, Follower] = {}


def register(follower: Follower) -> None:
    """Make it known; the same name again replaces the former."""
    _registered[follower.name] = follower


def refuse_followed(kpi: Kpi) -> None:
    """Refuse to put a KPI aside while something is moved by its data."""
    names = [name for follower in _registered.values() for name in follower.following(kpi)]
    if names:
        more = len(names) - LISTED
        listed = ", ".join(names[:LISTED]) + (f" and {more} more" if more > 0 else "")
        raise ConflictError(f"“{kpi.name}” moves {listed}. Link another KPI there first, or none.")


def misfits_of_followers(
    before: Kpi, after: Kpi, changed: Collection[str], organization: Organization, *, now: dt.datetime
) -> Iterator[tuple[str, str, str]]:
    """What of other apps would no longer fit, as (field, detail, code)."""
    for follower in _registered.values():
        yield from follower.misfits(before, after, changed, organization, now)
