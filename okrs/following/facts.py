"""Everything that a key result's progress follows from, as plain values for the rules of ``okrs.progress``."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.utils.functional import cached_property

from kpis.engine.cadence import EARLY_DAYS, Cadence, Rhythm
from kpis.engine.comparison import is_at_least, is_at_most, is_equal
from okrs.check_in_periods import check_in_periods, share_due
from okrs.following.readings import NOTHING, Reading, span_of
from okrs.models import Cycle, KeyResult
from okrs.models.choices import KeyResultKind
from okrs.owing import Owing
from okrs.progress import Keep, Metric, Milestones, expected
from okrs.spans import Span

# Long enough after a cycle for the last of its due dates to be decided.
AFTERWARDS: Final = dt.timedelta(days=200)
RHYTHMS: Final[dict[str, Rhythm]] = {rhythm: rhythm for rhythm in EARLY_DAYS}


@dataclass(frozen=True)
class Record:
    """Where a key result stands from a day on."""

    on: dt.date
    current: float | None
    progress_raw: float


@dataclass(frozen=True, slots=True)
class Said:
    """The check-ins of a key result in columns, oldest first: on which days, with which value and confidence."""

    days: Sequence[dt.date] = ()
    values: Sequence[float | None] = ()
    confidences: Sequence[str] = ()

    @property
    def dated(self) -> list[tuple[dt.date, float | None]]:
        return list(zip(self.days, self.values, strict=True))


NOTHING_SAID: Final = Said()


@dataclass(frozen=True)
class Facts:
    """Of one key result: ``steps`` are its milestones' (weight, done on)."""

    key_result: KeyResult
    cycle: Cycle
    fiscal_year_start: int = 1
    steps: Sequence[tuple[float, dt.date | None]] = ()
    said: Said = NOTHING_SAID
    reading: Reading = NOTHING
    set_on: dt.date | None = None  # the organization's date on which it was set; None: before the cycle

    @cached_property
    def span(self) -> Span:
        return span_of(self.cycle)

    @cached_property
    def cadence(self) -> Cadence:
        own = self.key_result
        return cadence_of(own.cadence, own.cadence_day, self.cycle, self.fiscal_year_start)

    @cached_property
    def start(self) -> float | None:
        """Where a metric starts: as it says, else from its KPI's value before the cycle, else from the first in it."""
        if self.key_result.start is not None or self.key_result.kind != KeyResultKind.METRIC:
            return self.key_result.start
        if self.reading.start is not None:
            return self.reading.start
        return self.reading.values[0][1] if self.reading.values else None

    @cached_property
    def plain(self) -> Metric | Keep | Milestones | None:
        """The key result by the rules; None for a metric with no way to go: no start yet, or one at its target."""
        own = self.key_result
        if own.is_keep:
            return Keep(own.low, own.high, tuple(self._periods()))
        if own.kind == KeyResultKind.MILESTONES:
            return Milestones(tuple(self.steps), _plan(own))
        if self.start is None or own.target is None or bool(is_equal(self.start, own.target)):
            return None
        return Metric(self.start, own.target, checkpoints=_checkpoints(own, self.start), plan=_plan(own))

    def expected(self, on: dt.date) -> float:
        """The progress it should have on a date."""
        own = self.key_result
        if own.is_keep and not own.is_linked:
            return share_due(self.cadence, self.span, on)
        goes_by_days = not own.plan and not own.is_keep
        if goes_by_days or self.plain is None:
            return self.span.elapsed(on)
        return expected(self.plain, self.span, on)

    def records(self) -> list[Record]:
        """Its progress from each day on which that changed, oldest first."""
        found: list[Record] = []
        for record in self._changes():
            last = found[-1] if found else None
            if last is None or (last.current, last.progress_raw) != (record.current, record.progress_raw):
                found.append(record)
        return found

    @property
    def owing(self) -> Owing:
        """Which check-ins are owed on it."""
        return Owing(self.cadence, self.span, self.set_on, self.said.days)

    def _periods(self) -> Sequence[tuple[dt.date, float | None]]:
        if self.key_result.is_linked:
            return self.reading.periods
        return check_in_periods(self.cadence, self.span, self.said.dated, self.span.ends_on + AFTERWARDS)

    def _changes(self) -> Iterator[Record]:
        plain = self.plain
        match plain:
            case Keep():
                yield from self._held(plain)
            case Milestones():
                dates = sorted({on for _, on in plain.steps if on is not None})
                yield from (Record(on, plain.done(on), plain.progress_at(plain.done(on))) for on in dates)
            case _:
                values = self.reading.values if self.key_result.is_linked else self._said_values()
                yield from (Record(on, value, self._progress_at(plain, value)) for on, value in values)

    def _progress_at(self, metric: Metric | None, value: float) -> float:
        if metric:
            return metric.progress_at(value)
        target = self.key_result.target
        if target is None or self.start is None:
            return 0.0
        reached = is_at_most(value, target) if self.reading.is_falling else is_at_least(value, target)
        return float(bool(reached))

    def _said_values(self) -> list[tuple[dt.date, float]]:
        return [(on, value) for on, value in self.said.dated if value is not None]

    def _held(self, keep: Keep) -> Iterator[Record]:
        """A value is current from the day it was said, and counts from the day its period is due."""
        periods = sorted(keep.periods, key=lambda period: period[0])
        said = dict(self._said_values()) if not self.key_result.is_linked else {}
        said = said or {due_on: value for due_on, value in periods if value is not None and self.key_result.is_linked}
        current: float | None = None
        held, waiting = 0, list(reversed(periods))
        for on in sorted({*said, *(due_on for due_on, value in periods if keep.is_held(value))}):
            while waiting and waiting[-1][0] <= on:
                held += keep.is_held(waiting.pop()[1])
            current = said.get(on, current)
            yield Record(on, current, keep.share(held))


def cadence_of(rhythm: str, day: int, cycle: Cycle, fiscal_year_start: int) -> Cadence:
    """When a key result's check-ins are due; every two weeks counts from the week in which the cycle begins."""
    return _cadence(rhythm, day, cycle.starts_on, fiscal_year_start)


@lru_cache(maxsize=1_000)
def _cadence(name: str, day: int, anchor: dt.date, fiscal_year_start: int) -> Cadence:
    """One for the many key results that share it."""
    rhythm = RHYTHMS[name]
    if rhythm in ("weekly", "biweekly"):
        return Cadence(rhythm, weekday=day, anchor=anchor)
    return Cadence(rhythm, day=day, fiscal_year_start=fiscal_year_start)


def _checkpoints(key_result: KeyResult, start: float) -> tuple[tuple[float, float], ...]:
    """Those on the way from the start, which the KPI may have moved past some of them."""
    target = key_result.target or 0.0
    least, most = min(start, target), max(start, target)
    return tuple((value, progress) for value, progress in key_result.checkpoints if least < value < most)


def _plan(key_result: KeyResult) -> tuple[tuple[dt.date, float], ...]:
    return tuple((dt.date.fromisoformat(on), value) for on, value in key_result.plan)
