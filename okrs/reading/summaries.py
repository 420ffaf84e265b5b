"""Key results at a glance: what is asked of every one of a cycle arrives as one short row each.

A list of objectives needs to know of thousands of key results how far they are, how far they should be and whether
somebody owes a word about them, and shows a few. The rest is read of those about which more is asked.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.functional import cached_property

from accounts.models import Organization
from kpis.engine.cadence import Cadence
from kpis.staging import array_of
from okrs.check_in_periods import share_due
from okrs.following.facts import cadence_of
from okrs.following.readings import span_of
from okrs.models import Cycle, Objective
from okrs.models.choices import KEEP_KINDS
from okrs.owing import Owing
from okrs.progress import Confidence
from okrs.reading.courses import Course, courses
from okrs.reading.details import Details
from okrs.reading.history import NOTHING_YET, History
from okrs.reading.rows import key_results_of, refer_to_owners, stored_details, stored_histories
from okrs.reading.views import STATED, KeyResultView, judged_on
from okrs.spans import Span


class Summary(NamedTuple):
    """One key result on a day. ``current`` and ``progress_raw`` are the latest by then, as is what was stated;
    ``set_at`` is when it was set, in seconds since 1970."""

    id: UUID
    objective_id: UUID
    title: str
    owner_id: UUID | None
    weight: float
    is_linked: bool
    expected_by: str  # "days" of its cycle, "dues" of its check-ins, or else more than a summary tells
    cadence: str
    cadence_day: int
    set_at: float
    current: float | None
    progress_raw: float
    said_on: dt.date | None
    confidence: str | None

    @property
    def is_enough(self) -> bool:
        """Whether it tells what is expected."""
        return self.expected_by in ("days", "dues")


class Frame:
    """What the key results of one cycle share on a day."""

    def __init__(self, organization: Organization, cycle: Cycle, day: dt.date) -> None:
        self.organization, self.cycle, self.day = organization, cycle, day
        self.span = span_of(cycle)
        self.on = judged_on(cycle, day)
        self.elapsed = self.span.elapsed(self.on)
        self._due: dict[Cadence, float] = {}
        self._owed_since: dict[tuple[Any, ...], dt.date | None] = {}
        self._begins_at = organization.midnight(cycle.starts_on).timestamp()

    def cadence(self, row: Summary) -> Cadence:
        return cadence_of(row.cadence, row.cadence_day, self.cycle, self.organization.fiscal_year_start)

    def owing(self, row: Summary) -> Owing:
        return Owing(self.cadence(row), self.span, self._set_on(row.set_at), [row.said_on] if row.said_on else [])

    def owed_since(self, row: Summary) -> dt.date | None:
        """Since when a check-in is owed; worked out once for all that were spoken of last on the same day."""
        told = row.cadence, row.cadence_day, self._set_on(row.set_at), row.said_on
        if told not in self._owed_since:
            self._owed_since[told] = self.owing(row).since(self.day)
        return self._owed_since[told]

    def share_due(self, cadence: Cadence) -> float:
        """The share of the check-ins at a cadence that are due by the day; counted once for all that share it."""
        if cadence not in self._due:
            self._due[cadence] = share_due(cadence, self.span, self.on)
        return self._due[cadence]

    def _set_on(self, at: float) -> dt.date | None:
        """The organization's date on which a key result was set; None: before the cycle, as most are."""
        return self.organization.today(dt.datetime.fromtimestamp(at, dt.UTC)) if at >= self._begins_at else None


class Unread:
    """Key results of which only summaries were read. The rest is read of many at once when it is asked of one."""

    def __init__(
        self, organization: Organization, day: dt.date, objectives: Mapping[UUID, Objective], rows: list[Summary]
    ) -> None:
        self.organization, self.day, self._objectives, self._rows = organization, day, objectives, rows
        self._read: dict[UUID, Details] = {}
        self._courses: dict[tuple[dt.date, ...], Mapping[UUID, Course]] = {}

    def details(self, row: Summary) -> Details:
        if row.id not in self._read:
            self._read_like(row)
        return self._read[row.id]

    @cached_property
    def histories(self) -> Mapping[UUID, History]:
        return stored_histories([row.id for row in self._rows])

    def courses(self, days: Sequence[dt.date]) -> Mapping[UUID, Course]:
        """Where they all stood on these days."""
        asked = tuple(days)
        if asked not in self._courses:
            self._courses[asked] = courses(self.organization, self._objectives, days) if days else {}
        return self._courses[asked]

    def _read_like(self, row: Summary) -> None:
        """All whose summary does not tell what is expected, which an overview needs to know; or all others, of which it
        shows some."""
        ids = [one.id for one in self._rows if one.is_enough == row.is_enough and one.id not in self._read]
        own = key_results_of(self._objectives, ids)
        refer_to_owners(self.organization, own)
        self._read |= {one.facts.key_result.pk: one for one in stored_details(self.organization, own, self.day)}


@dataclass(frozen=True, eq=False)
class SummarizedKeyResult(KeyResultView):
    """One of which a summary was read, and the rest is when somebody asks."""

    frame: Frame
    summary: Summary
    unread: Unread

    @cached_property
    def details(self) -> Details:
        return self.unread.details(self.summary)

    @cached_property
    def history(self) -> History:
        return self.unread.histories.get(self.id, NOTHING_YET)

    def progress_on(self, days: Sequence[dt.date]) -> Course:
        return self.unread.courses(days).get(self.id) or [None] * len(days)

    @property
    def id(self) -> UUID:
        return self.summary.id

    @property
    def objective_id(self) -> UUID:
        return self.summary.objective_id

    @property
    def title(self) -> str:
        return self.summary.title

    @property
    def owner_id(self) -> UUID | None:
        return self.summary.owner_id

    @property
    def weight(self) -> float:
        return self.summary.weight

    @property
    def is_linked(self) -> bool:
        return self.summary.is_linked

    @property
    def cycle(self) -> Cycle:
        return self.frame.cycle

    @property
    def span(self) -> Span:
        return self.frame.span

    @property
    def on(self) -> dt.date:
        return self.frame.on

    @property
    def current(self) -> float | None:
        return self.summary.current

    @property
    def progress_raw(self) -> float:
        return self.summary.progress_raw

    @cached_property
    def expected(self) -> float:
        match self.summary.expected_by:
            case "days":
                return self.frame.elapsed
            case "dues":
                return self.frame.share_due(self.frame.cadence(self.summary))
        return self.facts.expected(self.on)

    @property
    def confidence(self) -> Confidence | None:
        return STATED[self.summary.confidence] if self.summary.confidence else None

    @property
    def owing(self) -> Owing:
        return self.facts.owing if self._goes_further_back else self.frame.owing(self.summary)

    @cached_property
    def owed_since(self) -> dt.date | None:
        if not self.is_owed or self._goes_further_back:
            return super().owed_since
        return self.frame.owed_since(self.summary)

    @property
    def _goes_further_back(self) -> bool:
        """Whether something was said after the cycle's end, so that another check-in counts within it."""
        return self.summary.said_on is not None and self.summary.said_on > self.span.ends_on


def summarized(
    organization: Organization, objectives: Mapping[UUID, Objective], day: dt.date
) -> list[SummarizedKeyResult]:
    """The key results of these objectives, which come with their cycles, in order."""
    rows = list(_summaries(organization, objectives, day))
    unread = Unread(organization, day, objectives, rows)
    cycles = {row.cycle_id: row.cycle for row in objectives.values()}
    frames = {id: Frame(organization, cycle, day) for id, cycle in cycles.items()}
    frame_of = {id: frames[row.cycle_id] for id, row in objectives.items()}
    return [SummarizedKeyResult(day, frame_of[row.objective_id], row, unread) for row in rows]


def _summaries(organization: Organization, objectives: Iterable[UUID], day: dt.date) -> Iterable[Summary]:
    asked: dict[str, Any] = {"organization": organization.pk, "objectives": array_of(objectives), "day": day}
    with connection.cursor() as cursor:
        cursor.execute(_SUMMARIES, asked | {"keeps": array_of(KEEP_KINDS)})
        return map(Summary._make, cursor.fetchall())


# Of each the last row by its index, however long its history is.
_SUMMARIES: Final = """
SELECT result.id, result.objective_id, result.title, result.owner_id, result.weight, result.kpi_id IS NOT NULL,
    CASE
        WHEN result.kind = ANY(%(keeps)s::text[]) THEN CASE WHEN result.kpi_id IS NULL THEN 'dues' ELSE 'periods' END
        WHEN result.plan = '[]' THEN 'days' ELSE 'plan'
    END,
    result.cadence, result.cadence_day, extract(epoch FROM result.created_at)::float8,
    stood.current, coalesce(stood.progress_raw, 0), said."on", said.confidence
FROM okrs_keyresult result
LEFT JOIN LATERAL (
    SELECT current, progress_raw FROM okrs_progressrecord
    WHERE organization_id = %(organization)s AND key_result_id = result.id AND "on" <= %(day)s
    ORDER BY "on" DESC LIMIT 1
) stood ON true
LEFT JOIN LATERAL (
    SELECT "on", confidence FROM okrs_checkin
    WHERE organization_id = %(organization)s AND key_result_id = result.id AND "on" <= %(day)s
    ORDER BY "on" DESC LIMIT 1
) said ON true
WHERE result.organization_id = %(organization)s AND result.objective_id = ANY(%(objectives)s::uuid[])
    AND result.removed_at IS NULL
ORDER BY result.position, result.id
"""
