"""Audit entries in words."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.models import AuditEntry

# What somebody did, after their name; the subject stands at ``{}``. Every action that is recorded is among them.
SENTENCES: Final = {
    "organization.created": "founded {}",
    "organization.updated": "changed the settings of {}",
    "department.created": "added the department {}",
    "department.renamed": "renamed a department, which is now called {}",
    "department.moved": "moved the department {} to another place in the tree",
    "department.reordered": "changed the place of the department {} among its neighbours",
    "department.lead_changed": "changed who leads the department {}",
    "department.archived": "archived the department {}",
    "department.restored": "restored the department {}",
    "member.invited": "invited {}",
    "member.expected": "added {}, whose invitation goes out later",
    "member.joined": "joined",
    "member.left": "left",
    "member.removed": "removed the member {}",
    "member.role_changed": "changed the role of {}",
    "member.department_changed": "changed the department of {}",
    "invitation.sent": "sent an invitation to {}",
    "invitation.resent": "sent a new invitation to {}",
    "token.created": "made the API token {}",
    "token.revoked": "revoked the API token {}",
    "kpi.created": "added the KPI {}",
    "kpi.changed": "changed the KPI {}",
    "kpi.parents_set": "changed what the KPI {} ladders up to",
    "kpi.targets_set": "changed the targets of the KPI {}",
    "kpi.reordered": "put KPIs into another order, which begins with {}",
    "kpi.archived": "archived the KPI {}",
    "kpi.restored": "restored the KPI {}",
    "kpi.purged": "removed the KPI {} for good",
    "kpi.reviewed": "reviewed the KPI {}",
    "kpi.annotated": "noted what happened to the KPI {}",
    "kpi.annotation_changed": "changed a note on the KPI {}",
    "kpi.annotation_removed": "removed a note from the KPI {}",
    "kpi.benchmarks_set": "changed the benchmarks of the KPI {}",
    "kpi.influences_set": "changed which KPIs should follow the KPI {}",
    "cycle.created": "added the cycle {}",
    "cycle.changed": "changed the cycle {}",
    "cycle.activated": "began the cycle {}",
    "cycle.cloned": "set up the cycle {} like an earlier one",
    "cycle.closed": "closed the cycle {}",
    "cycle.removed": "removed the cycle {}",
    "cycle.rhythms_set": "changed which cycles are made ahead in {}",
    "objective.created": "added the objective {}",
    "objective.changed": "changed the objective {}",
    "objective.aligned": "changed what the objective {} is aligned to",
    "objective.reordered": "put objectives into another order, which begins with {}",
    "objective.carried_over": "carried the objective {} over into another cycle",
    "objective.removed": "removed the objective {}",
    "key_result.created": "added the key result {}",
    "key_result.changed": "changed the key result {}",
    "key_result.milestones_set": "changed the milestones of the key result {}",
    "key_result.reordered": "put the key results of {} into another order",
    "key_result.graded": "graded the key result {}",
    "key_result.carried_over": "carried the key result {} over into another cycle",
    "key_result.removed": "removed the key result {}",
    "check_in.recorded": "checked in on {}",
    "check_in.corrected": "corrected a check-in on {}",
    "check_in.removed": "took back a check-in on {}",
    "initiative.created": "added the initiative {}",
    "initiative.changed": "changed the initiative {}",
    "initiative.removed": "removed the initiative {}",
    "action.created": "added the action {}",
    "action.changed": "changed the action {}",
}
_NOUNS: Final = {"kpi": "KPI", "token": "API token", "check_in": "check-in"}
# Fields whose names in the database are no words for people.
_FIELDS: Final = {
    "parents": "ladders up to",
    "parent": "part of",
    "parent_key_result": "aligned to the key result",
    "lead": "led by",
    "successor": "handed over to",
    "weight_by": "weighted by",
    "on_track_at": "on track from",
    "at_risk_at": "at risk from",
    "grace_days": "days of grace",
}


@dataclass(frozen=True)
class Change:
    """What became of one field; ``before`` is empty if there was nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One entry of the log: who did what to whom, when, and what changed. ``before`` and ``after`` are the words around
    the subject, which is empty where the sentence names nobody but the actor.
    """

    at: dt.datetime
    actor: str
    before: str
    subject: str
    after: str
    changes: list[Change]

    def __str__(self) -> str:
        return f"{self.actor} {self.before} {self.subject}".rstrip() + self.after


def told(entry: AuditEntry) -> Line:
    """An entry in words; it reads as ``actor before subject after``."""
    before, place, after = _sentence(entry).partition("{}")
    subject = entry.subject if place else ""
    return Line(entry.at, _actor(entry), before.strip(), subject, after, list(_changes(entry.changes)))


def _actor(entry: AuditEntry) -> str:
    if entry.member:
        return str(entry.member)
    return f"The API token {entry.token}" if entry.token else "Ladder"


def _sentence(entry: AuditEntry) -> str:
    """Entries outlive the code that wrote them, so an action without a sentence of its own is spelt out."""
    noun, _, participle = entry.action.partition(".")
    return SENTENCES.get(entry.action) or f"{participle.replace('_', ' ')} the {noun_of(noun)} {{}}"


def noun_of(kind: str) -> str:
    """The word for a kind of subject, such as ``key result`` for ``key_result``."""
    return _NOUNS.get(kind, kind.replace("_", " "))


def _changes(changes: dict[str, Any]) -> Iterator[Change]:
    for field, pair in changes.items():
        if isinstance(pair, list) and len(pair) == 2 and pair[0] != pair[1]:
            name = _FIELDS.get(field) or field.replace("_", " ")
            yield Change(name, _shown(pair[0]), _shown(pair[1]) or "none")


def _shown(value: Any) -> str:
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value)
    if isinstance(value, str) and len(value) >= 19 and (instant := _instant(value)):
        return date_format(localtime(instant), "j F Y, H:i")
    return str(value)


def _instant(text: str) -> dt.datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
