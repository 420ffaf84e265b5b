"""The charts of key results and objectives: where they went, against where they should be, and what both say."""

import datetime as dt
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from kpis.drawing.frame import either
from kpis.drawing.numbers import NOTHING, show_axis
from kpis.words import day as day_words
from okrs.drawing.course import Days, Expected, Point, course
from okrs.models import CheckIn
from okrs.models.choices import KeyResultKind
from okrs.presenting.figures import Figures, percent
from okrs.presenting.trends import expected_on
from okrs.presenting.words import confidence_words, pace_words
from okrs.progress import Metric
from okrs.reading import KeyResultView, ObjectiveView, RollUp
from okrs.series import days
from okrs.spans import DAY, Span

WIDE: Final = (900, 320)
NARROW: Final = (360, 240)
LONG: Final = 150  # days, from which on months are named without their first day
SHORT: Final = 45  # days, below which weeks are named
TABLE_ROWS: Final = 14
MOST_MARKS: Final = 26  # points that a line has room for, besides those somebody spoke of


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table behind a chart, each in words."""

    on: str
    value: str
    progress: str
    expected: str


class CourseChart(ABC):
    """What both charts have in common: their days, their two sizes, their words."""

    is_stepped = False

    def __init__(self, view: KeyResultView | ObjectiveView, today: dt.date) -> None:
        self.view, self.today = view, today
        self.span: Span = view.span

    @property
    @abstractmethod
    def name(self) -> str: ...

    @property
    @abstractmethod
    def points(self) -> list[Point]: ...

    @property
    @abstractmethod
    def expected(self) -> Expected: ...

    @property
    @abstractmethod
    def last(self) -> str: ...

    @abstractmethod
    def axis(self, ticks: Sequence[float]) -> Sequence[str]: ...

    @property
    @abstractmethod
    def table(self) -> list[Row]: ...

    @abstractmethod
    def rows(self) -> Iterator[dict[str, Any]]: ...

    @property
    def has_values(self) -> bool:
        return bool(self.points)

    @property
    def title(self) -> str:
        """What the chart says: "Reach 100 shops: 12 points behind its time of the cycle"."""
        if not self.has_values:
            return f"{self.name}: no value yet"
        said = pace_words(self.view.standing.progress, self.view.expected, self.view.status)
        return f"{self.name}: {said[0].lower()}{said[1:]}"

    @property
    def summary(self) -> str:
        """The chart for those who cannot see it; the table below it has every number."""
        dates = f"{day_words(self.span.starts_on)} to {day_words(self.span.ends_on)}"
        if not self.has_values:
            return f"{self.title}, {dates}."
        standing = self.view.standing
        return (
            f"{self.title}. {dates}; now at {self.last}, which is {percent(standing.progress)} of the way, "
            f"{percent(standing.expected)} expected by now."
        )

    @property
    def days(self) -> Days:
        today = self.view.on
        runs = self.span.starts_on <= today <= self.span.ends_on
        return Days(self.span.days, list(_marks(self.span)), self.place(today) if runs else None)

    def place(self, on: dt.date) -> int:
        """The number of a day in the cycle, from 0."""
        return (on - self.span.starts_on).days

    def drawn(self, size: tuple[int, int], kind: str = "") -> str:
        width, height = size
        return course(
            self.points,
            self.expected,
            self.days,
            format_axis=self.axis,
            last=self.last,
            label=self.summary,
            width=width,
            height=height,
            kind=kind,
            is_stepped=self.is_stepped,
            names=(self.expected_name, "Today" if self.view.on == self.today else "Then"),
        )

    @property
    def expected_name(self) -> str:
        return "Expected"

    @property
    def svg(self) -> SafeString:
        """For wide and for narrow screens, of which the style sheet shows one."""
        wide, narrow = self.drawn(WIDE, "trend-wide"), self.drawn(NARROW, "trend-narrow")
        return mark_safe(either(wide, narrow))  # noqa: S308 - the drawing escapes every text


class KeyResultChart(CourseChart):
    """A key result's values, or its progress where it is measured by milestones, with what was said about it."""

    view: KeyResultView

    def __init__(self, view: KeyResultView, check_ins: Sequence[CheckIn], today: dt.date) -> None:
        """``check_ins`` newest first."""
        super().__init__(view, today)
        self.key_result, self.figures = view.key_result, Figures(view.key_result)
        self.check_ins = [one for one in reversed(check_ins) if one.on <= view.day]
        self.is_stepped = self._is_milestones

    @property
    def name(self) -> str:
        return self.key_result.title

    @property
    def _is_milestones(self) -> bool:
        return self.key_result.kind == KeyResultKind.MILESTONES

    @property
    def last(self) -> str:
        if self._is_milestones:
            return percent(self.view.progress_raw)
        return self.figures.short(self.view.current)

    @property
    def expected_name(self) -> str:
        return "Kept" if self.key_result.is_keep else "Expected"

    def axis(self, ticks: Sequence[float]) -> Sequence[str]:
        return show_axis(ticks, "percent", 0) if self._is_milestones else self.figures.axis(ticks)

    @cached_property
    def points(self) -> list[Point]:
        """What was recorded, and what was said about it: a check-in stands where the line was on its day."""
        said = {one.on: one for one in self.check_ins}
        numbers = {one.pk: number for number, one in enumerate((one for one in self.check_ins if one.comment), start=1)}
        known = {record.on: self._number(record) for record in self.view.trend}
        dates = sorted({*known, *said})
        found: list[Point] = []
        latest: float | None = None
        for on in dates:
            latest = known[on] if known.get(on) is not None else latest
            if latest is None:
                continue
            one = said.get(on)
            title, number = self._title(on, latest, one), numbers.get(one.pk, 0) if one else 0
            is_marked = one is not None or len(known) <= MOST_MARKS
            confidence = one.confidence if one else ""
            found.append(Point(self.place(on), latest, title, confidence, number, is_marked=is_marked))
        return found

    def _number(self, record: Any) -> float | None:
        number: float | None = record.progress_raw if self._is_milestones else record.current
        return number

    def _title(self, on: dt.date, value: float, said: CheckIn | None) -> str:
        shown = percent(value) if self._is_milestones else self.figures.text(value)
        words = f" · {confidence_words(said.confidence)}" if said else ""
        comment = f" · {said.comment}" if said and said.comment else ""
        return f"{day_words(on)}: {shown}{words}{comment}"

    @cached_property
    def expected(self) -> Expected:
        own = self.key_result
        if own.is_keep:
            return Expected(low=own.low, high=own.high)
        plain = self.view.plain
        if plain is None:
            return Expected()
        line = []
        for place, date in enumerate(days(self.span, self.span.ends_on)):
            share = self.view.facts.expected(date)
            line.append((place, _value_at(plain, share) if isinstance(plain, Metric) else share))
        return Expected(_bends(line))

    @cached_property
    def table(self) -> list[Row]:
        """What was recorded, newest first."""
        records = list(reversed(self.view.trend))
        return [
            Row(
                day_words(record.on),
                "" if self._is_milestones else self.figures.text(record.current),
                percent(record.progress_raw),
                percent(self.view.facts.expected(record.on)),
            )
            for record in records
        ]

    def rows(self) -> Iterator[dict[str, Any]]:
        """The numbers behind the chart, oldest first, with what was said."""
        said = {one.on: one for one in self.check_ins}
        known = {record.on: record for record in self.view.trend}
        for on in sorted({*known, *said}):
            at = bisect_right([record.on for record in self.view.trend], on)
            record = self.view.trend[at - 1] if at else None
            one = said.get(on)
            yield {
                "date": on.isoformat(),
                "value": record.current if record else None,
                "progress": record.progress_raw if record else None,
                "expected": self.view.facts.expected(on),
                "confidence": one.confidence if one else "",
                "comment": one.comment if one else "",
            }


class ObjectiveChart(CourseChart):
    """An objective's progress over its cycle."""

    view: ObjectiveView
    is_stepped = True

    @property
    def name(self) -> str:
        return self.view.objective.title

    @property
    def last(self) -> str:
        return percent(self.view.progress)

    def axis(self, ticks: Sequence[float]) -> Sequence[str]:
        return show_axis(ticks, "percent", 0)

    @cached_property
    def _dates(self) -> list[dt.date]:
        """The days of the cycle so far."""
        return list(days(self.span, self.view.on))

    @cached_property
    def _progress(self) -> list[float | None]:
        return RollUp(self.view.beneath()).courses(self._dates)[self.view.id]

    @cached_property
    def points(self) -> list[Point]:
        """The days on which it changed, and the last one."""
        found: list[Point] = []
        for on, value in zip(self._dates, self._progress, strict=True):
            if value is not None and (not found or found[-1].value != value):
                found.append(Point(self.place(on), value, f"{day_words(on)}: {percent(value)}", is_marked=False))
        return [*found[:-1], replace(found[-1], is_marked=True)] if found else []

    @cached_property
    def expected(self) -> Expected:
        whole = [self.span.starts_on + number * DAY for number in range(0, self.span.days, self._step)]
        dates = [*whole, self.span.ends_on] if whole[-1] != self.span.ends_on else whole
        return Expected(_bends([(self.place(on), expected_on(self.view, on)) for on in dates]))

    @property
    def _step(self) -> int:
        """Days between two places of the line: a month's are drawn one by one, a year's by the week."""
        return max(1, self.span.days // 60)

    @cached_property
    def table(self) -> list[Row]:
        """Week by week, newest first."""
        chosen = list(zip(self._dates, self._progress, strict=True))[::-1]
        step = max(1, len(chosen) // TABLE_ROWS)
        return [
            Row(
                day_words(on), "", percent(value) if value is not None else NOTHING, percent(expected_on(self.view, on))
            )
            for on, value in chosen[::step]
        ]

    def rows(self) -> Iterator[dict[str, Any]]:
        for on, value in zip(self._dates, self._progress, strict=True):
            yield {"date": on.isoformat(), "progress": value, "expected": expected_on(self.view, on)}


def _value_at(metric: Metric, share: float) -> float:
    """The value that a progress means: the way back along ``Metric.progress_at``."""
    line = [(0.0, metric.start), *((progress, value) for value, progress in metric.checkpoints), (1.0, metric.target)]
    at = next((place for place, (progress, _) in enumerate(line[1:-1], start=1) if share <= progress), len(line) - 1)
    (before, low), (after, high) = line[at - 1], line[at]
    return low + (share - before) / (after - before) * (high - low)


def _bends(line: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """A line without the places at which it goes straight on."""
    kept: list[tuple[int, float]] = list(line[:1])
    for before, here, after in zip(line, line[1:], line[2:], strict=False):
        slope = (here[1] - before[1]) / (here[0] - before[0])
        following = (after[1] - here[1]) / (after[0] - here[0])
        if abs(slope - following) > 1e-9 * max(abs(slope), abs(following), 1e-9):
            kept.append(here)
    return [*kept, *line[1:][-1:]]


def _marks(span: Span) -> Iterator[tuple[int, str]]:
    """What is named under the axis: weeks, first days of months, or months."""
    for number in range(span.days):
        on = span.starts_on + number * DAY
        if span.days < SHORT:
            if on.weekday() == 0 or number == 0:
                yield number, f"{on.day} {on:%b}"
        elif on.day == 1 or number == 0:
            yield number, f"{on:%b}" if span.days > LONG else f"{on.day} {on:%b}"
