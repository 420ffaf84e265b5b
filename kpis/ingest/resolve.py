"""From measurements that name KPIs to a batch of columns that can be stored."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from accounts.actors import Actor
from accounts.models import Role
from kpis.ingest.items import Item, ItemError, Parsed
from kpis.models import Kpi
from kpis.models.choices import Source

EARLIEST = dt.date(1900, 1, 1)
AHEAD = dt.timedelta(days=366)


@dataclass
class Batch:
    """Measurements as columns of equal length; of the same KPI and date the last one wins."""

    kpi_ids: list[UUID] = field(default_factory=list)
    dates: list[dt.date] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    received: int = 0

    def __len__(self) -> int:
        return len(self.kpi_ids)


def resolve(parsed: Parsed, actor: Actor, *, today: dt.date) -> tuple[Batch, list[ItemError]]:
    """The batch of all good items, and the errors of the others (those of decoding included), in the order sent."""
    found = _find_kpis({item.kpi for item in parsed.items})
    refusals = {name: _refusal(name, found.get(_normal(name)), actor) for name in {item.kpi for item in parsed.items}}
    outside = {item.date for item in parsed.items if not EARLIEST <= item.date <= today + AHEAD}
    errors = list(parsed.errors)
    rows: dict[tuple[UUID, dt.date], Item] = {}
    for position, item in zip(parsed.positions, parsed.items, strict=True):
        refusal = refusals[item.kpi]
        if refusal or item.date in outside:
            errors.extend(_errors(position, refusal, item.date if item.date in outside else None, today))
        else:
            rows[found[_normal(item.kpi)].pk, item.date] = item
    return _batch(rows, parsed.received), sorted(errors, key=_position)


def _batch(rows: dict[tuple[UUID, dt.date], Item], received: int) -> Batch:
    return Batch(
        [kpi_id for kpi_id, _ in rows],
        [date for _, date in rows],
        [item.value for item in rows.values()],
        [item.note for item in rows.values()],
        received,
    )


def _normal(name: str) -> str:
    """Keys are lower case and so are ids in their canonical form."""
    return name.strip().lower()


def _find_kpis(names: set[str]) -> dict[str, Kpi]:
    """KPIs by key and by id, in one query."""
    normal = {_normal(name) for name in names if "\0" not in name}
    ids = [parsed for parsed in map(_as_uuid, normal) if parsed]
    kpis = Kpi.objects.filter(Q(key__in=normal) | Q(pk__in=ids)).only(
        "key", "source", "owner_id", "archived_at", "name"
    )
    by_name: dict[str, Kpi] = {}
    for kpi in kpis:
        by_name[kpi.key] = by_name[str(kpi.pk)] = kpi
    return by_name


def _as_uuid(text: str) -> UUID | None:
    try:
        parsed = UUID(text)
    except ValueError:
        return None
    return parsed if str(parsed) == text else None


def _refusal(name: str, kpi: Kpi | None, actor: Actor) -> tuple[str, str] | None:
    if kpi is None:
        return "unknown_kpi", f"There is no KPI with the key or id {name[:80]!r}."
    if kpi.source != Source.MEASURED:
        return "not_measured", f"{kpi.key} is computed from other KPIs; push to those instead."
    if kpi.archived_at:
        return "archived", f"{kpi.key} is archived; restore it before pushing to it."
    member = actor.member
    if member and not kpi.may_be_fed_by(member):
        owns = "its owner or an editor" if member.has_role(Role.CONTRIBUTOR) else "an editor"
        return "not_allowed", f"Only {owns} can enter values for {kpi.key}."
    return None


def _errors(position: int, refusal: tuple[str, str] | None, outside: dt.date | None, today: dt.date) -> list[ItemError]:
    errors = [ItemError(f"/{position}/kpi", *refusal)] if refusal else []
    if outside:
        detail = f"{outside} is out of range: from {EARLIEST} to {today + AHEAD}, a year from today."
        errors.append(ItemError(f"/{position}/date", "date_out_of_range", detail))
    return errors


def _position(error: ItemError) -> int:
    return int(error.pointer.split("/")[1])
