"""Bringing stored progress up to date with KPIs and settings."""

import datetime as dt
from typing import Final
from uuid import UUID

from accounts.models import Organization
from accounts.outbox import Reader, register, take
from accounts.tenancy.context import current_organization_id
from okrs.actions.changing import announce, lock_objectives
from okrs.following.storing import follow
from okrs.models import KeyResult

FOLLOW: Final = "okrs.tasks.follow_scores"
SCORED: Final = "kpi.scored"
# Settings from which it follows when check-ins are due; what follows from scores is announced with these.
DUE_BY: Final = frozenset({"fiscal_year_start"})


def hear_of_scores() -> None:
    """Have KPIs that move key results announced once they are scored; called once when the app is ready."""
    register(SCORED, Reader(FOLLOW, concerned=kpis_followed))


def kpis_followed() -> set[UUID]:
    """The KPIs that move a key result of an open cycle."""
    return {id for id in KeyResult.objects.linked().in_open_cycles().values_list("kpi_id", flat=True) if id}


def follow_announced(*, now: dt.datetime) -> int:
    """Rewrite the progress of the key results of open cycles that are moved by the KPIs announced since, and of no
    others; answers how many rows changed.

    The messages go with the transaction that stores what follows from them, so one that dies leaves them. What is
    computed meanwhile is announced anew.
    """
    scored = take(current_organization_id(), FOLLOW).get(SCORED)
    moved = KeyResult.objects.in_open_cycles().reading(scored or ())
    if not scored or not moved.exists():
        return 0
    organization = lock_objectives()
    changed = follow(organization, moved.with_context(), today=organization.today(now))
    if changed:
        announce()
    return changed


def follow_settings(organization: Organization, changed: frozenset[str], *, now: dt.datetime) -> None:
    """Check-in periods are others now: what was kept in them is counted anew."""
    if DUE_BY & changed:
        follow(organization, KeyResult.objects.in_open_cycles().with_context(), today=organization.today(now))
