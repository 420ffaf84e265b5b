"""What every change of definitions does before and after."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from accounts.actions.organizations import bump_version, one_writer_at_a_time
from accounts.errors import ConflictError
from accounts.models import Organization
from accounts.tenancy.context import current_organization_id
from kpis.actions.stale import mark_stale
from kpis.models import Kpi


def lock_definitions() -> Organization:
    """The entered organization, its definitions locked until the transaction ends.

    They change one at a time, so that no two changes, each right by itself, make a cycle together.
    """
    return one_writer_at_a_time(current_organization_id())


def refuse_archived(kpi: Kpi) -> None:
    """Archived KPIs stay as they were."""
    if kpi.archived_at is not None:
        raise ConflictError(f"“{kpi.name}” is archived; restore it first.")


def announce(
    stale: Iterable[UUID], *, now: dt.datetime, first: dt.date | None = None, last: dt.date | None = None
) -> None:
    """Pages show something else now, and these KPIs' scores are to be made anew. Last in a transaction."""
    bump_version(current_organization_id())
    if kpi_ids := list(stale):
        mark_stale(current_organization_id(), kpi_ids, now=now, first=first, last=last)
