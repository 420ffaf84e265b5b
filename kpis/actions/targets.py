"""What a KPI is to reach, from when on."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from accounts.actors import Actor
from accounts.audit import record
from kpis.actions.changing import announce, lock_definitions, refuse_archived
from kpis.actions.definitions import update_kpi
from kpis.actions.permissions import require_edit
from kpis.actions.promises import TargetRow, Timeline, targets_of
from kpis.actions.refusing import refuse_rows
from kpis.calendars import calendar_of
from kpis.engine import definitions as engine
from kpis.engine.periods import Calendar, Frequency
from kpis.engine.refusals import Refusal
from kpis.engine.targets import target_refusals
from kpis.engine.units import Unit
from kpis.models import Kpi, Target
from kpis.models.choices import TargetPath
from kpis.target_changes import Step, changed_steps
from kpis.words import day

# What a target may be set for: as far back as measurements go, and as far ahead as series are shown.
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2200, 12, 31)


def set_targets(
    actor: Actor, kpi: Kpi, rows: Sequence[TargetRow], *, now: dt.datetime, reason: str = "", path: str = ""
) -> list[Target]:
    """Make ``rows`` the whole list of the KPI's targets; rows that are not among them are kept as history.

    ``path`` ("step" or "linear") is how targets get from one row to the next, where that is to change too.

    Changing the target of a complete period, or making that of the open one easier, needs a reason: the row's own, or
    ``reason`` for all of them.
    """
    require_edit(actor, kpi)
    organization = lock_definitions()
    refuse_archived(kpi)
    kpi.refresh_from_db(fields=["direction", "frequency", "target_path"])
    timeline = Timeline(calendar_of(organization), Frequency(kpi.frequency), organization.today(now))
    path = path or kpi.target_path
    stored = {TargetRow.of(row): row for row in targets_of(kpi)}
    refuse_rows("targets", _refusals(kpi, rows, timeline.calendar))
    courses = timeline.course(stored, kpi, kpi.target_path), timeline.course(rows, kpi, path)
    steps = list(changed_steps(*courses, running=timeline.ordinal(timeline.today)))
    explained = [_explained(row, stored, reason) for row in rows]
    if not reason.strip():
        refuse_rows("targets", _unexplained(rows, stored, timeline.broken(steps, kpi), timeline, path))
    if path != kpi.target_path:
        kpi.target_path = update_kpi(actor, kpi, now=now, reason=reason or None, target_path=path).target_path
    gone = [row for spec, row in stored.items() if spec not in explained]
    added = [row for row in explained if row not in stored]
    if gone or added:
        Target.objects.filter(pk__in=[row.pk for row in gone]).update(replaced_at=now)
        Target.objects.bulk_create([_stored(actor, kpi, row, now) for row in added], ignore_conflicts=True)
        _tell(actor, kpi, stored, explained, reason, now)
        first = timeline.first_date(steps[0].first) if steps else None
        announce([kpi.pk] if steps else [], now=now, first=first)
    return targets_of(kpi)


def _refusals(kpi: Kpi, rows: Sequence[TargetRow], calendar: Calendar) -> list[Refusal]:
    undated = [refusal for index, row in enumerate(rows) if (refusal := _date_refusal(kpi, row, index, calendar))]
    return undated or target_refusals(
        [engine.Target(row.effective_from, row.target, row.floor, row.low, row.high) for row in rows],
        direction=engine.Direction(kpi.direction),
        unit=Unit.parse(kpi.unit),
        frequency=Frequency(kpi.frequency),
        calendar=calendar,
    )


def _date_refusal(kpi: Kpi, row: TargetRow, index: int, calendar: Calendar) -> Refusal | None:
    """A period that does not exist, or one that is over before it begins."""
    for name in ("effective_from", "due_on"):
        date = getattr(row, name)
        if date is not None and not EARLIEST <= date <= LATEST:
            detail = f"There is no period on {date.isoformat()}; give a date from {EARLIEST} to {LATEST}."
            return Refusal("no_such_period", name, detail, index)
    first = calendar.first_date(
        Frequency(kpi.frequency), calendar.ordinal(Frequency(kpi.frequency), row.effective_from)
    )
    if row.due_on is not None and row.due_on < first:
        detail = (
            f"It holds from {day(row.effective_from)} on, so it cannot be due on {day(row.due_on)}; give a later date."
        )
        return Refusal("due_before_it_holds", "due_on", detail, index)
    return None


def _unexplained(
    rows: Sequence[TargetRow],
    stored: Collection[TargetRow],
    broken: Iterable[tuple[Step, str]],
    timeline: Timeline,
    path: str,
) -> Iterator[Refusal]:
    """Changes of what was promised that no row gives a new reason for, once at the row that is in force there."""
    said: set[int | None] = set()
    for step, detail in broken:
        around = _around(rows, step.first, timeline, is_linear=path == TargetPath.LINEAR)
        new = [index for index in around if rows[index] not in stored]
        if not any(rows[index].reason.strip() for index in new):
            index = next(iter([*new, *around]), None)
            if index not in said:
                yield Refusal("reason_required", "reason", detail, index)
            said.add(index)


def _around(rows: Sequence[TargetRow], period: int, timeline: Timeline, *, is_linear: bool) -> list[int]:
    """The row in force in a period, by its index, and on a straight line the one it leads to as well."""
    starts = sorted((timeline.ordinal(row.effective_from), index) for index, row in enumerate(rows))
    before = [index for start, index in starts if start <= period][-1:]
    after = [index for start, index in starts if start > period][:1] if is_linear else []
    return before + after


def _explained(row: TargetRow, stored: Collection[TargetRow], reason: str) -> TargetRow:
    """A new row without a reason of its own takes the reason given for all; a row that stays keeps its own."""
    same = next((old for old in stored if replace(old, reason=row.reason) == row), None)
    if same and not row.reason:
        return same
    return row if row.reason or same else replace(row, reason=reason)


def _stored(actor: Actor, kpi: Kpi, row: TargetRow, now: dt.datetime) -> Target:
    return Target(
        kpi=kpi,
        effective_from=row.effective_from,
        target=row.target,
        floor=row.floor,
        low=row.low,
        high=row.high,
        due_on=row.due_on,
        basis=row.basis,
        reason=row.reason,
        set_by=actor.member,
        recorded_at=now,
    )


def _tell(
    actor: Actor, kpi: Kpi, before: Iterable[TargetRow], after: Iterable[TargetRow], reason: str, now: dt.datetime
) -> None:
    changes: dict[str, tuple[object, object]] = {
        "targets": ([_words(row) for row in before], [_words(row) for row in after])
    }
    if reason:
        changes["reason"] = (None, reason)
    record(actor, "kpi.targets_set", kpi, now=now, changes=changes)


def _words(row: TargetRow) -> str:
    """A row in the audit log: ``2026-01-01: target 700, floor 500``."""
    numbers = {"target": row.target, "floor": row.floor, "low": row.low, "high": row.high}
    said = ", ".join(f"{name} {number:g}" for name, number in numbers.items() if number is not None)
    by = f", by {row.due_on}" if row.due_on else ""
    return f"{row.effective_from}: {said}{by}{f', {row.basis}' if row.basis else ''}"


__all__ = ["TargetRow", "set_targets", "targets_of"]
