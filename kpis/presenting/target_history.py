"""Targets that were changed: what was promised first, and every change since."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from accounts.models import AuditEntry, Organization
from kpis import words
from kpis.calendars import calendar_of
from kpis.drawing.numbers import show
from kpis.engine.definitions import Direction
from kpis.engine.periods import Calendar, Frequency
from kpis.engine.scoring import attainments
from kpis.models import Kpi, KpiVersion, Target
from kpis.models.choices import TargetPath
from kpis.presenting.figures import Figures
from kpis.target_changes import Course, Goal, course, is_same_goal


@dataclass(frozen=True, slots=True)
class TargetChange:
    """One change: its day, who made it, what it did to each target (from when on, before, after) and why."""

    day: str
    who: str
    rows: Sequence[tuple[str, str, str]]
    reason: str


def original_of(kpi: Kpi, organization: Organization, period: dt.date) -> Goal | None:
    """What the period (by its first date) was to reach when it began, or where nothing was said then, what was first
    recorded for it afterwards. None where that is still its target, and where it has none."""
    rows = list(Target.objects.filter(kpi=kpi))
    if all(row.replaced_at is None for row in rows) and not _is_path_changed(kpi):
        return None
    calendar, frequency = calendar_of(organization), Frequency(kpi.frequency)
    ordinal = calendar.ordinal(frequency, period)
    began = dt.datetime.combine(period, dt.time(), ZoneInfo(organization.time_zone))
    later = sorted({row.recorded_at for row in rows if row.recorded_at > began})
    known = (_course_at(kpi, rows, instant, calendar).at(ordinal) for instant in [began, *later])
    original = next((goal for goal in known if goal is not None), None)
    now = _course(kpi, [row for row in rows if row.replaced_at is None], kpi.target_path, calendar).at(ordinal)
    return None if original is None or now is None or is_same_goal(original, now) else original


def revised_words(
    kpi: Kpi, organization: Organization, period: dt.date | None, value: float | None, target: float | None
) -> str:
    """ "95 % of revised, 82 % of original", or "revised from at least € 500 k" where a share means nothing; empty where
    the target is the original one."""
    original = original_of(kpi, organization, period) if period else None
    if original is None:
        return ""
    shares = [_share(kpi, value, goal) for goal in (target, original.target)]
    if None in shares:
        return f"revised from {Figures(kpi).goal(original.target, original.low, original.high)}"
    revised, first = (show(share, "percent", 0) for share in shares)
    return f"{revised} of revised, {first} of original"


def changes_of(kpi: Kpi, organization: Organization) -> list[TargetChange]:
    """Every change of the KPI's targets, the latest first."""
    rows = list(Target.objects.filter(kpi=kpi).order_by("effective_from", "id"))
    entries = AuditEntry.objects.filter(action="kpi.targets_set", subject_id=kpi.pk).select_related(
        "member__user", "token"
    )
    by_instant = {entry.at: entry for entry in entries}
    instants = {at for row in rows for at in (row.recorded_at, row.replaced_at) if at}
    changes = {at: _change(kpi, organization, rows, at, by_instant.get(at)) for at in instants}
    for at, change in _path_changes(kpi, organization).items():
        changes[at] = _together(changes[at], change) if at in changes else change
    return [changes[at] for at in sorted(changes, reverse=True)]


def _together(one: TargetChange, other: TargetChange) -> TargetChange:
    """Two halves of one change."""
    reasons = dict.fromkeys(filter(None, (one.reason, other.reason)))
    return replace(one, rows=[*one.rows, *other.rows], reason="; ".join(reasons))


def _path_changes(kpi: Kpi, organization: Organization) -> dict[dt.datetime, TargetChange]:
    """By their instants the changes of how targets get from one to the next."""
    entries = AuditEntry.objects.filter(action="kpi.changed", subject_id=kpi.pk, changes__has_key="target_path")
    return {entry.at: _path_change(organization, entry) for entry in entries.select_related("member__user", "token")}


def _path_change(organization: Organization, entry: AuditEntry) -> TargetChange:
    before, after = (TargetPath(path).label.lower() for path in entry.changes["target_path"])
    return TargetChange(
        day=words.day(organization.today(entry.at)),
        who=_who(entry),
        rows=[("one target to the next", before, after)],
        reason=(entry.changes.get("reason") or [None, ""])[1],
    )


def row_words(kpi: Kpi, row: Target | None) -> str:
    """ "at least € 700 k, red flag € 500 k, by 31 December 2026, +20 % on Q2 2026 (€ 583 k)"."""
    if row is None:
        return "none"
    figures = Figures(kpi)
    parts = [figures.goal(row.target, row.low, row.high)]
    parts += [f"red flag {figures.short(row.floor)}"] if row.floor is not None else []
    parts += [f"by {words.day(row.due_on)}"] if row.due_on else []
    return ", ".join([*parts, *([row.basis] if row.basis else [])])


def _change(
    kpi: Kpi, organization: Organization, rows: Iterable[Target], at: dt.datetime, entry: AuditEntry | None
) -> TargetChange:
    gone = {row.effective_from: row for row in rows if row.replaced_at == at}
    added = {row.effective_from: row for row in rows if row.recorded_at == at}
    calendar, frequency = calendar_of(organization), Frequency(kpi.frequency)
    lines = [
        (
            words.in_sentence(words.period_label(calendar, frequency, date)),
            row_words(kpi, gone.get(date)),
            row_words(kpi, added.get(date)),
        )
        for date in sorted({*gone, *added})
    ]
    reasons = dict.fromkeys(row.reason for row in added.values() if row.reason)
    given = (entry.changes.get("reason") or [None, ""])[1] if entry else ""
    return TargetChange(
        day=words.day(organization.today(at)),
        who=_who(entry),
        rows=lines,
        reason="; ".join(dict.fromkeys([*reasons, *([given] if given else [])])),
    )


def _who(entry: AuditEntry | None) -> str:
    if entry is None or not (entry.member or entry.token):
        return "Ladder"
    return str(entry.member) if entry.member else f"token {entry.token}"


def _share(kpi: Kpi, value: float | None, target: float | None) -> float | None:
    if value is None or target is None or Direction(kpi.direction) is not Direction.INCREASE:
        return None
    share = float(attainments(value, target, True))
    return share if share == share else None


def _is_path_changed(kpi: Kpi) -> bool:
    return KpiVersion.objects.filter(kpi=kpi).exclude(definition__target_path=kpi.target_path).exists()


def _course_at(kpi: Kpi, rows: Iterable[Target], instant: dt.datetime, calendar: Calendar) -> Course:
    """The targets as they were known at an instant."""
    known = [
        row for row in rows if row.recorded_at <= instant and (row.replaced_at is None or row.replaced_at > instant)
    ]
    version = KpiVersion.objects.known_at(instant).filter(kpi=kpi).first()
    path = version.definition.get("target_path", kpi.target_path) if version else kpi.target_path
    return _course(kpi, known, path, calendar)


def _course(kpi: Kpi, rows: Iterable[Target], path: str, calendar: Calendar) -> Course:
    frequency = Frequency(kpi.frequency)
    goals = (
        (calendar.ordinal(frequency, row.effective_from), Goal(row.target, row.floor, row.low, row.high))
        for row in rows
    )
    return course(goals, direction=Direction(kpi.direction), is_linear=path == TargetPath.LINEAR)
