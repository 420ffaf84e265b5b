"""Check-ins in words, with what they said before they were corrected."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.safestring import SafeString

from okrs.models import CheckIn, CheckInRevision, KeyResult
from okrs.presenting.figures import Figures, mark
from okrs.presenting.words import confidence_words


@dataclass(frozen=True, slots=True)
class Former:
    """What a check-in said until somebody corrected it."""

    said: str
    at: dt.datetime
    by: str


@dataclass(frozen=True, slots=True)
class Said:
    """One check-in. ``number`` is that of its comment in the chart, 0 where it has none there."""

    id: UUID
    on: dt.date
    value: SafeString | str
    number_said: float | None
    confidence: str
    mark: SafeString
    comment: str
    by: str
    at: dt.datetime
    formers: Sequence[Former]
    number: int = 0


def check_ins_of(key_result: KeyResult, as_of: dt.datetime | None = None) -> list[CheckIn]:
    """All check-ins of a key result that stand, or stood at an instant, newest first, with their people."""
    rows = CheckIn.objects.of([key_result.pk]).select_related("member__user", "token")
    if as_of is None:
        return list(rows.newest_first())
    corrected = CheckInRevision.objects.standing_at(as_of).filter(key_result=key_result)
    stood = [_as_check_in(row) for row in corrected.select_related("member__user", "token")]
    return sorted([*rows.recorded_by(as_of), *stood], key=lambda one: one.on, reverse=True)


def said_of(check_ins: Sequence[CheckIn], key_result: KeyResult, *, with_formers: bool = True) -> list[Said]:
    """Check-ins in words, in the order given; their comments are numbered by age, for the chart."""
    formers = _formers(key_result) if with_formers else {}
    figures = Figures(key_result)
    commented = [one.pk for one in reversed(check_ins) if one.comment]
    numbers = {pk: number for number, pk in enumerate(commented, start=1)}
    return [
        Said(
            id=one.pk,
            on=one.on,
            value=figures.html(one.value) if one.value is not None else "",
            number_said=one.value,
            confidence=one.confidence,
            mark=mark(one.confidence),
            comment=one.comment,
            by=_by(one),
            at=one.recorded_at,
            formers=formers.get(one.on, ()),
            number=numbers.get(one.pk, 0),
        )
        for one in check_ins
    ]


def taken_back(check_ins: Sequence[CheckIn], key_result: KeyResult) -> list[tuple[dt.date, Former]]:
    """Check-ins that were removed altogether: the day they were about, and what they said last."""
    standing = {one.on for one in check_ins}
    return [(on, rows[0]) for on, rows in _formers(key_result).items() if on not in standing]


def _formers(key_result: KeyResult) -> dict[dt.date, list[Former]]:
    figures = Figures(key_result)
    rows = CheckInRevision.objects.filter(key_result=key_result).newest_first()
    found: dict[dt.date, list[Former]] = defaultdict(list)
    for row in rows.select_related("replaced_by__user", "member__user"):
        value = f"{figures.text(row.value)}, " if row.value is not None else ""
        comment = f": {row.comment}" if row.comment else ""
        by = str(row.replaced_by) if row.replaced_by else "A program"
        found[row.on].append(Former(f"{value}{confidence_words(row.confidence)}{comment}", row.replaced_at, by))
    return found


def _by(one: CheckIn) -> str:
    if one.member:
        return str(one.member)
    return f"The API token {one.token}" if one.token else "Ladder"


def _as_check_in(row: CheckInRevision) -> CheckIn:
    columns = ("id", "organization_id", "key_result_id", "on", "value", "confidence", "comment", "recorded_at")
    said = CheckIn(**{name: getattr(row, name) for name in columns})
    said.member, said.token = row.member, row.token
    return said
