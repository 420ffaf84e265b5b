"""Audit entries in words."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.models import AuditEntry

# What an action is in words, where ``<participle> the <noun>`` does not say it well.
_VERBS = {
    "organization.created": "founded the organization",
    "organization.updated": "changed the settings of",
    "department.lead_changed": "changed who leads the department",
    "department.created": "added the department",
    "member.invited": "invited",
    "member.expected": "took in, without a letter so far,",
    "member.joined": "joined as",
    "member.left": "left, as",
    "member.removed": "removed the member",
    "member.role_changed": "changed the role of",
    "member.department_changed": "changed the department of",
    "invitation.resent": "sent a new invitation to",
    "action.created": "added the action",
    "kpi.reviewed": "reviewed the KPI",
    "kpi.annotated": "noted what happened to the KPI",
    "kpi.annotation_changed": "changed a note on the KPI",
    "kpi.annotation_removed": "removed a note from the KPI",
    "kpi.benchmarks_set": "changed the benchmarks of the KPI",
    "kpi.influences_set": "changed which KPIs should follow the KPI",
    "token.created": "made the API token",
    "token.revoked": "revoked the API token",
}
_NOUNS = {"kpi": "KPI", "token": "API token"}


@dataclass(frozen=True)
class Change:
    """What became of one field; ``before`` is empty if there was nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One entry of the log: who did what to whom, when, and what changed."""

    at: dt.datetime
    actor: str
    verb: str
    subject: str
    changes: list[Change]


def told(entry: AuditEntry) -> Line:
    """An entry in words; it reads as ``actor verb subject``."""
    return Line(entry.at, _actor(entry), _verb(entry.action), entry.subject, list(_changes(entry.changes)))


def _actor(entry: AuditEntry) -> str:
    if entry.member:
        return str(entry.member)
    return f"The API token {entry.token}" if entry.token else "Ladder"


def _verb(action: str) -> str:
    noun, _, participle = action.partition(".")
    return _VERBS.get(action) or f"{participle.replace('_', ' ')} the {noun_of(noun)}"


def noun_of(kind: str) -> str:
    """The word for a kind of subject, such as ``key result`` for ``key_result``."""
    return _NOUNS.get(kind, kind.replace("_", " "))


def _changes(changes: dict[str, Any]) -> Iterator[Change]:
    for field, pair in changes.items():
        if isinstance(pair, list) and len(pair) == 2 and pair[0] != pair[1]:
            yield Change(field.removesuffix("_at").replace("_", " "), _shown(pair[0]), _shown(pair[1]) or "none")


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
