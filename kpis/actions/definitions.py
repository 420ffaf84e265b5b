"""Making, changing, archiving, ordering and removing KPIs."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from accounts.actors import Actor
from accounts.audit import differences, record
from accounts.errors import ConflictError, refusal
from kpis.actions.changing import announce, lock_definitions, refuse_archived
from kpis.actions.formulas import follow_own_key, follow_renaming, keep_operands, refuse_users_misfit
from kpis.actions.links import LinkSpec, check_links_of, set_parents
from kpis.actions.misfits import refuse_misfits
from kpis.actions.permissions import require_define, require_edit
from kpis.actions.purging import purge_kpi
from kpis.actions.versioning import keep_version
from kpis.actions.wellformed import refuse_malformed
from kpis.followers import refuse_followed
from kpis.keys import key_from
from kpis.models import Kpi
from kpis.models.choices import Rollup, Source
from kpis.models.kpis import RESERVED_KEYS
from kpis.units import parse_unit, usual_decimals

FIELDS: Final = frozenset(
    "name key unit direction frequency source description kind department owner category level indicator decimals "
    "aggregation rollup formula weight_by carry_forward due_after_days target_path pace_profile review_cadence "
    "on_track_at at_risk_at".split()
)
# What scores follow from; the rest is words.
SCORED: Final = frozenset(
    "unit direction frequency source aggregation rollup formula weight_by carry_forward due_after_days target_path "
    "pace_profile on_track_at at_risk_at key".split()
)
# What links depend on.
LINKED: Final = frozenset({"unit", "frequency", "source", "rollup", "formula", "weight_by"})
# What formulas that name a KPI depend on.
USED: Final = frozenset({"frequency", "source", "aggregation", "carry_forward", "unit"})


@transaction.atomic
def create_kpi(
    actor: Actor,
    *,
    now: dt.datetime,
    name: str,
    unit: str,
    direction: str,
    frequency: str,
    source: str,
    key: str = "",
    links: Sequence[LinkSpec] = (),
    **fields: Any,
) -> Kpi:
    """Define a KPI under the parents in ``links``. The key defaults from the name, the rest as the model says.

    Raises ValidationError by field, and PermissionDenied for whom would have to ask an editor.
    """
    require_define(actor)
    essential = {"name": name, "unit": unit, "direction": direction, "frequency": frequency, "source": source}
    given = _accepted({**essential, **fields})
    organization = lock_definitions()
    kpi = Kpi(created_at=now, position=_next_position(), **given)
    kpi.key = key or key_from(name, taken=_taken_keys())
    kpi.decimals = given.get("decimals", _decimals_of(unit))
    _settle_source(kpi, given)
    refuse_malformed(kpi, organization)
    kpi.save(force_insert=True)
    keep_operands(kpi)
    record(actor, "kpi.created", kpi, now=now, changes={name: (None, getattr(kpi, name)) for name in (*given, "key")})
    keep_version(actor, kpi, now=now)
    set_parents(actor, kpi, links, now=now)
    announce([kpi.pk], now=now)
    return kpi


def update_kpi(actor: Actor, kpi: Kpi, *, now: dt.datetime, **changed: Any) -> Kpi:
    """Change a KPI's definition; what would make stored values, targets or links mean something else is refused."""
    require_edit(actor, kpi)
    given = _accepted(changed)
    organization = lock_definitions()
    before = Kpi.objects.with_people().select_related("weight_by").get(pk=kpi.pk)
    refuse_archived(before)
    after = Kpi.objects.get(pk=kpi.pk)
    for name, value in given.items():
        setattr(after, name, value)
    _settle_source(after, given)
    follow_own_key(after, before.key)
    changes = differences(before, {name: getattr(after, name) for name in sorted(FIELDS)})
    if changes:
        refuse_malformed(after, organization, before)
        refuse_misfits(before, after, changes.keys(), organization, now=now)
        if LINKED & changes.keys():
            check_links_of(after)
        if USED & changes.keys():
            refuse_users_misfit(after, before.key)
        after.save()
        keep_operands(after)
        users = follow_renaming(actor, after, before.key, now=now) if "key" in changes else []
        record(actor, "kpi.changed", after, now=now, changes=changes)
        keep_version(actor, after, now=now)
        announce([after.pk, *users] if SCORED & changes.keys() else [], now=now)
    return after


def archive_kpi(actor: Actor, kpi: Kpi, *, now: dt.datetime) -> Kpi:
    """Put a KPI aside: it counts in its parents up to the period that runs now, and nobody is asked for it again.

    Refused while a key result is moved by it.
    """
    require_define(actor)
    lock_definitions()
    refuse_archived(kpi)
    refuse_followed(kpi)
    return _set_archived(actor, kpi, now, now=now, action="kpi.archived")


def restore_kpi(actor: Actor, kpi: Kpi, *, now: dt.datetime) -> Kpi:
    """Take an archived KPI back, as if it had never been away."""
    require_define(actor)
    lock_definitions()
    if kpi.archived_at is None:
        raise ConflictError(f"“{kpi.name}” is not archived.")
    return _set_archived(actor, kpi, None, now=now, action="kpi.restored")


def reorder_kpis(actor: Actor, kpis: Sequence[Kpi], *, now: dt.datetime) -> None:
    """Have these KPIs, siblings as a rule, follow each other in this order."""
    require_define(actor)
    lock_definitions()
    if len({kpi.pk for kpi in kpis}) != len(kpis):
        raise refusal("kpis", "A KPI stands in the order twice; name each once.", "repeated")
    moved = [(kpi, position) for position, kpi in enumerate(kpis) if kpi.position != position]
    if not moved:
        return
    for kpi, position in moved:
        kpi.position = position
    Kpi.objects.bulk_update([kpi for kpi, _ in moved], ["position"])
    record(actor, "kpi.reordered", kpis[0], now=now, changes={"order": (None, [kpi.key for kpi in kpis])})
    announce([], now=now)


def _accepted(fields: Mapping[str, Any]) -> dict[str, Any]:
    unknown = fields.keys() - FIELDS
    if unknown:
        raise TypeError(f"A KPI has no field called {', '.join(sorted(unknown))}.")
    return dict(fields)


def _taken_keys() -> frozenset[str]:
    return RESERVED_KEYS.union(Kpi.objects.values_list("key", flat=True))


def _next_position() -> int:
    last: int | None = Kpi.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _decimals_of(unit: str) -> int:
    try:
        return usual_decimals(parse_unit(unit))
    except ValueError:
        return 0  # the unit is refused afterwards, with everything else that is wrong


def _settle_source(kpi: Kpi, given: Collection[str]) -> None:
    """A roll-up sums unless told otherwise; a KPI that is no longer rolled up or computed forgets how it was."""
    if kpi.source != Source.FORMULA and (not kpi.formula or "formula" not in given):
        kpi.formula = ""
    if kpi.source == Source.ROLLUP:
        kpi.rollup = kpi.rollup or Rollup.SUM
    elif not kpi.rollup or "rollup" not in given:
        kpi.rollup = ""


def _set_archived(actor: Actor, kpi: Kpi, at: dt.datetime | None, *, now: dt.datetime, action: str) -> Kpi:
    kpi.archived_at = at
    kpi.save(update_fields=["archived_at"])
    record(actor, action, kpi, now=now)
    keep_version(actor, kpi, now=now)
    announce([kpi.pk], now=now)
    return kpi


__all__ = ["archive_kpi", "create_kpi", "purge_kpi", "reorder_kpis", "restore_kpi", "update_kpi"]
