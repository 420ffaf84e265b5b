"""The audit log: every write tells who changed what, in the transaction of the change."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.db.models import Model

from accounts.actors import Actor
from accounts.models import AuditEntry


def record(
    actor: Actor,
    action: str,
    subject: Model,
    *,
    now: dt.datetime,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
) -> AuditEntry:
    """Write one entry. ``changes`` maps a field's name to its value before and after."""
    return AuditEntry.objects.create(
        at=now,
        member=actor.member,
        token=actor.token,
        action=action,
        subject_id=subject.pk if isinstance(subject.pk, UUID) else None,
        subject=str(subject)[:200],
        changes={name: [_plain(before), _plain(after)] for name, (before, after) in (changes or {}).items()},
    )


def differences(row: Model, new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What assigning ``new`` to ``row`` would change: ``{field: (before, after)}``, unchanged fields left out."""
    return {name: (getattr(row, name), value) for name, value in new.items() if getattr(row, name) != value}


def _plain(value: Any) -> Any:
    """A value as JSON holds it; a row is named by its label."""
    if value is None or (isinstance(value, bool | int | float | str) and not isinstance(value, Enum)):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dt.date | Decimal | UUID | Model):
        return str(value)
    return str(value.value if isinstance(value, Enum) else value)
