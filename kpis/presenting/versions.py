"""How a definition changed, in words."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from accounts.models import Department, Member
from accounts.sentences import Change
from kpis.definition_history import Edition
from kpis.engine.units import Unit
from kpis.models import Kpi, KpiVersion
from kpis.models import choices as options
from kpis.units import unit_noun

LABELS: Final = {
    "key": "Key",
    "name": "Name",
    "description": "What counts",
    "kind": "Kind",
    "category": "Category",
    "level": "Level",
    "indicator": "Indicator",
    "unit": "Unit",
    "decimals": "Decimals",
    "direction": "Which way is better",
    "frequency": "How often it is judged",
    "aggregation": "Several values in a period",
    "source": "Where its values come from",
    "rollup": "Worked out as",
    "formula": "Formula",
    "carry_forward": "Further periods a value stays valid for",
    "due_after_days": "Days until it is due",
    "target_path": "From one target to the next",
    "pace_profile": "A running period is judged",
    "review_cadence": "Looked at together",
    "on_track_at": "On track from a score of",
    "at_risk_at": "At risk from a score of",
    "department_id": "Department",
    "owner_id": "Owner",
    "weight_by_id": "Weighted by",
}
CHOICES: Final = {
    "kind": options.Kind,
    "category": options.Category,
    "level": options.Level,
    "indicator": options.Indicator,
    "direction": options.Direction,
    "frequency": options.Frequency,
    "aggregation": options.Aggregation,
    "source": options.Source,
    "rollup": options.Rollup,
    "target_path": options.TargetPath,
    "pace_profile": options.PaceProfile,
    "review_cadence": options.ReviewCadence,
}
REFERENCES: Final = ("department_id", "owner_id", "weight_by_id")
NOTHING: Final = "nothing"


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version: who made it when, what they did in a word, and what changed."""

    at: dt.datetime
    actor: str
    verb: str
    changes: Sequence[Change]


def version_lines(editions: Sequence[Edition]) -> list[VersionLine]:
    """Editions of one KPI in words, in the order given: three queries."""
    names = _names(editions)
    return [
        VersionLine(one.version.recorded_at, _actor(one.version), _verb(one), list(_changes(one, names)))
        for one in editions
    ]


def _actor(version: KpiVersion) -> str:
    if version.member:
        return str(version.member)
    return f"The API token {version.token}" if version.token else "Ladder"


def _verb(edition: Edition) -> str:
    if edition.before is None:
        return "defined it"
    if "archived_at" in edition.changed:
        return "archived it" if edition.version.definition.get("archived_at") else "restored it"
    return "changed it"


def _changes(edition: Edition, names: Mapping[str, str]) -> Iterator[Change]:
    before, after = edition.before or {}, edition.version.definition
    for column in edition.changed:
        if column in LABELS:
            said = (_said(column, values.get(column), names) for values in (before, after))
            yield Change(LABELS[column], *said)


def _said(column: str, value: Any, names: Mapping[str, str]) -> str:
    if value in (None, ""):
        return NOTHING
    if column in REFERENCES:
        return names.get(str(value), "something that is gone")
    if column == "unit":
        return unit_noun(Unit.parse(value))
    choices = CHOICES.get(column)
    return str(dict(choices.choices).get(value, value)) if choices else str(value)


def _names(editions: Iterable[Edition]) -> dict[str, str]:
    """What the ids in these definitions are called now."""
    definitions = [found for one in editions for found in (one.before, one.version.definition) if found]
    departments, members, kpis = (_ids(definitions, column) for column in REFERENCES)
    known: list[Department | Member | Kpi] = [
        *Department.objects.filter(pk__in=departments),
        *Member.objects.filter(pk__in=members).select_related("user"),
        *Kpi.objects.filter(pk__in=kpis),
    ]
    return {str(row.pk): str(row) for row in known}


def _ids(definitions: Iterable[Mapping[str, Any]], column: str) -> set[UUID]:
    return {UUID(definition[column]) for definition in definitions if definition.get(column)}
