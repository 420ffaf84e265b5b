"""Keeping what a definition was: a version for every change, in the transaction of the change."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

from accounts.actors import Actor
from kpis.models import Kpi, KpiVersion

VERSIONED: Final = (
    "key", "name", "description", "kind", "category", "level", "indicator", "unit", "decimals", "direction",
    "frequency", "aggregation", "source", "rollup", "formula", "carry_forward", "due_after_days", "target_path",
    "pace_profile", "review_cadence", "on_track_at", "at_risk_at", "department_id", "owner_id", "weight_by_id",
    "archived_at",
)  # fmt: skip


def keep_version(actor: Actor, kpi: Kpi, *, now: dt.datetime) -> None:
    """Record the KPI's definition as the one in force from now on; nothing happens where it is already."""
    definition = definition_of(kpi)
    current = KpiVersion.objects.filter(kpi=kpi, replaced_at=None).first()
    if current and current.definition == definition:
        return
    if current:
        KpiVersion.objects.filter(pk=current.pk).update(replaced_at=now)
    KpiVersion.objects.create(kpi=kpi, recorded_at=now, member=actor.member, token=actor.token, definition=definition)


def definition_of(kpi: Kpi) -> dict[str, Any]:
    """The columns of a KPI that make up its definition, as JSON holds them."""
    return {name: _plain(getattr(kpi, name)) for name in VERSIONED}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
