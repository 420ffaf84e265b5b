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
    names = {item.kpi for item in parsed.items}
    found = _find_kpis(names)
    refusals = {name: refusal for name in names if (refusal := _refusal(name, found.get(_normal(name)), actor))}
    outside = {date for date in {item.date for item in parsed.items} if not EARLIEST <= date <= today + AHEAD}
    errors = list(parsed.errors)
    items = parsed.items
    if refusals or outside:
        items = []
        for position, item in zip(parsed.positions, parsed.items, strict=True):
            if item.kpi in refusals or item.date in outside:
                errors.extend(_errors(position, item, refusals, outside, today))
            else:
                items.append(item)
    ids = {name: found[_normal(name)].pk for name in names - refusals.keys()}
    return _batch(items, ids, parsed.received), sorted(errors, key=_position)


def _batch(items: list[Item], ids: dict[str, UUID], received: int) -> Batch:
    """Items as columns. A KPI goes by a number here, because hashing an id for each of many items takes long."""
    distinct = list(dict.fromkeys(ids.values()))
    numbers = {kpi_id: number for number, kpi_id in enumerate(distinct)}
    number_of = {name: numbers[kpi_id] for name, kpi_id in ids.items()}
    rows = {(number_of[item.kpi], item.date): item for item in items}
    return Batch(
        [distinct[number] for number, _ in rows],
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


def _errors(
    position: int, item: Item, refusals: dict[str, tuple[str, str]], outside: set[dt.date], today: dt.date
) -> list[ItemError]:
    errors = [ItemError(f"/{position}/kpi", *refusals[item.kpi])] if item.kpi in refusals else []
    if item.date in outside:
        detail = f"{item.date} is out of range: from {EARLIEST} to {today + AHEAD}."
        errors.append(ItemError(f"/{position}/date", "date_out_of_range", detail))
    return errors


def _position(error: ItemError) -> int:
    return int(error.pointer.split("/")[1])
