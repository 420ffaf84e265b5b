"""How definitions of objectives and key results changed, in words."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from accounts.models import Department, Member
from accounts.sentences import Change
from kpis.engine.units import Unit
from kpis.models import Kpi
from kpis.units import unit_noun
from okrs.models import KeyResult, KeyResultVersion, Objective, ObjectiveVersion
from okrs.models import choices as options
from okrs.presenting.figures import Figures, percent
from okrs.presenting.words import counted

LABELS: Final = {
    "title": "Title",
    "description": "Why it matters",
    "department_id": "Department",
    "owner_id": "Owner",
    "parent_id": "Supports",
    "parent_key_result_id": "Supports the key result",
    "progress_from": "Its progress comes from",
    "kind": "Kind",
    "kpi_id": "Moved by the KPI",
    "reads": "What it reads of the KPI",
    "unit": "Unit",
    "start": "Start",
    "target": "Target",
    "low": "At least",
    "high": "At most",
    "checkpoints": "Checkpoints",
    "plan": "Plan",
    "cadence": "Check-ins",
    "weight": "Weight",
    "milestones": "Milestones",
    "grade": "Grade",
}
NUMBERS: Final = ("start", "target", "low", "high")
LISTS: Final = {"checkpoints": "checkpoint", "plan": "date", "milestones": "milestone"}
NOTHING: Final = "nothing"


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version: who made it when, why if that was said, and what changed; the first one changed nothing."""

    at: dt.datetime
    actor: str
    verb: str
    reason: str
    changes: Sequence[Change]


def key_result_versions(key_result: KeyResult) -> list[VersionLine]:
    """Newest first, those that changed nothing a reader knows of left out."""
    rows = KeyResultVersion.objects.filter(key_result=key_result).newest_first()
    return _lines(list(rows.select_related("member__user", "token")), Figures(key_result), options.KeyResultKind)


def objective_versions(objective: Objective) -> list[VersionLine]:
    """Newest first, those that changed nothing a reader knows of left out."""
    rows = ObjectiveVersion.objects.filter(objective=objective).newest_first()
    return _lines(list(rows.select_related("member__user", "token")), None, options.ObjectiveKind)


def _lines(
    versions: Sequence[KeyResultVersion | ObjectiveVersion], figures: Figures | None, kinds: Any
) -> list[VersionLine]:
    names = _names([version.definition for version in versions])
    words = _Words(figures, {"kind": kinds, "progress_from": options.ProgressFrom, **_CHOICES}, names)
    lines = []
    for at, version in enumerate(versions):
        before = versions[at + 1].definition if at + 1 < len(versions) else None
        changes = list(words.changes(before, version.definition)) if before else []
        if changes or before is None:
            verb = "set it" if before is None else "changed it"
            lines.append(VersionLine(version.recorded_at, _actor(version), verb, version.reason, changes))
    return lines


_CHOICES: Final = {"reads": options.Reads, "cadence": options.Cadence}


class _Words:
    """Says what a column holds."""

    def __init__(self, figures: Figures | None, choices: Mapping[str, Any], names: Mapping[str, str]) -> None:
        self.figures, self.choices, self.names = figures, choices, names

    def changes(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
        for column, label in LABELS.items():
            if before.get(column) != after.get(column):
                yield Change(label, self._said(column, before.get(column)), self._said(column, after.get(column)))

    def _said(self, column: str, value: Any) -> str:
        if value in (None, "", []):
            return NOTHING
        if column.endswith("_id"):
            return self.names.get(str(value), "something that is gone")
        if column in LISTS:
            return self._listed(column, value)
        if column in NUMBERS and self.figures:
            return self.figures.text(value)
        if column == "unit":
            return unit_noun(Unit.parse(value))
        choices = self.choices.get(column)
        return str(dict(choices.choices).get(value, value)) if choices else str(value)

    def _listed(self, column: str, value: Sequence[Any]) -> str:
        """A few of them by name, many by their number."""
        if column == "milestones":
            return ", ".join(f"{one['title']}{' (done)' if one['done_on'] else ''}" for one in value)
        if len(value) > 3 or self.figures is None:
            return counted(len(value), LISTS[column])
        if column == "plan":
            return ", ".join(f"{self.figures.text(number)} by {on}" for on, number in value)
        return ", ".join(f"{self.figures.text(number)} is {percent(share)}" for number, share in value)


def _actor(version: KeyResultVersion | ObjectiveVersion) -> str:
    if version.member:
        return str(version.member)
    return f"The API token {version.token}" if version.token else "Ladder"


def _names(definitions: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What the ids in these definitions are called now."""
    wanted = {
        UUID(value)
        for definition in definitions
        for column, value in definition.items()
        if column in LABELS and column.endswith("_id") and value
    }
    rows: list[Any] = [
        *Department.objects.filter(pk__in=wanted),
        *Member.objects.filter(pk__in=wanted).select_related("user"),
        *Kpi.objects.filter(pk__in=wanted),
        *Objective.ever.filter(pk__in=wanted),
        *KeyResult.ever.filter(pk__in=wanted),
    ]
    return {str(row.pk): str(row) for row in rows}
