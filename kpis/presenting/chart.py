"""The chart of a KPI: its course, what is laid over it, and what both say in sentences."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from kpis import words
from kpis.behaving import Behaving, Judged, behaving
from kpis.drawing import trend as trends
from kpis.drawing.frame import either
from kpis.drawing.layers import Cone, Flag, Layers, LimitLines, Yardstick
from kpis.drawing.trend import TrendPoint
from kpis.engine.periods import Frequency
from kpis.histories import History, history_of
from kpis.models import Annotation, Benchmark, Score, Standing, Target
from kpis.models.choices import TargetPath
from kpis.outlook import AHEAD, Ahead, Outlook, due_ahead, goals_ahead, outlook_of
from kpis.presenting import outlook_words, signal_words
from kpis.presenting.asked import LAYERS
from kpis.presenting.figures import Figures
from kpis.series import Point
from kpis.standpoint import Standpoint

# How many periods the trend shows: about as far back as one remembers.
PERIODS: Final = {
    Frequency.DAILY: 60,
    Frequency.WEEKLY: 26,
    Frequency.MONTHLY: 24,
    Frequency.QUARTERLY: 12,
    Frequency.YEARLY: 10,
}
# More notes than flags have room for are told in the list only.
MOST_FLAGS: Final = 24
MOST_YARDSTICKS: Final = 3
WIDE: Final = (900, 320)
NARROW: Final = (360, 240)


@dataclass(frozen=True, slots=True)
class Note:
    """A flag of the chart, in words."""

    number: int
    date: str
    text: str
    is_change: bool


class Chart:
    """The course of one KPI with the layers that were asked for. Each is computed when it is first needed, once."""

    def __init__(
        self,
        standpoint: Standpoint,
        standing: Standing,
        history: Sequence[Score],
        show: Sequence[str],
        targets: Sequence[Target],
    ) -> None:
        """``history`` are scores, newest first, as many as forecasts look at."""
        self.standpoint, self.standing, self.show = standpoint, standing, show
        self.history_scores, self.targets = history, targets
        self.kpi, self.figures = standpoint.kpi, Figures(standpoint.kpi)
        self.calendar, self.frequency = standpoint.calendar, standpoint.frequency

    @property
    def scores(self) -> Sequence[Score]:
        """Those of the periods that are drawn, newest first."""
        return self.history_scores[: PERIODS[self.frequency]]

    @property
    def has_values(self) -> bool:
        return any(score.value is not None for score in self.scores)

    @property
    def title(self) -> str:
        since = self.standing.status_since
        said = words.in_sentence(self._label(since)) if since else ""
        return words.trend_words(self.kpi.name, self.standing.status, said, self.kpi.direction)

    @property
    def switches(self) -> list[tuple[str, str, bool]]:
        """(name, label, whether it is on) of each layer."""
        return [(name, label, name in self.show) for name, label in LAYERS.items()]

    # What is computed

    @cached_property
    def history(self) -> History:
        return history_of(self.history_scores, self.calendar, self.frequency, today=self.standpoint.running)

    @cached_property
    def outlook(self) -> Outlook:
        due = self.due_ordinal or 0
        periods = max(AHEAD[self.frequency], due - self.history.last)
        return outlook_of(self.history, self.kpi.unit, periods=periods)

    @cached_property
    def behaving(self) -> Behaving:
        changes = [note.on for note in self._annotations if note.is_process_change]
        return behaving(self.history, changes, is_seasonal=bool(self.outlook.forecast.is_seasonal))

    @cached_property
    def judged(self) -> list[Judged]:
        return list(self.behaving.points())

    @cached_property
    def due_ordinal(self) -> int | None:
        """The period by which the target in force is to be reached, if that lies ahead."""
        return due_ahead(self.targets, self.history)

    @cached_property
    def ahead(self) -> list[Ahead]:
        """The periods whose forecast is shown; none unless it was asked for and is offered."""
        if "forecast" not in self.show or not self.outlook.is_offered:
            return []
        return list(self.outlook.ahead(AHEAD[self.frequency]))

    @cached_property
    def goals(self) -> Mapping[int, Point]:
        """Targets of the periods ahead, by ordinal, up to the one that is due."""
        if not self.ahead:
            return {}
        return goals_ahead(self.standpoint, self.history, max(self.ahead[-1].ordinal, self.due_ordinal or 0))

    @cached_property
    def _annotations(self) -> list[Annotation]:
        rows = Annotation.objects.filter(kpi_id=self.kpi.pk)
        if self.standpoint.as_of:
            rows = rows.filter(created_at__lte=self.standpoint.as_of)
        return list(rows.order_by("on", "created_at", "id"))

    @cached_property
    def benchmarks(self) -> list[Benchmark]:
        if "benchmarks" not in self.show:
            return []
        rows = Benchmark.objects.filter(kpi_id=self.kpi.pk)
        if self.standpoint.as_of:
            rows = rows.filter(created_at__lte=self.standpoint.as_of)
        return list(rows.latest_first()[:MOST_YARDSTICKS])

    # What is drawn

    @cached_property
    def ordinals(self) -> list[int]:
        """The periods of the chart, oldest first: those that were, the one that runs, those ahead."""
        drawn = [self.calendar.ordinal(self.frequency, score.period) for score in reversed(self.scores)]
        return sorted({*drawn, *(one.ordinal for one in self.ahead)})

    @cached_property
    def points(self) -> list[TrendPoint]:
        scores = {self.calendar.ordinal(self.frequency, score.period): score for score in self.scores}
        return [self._point(ordinal, scores.get(ordinal)) for ordinal in self.ordinals]

    def _point(self, ordinal: int, score: Score | None) -> TrendPoint:
        first = self.calendar.first_date(self.frequency, ordinal)
        name = words.short_label(self.calendar, self.frequency, first)
        if score is None:
            goal = self.goals.get(ordinal, {})
            target, floor, low, high = (goal.get(bound) for bound in ("target", "floor", "low", "high"))
            return TrendPoint(name, None, target, floor, low, high, complete=False)
        return TrendPoint(
            period=name,
            value=score.value,
            target=score.target,
            floor=score.floor,
            low=score.low,
            high=score.high,
            status=score.status or "",
            complete=score.complete,
        )

    @property
    def is_linear(self) -> bool:
        return self.kpi.target_path == TargetPath.LINEAR

    def drawn(self, size: tuple[int, int], kind: str = "", *, is_short: bool = False) -> str:
        """The chart as SVG of a size; with ``is_short`` values are abbreviated."""
        write = self.figures.short if is_short else self.figures.text
        width, height = size
        return trends.trend(
            self.points,
            format_value=write,
            format_axis=self.figures.axis,
            label=self.summary,
            width=width,
            height=height,
            kind=kind,
            layers=self.layers,
            is_linear=self.is_linear,
        )

    @property
    def svg(self) -> SafeString:
        """For wide and for narrow screens, of which the style sheet shows one."""
        wide, narrow = self.drawn(WIDE, "trend-wide"), self.drawn(NARROW, "trend-narrow", is_short=True)
        return mark_safe(either(wide, narrow))  # noqa: S308 - the drawing escapes every text

    @cached_property
    def layers(self) -> Layers:
        sticks = [self._yardstick(row) for row in self.benchmarks]
        flags = [
            Flag(at, number, f"{words.day(note.on)}: {note.text}", note.is_process_change)
            for at, number, note in self._flagged
        ]
        return Layers(self._cone(), self._limit_lines(), flags, sticks)

    def _cone(self) -> Cone | None:
        if not self.ahead:
            return None
        by_ordinal = {one.ordinal: one for one in self.ahead}
        mean, low, high = (self._line(by_ordinal, name) for name in ("mean", "low", "high"))
        return Cone(mean, low, high)

    def _line(self, by_ordinal: Mapping[int, Any], name: str) -> list[float | None]:
        """One number of each period of the chart."""
        return [getattr(by_ordinal[ordinal], name) if ordinal in by_ordinal else None for ordinal in self.ordinals]

    def _limit_lines(self) -> LimitLines | None:
        if "limits" not in self.show or not self.behaving.has_limits:
            return None
        by_ordinal = {one.ordinal: one for one in self.judged}
        centre, lower, upper = (self._line(by_ordinal, name) for name in ("centre", "lower", "upper"))
        signals = {
            at: signal_words.point_words(self._label(by_ordinal[ordinal].period), by_ordinal[ordinal].signals)
            for at, ordinal in enumerate(self.ordinals)
            if ordinal in by_ordinal and by_ordinal[ordinal].signals
        }
        return LimitLines(centre, lower, upper, signals)

    @cached_property
    def _flagged(self) -> list[tuple[int, int, Annotation]]:
        """(index of its period, number, note) of the notes that have a place in the chart."""
        if "notes" not in self.show:
            return []
        places = {ordinal: at for at, ordinal in enumerate(self.ordinals)}
        found = [(places.get(self.calendar.ordinal(self.frequency, note.on)), note) for note in self._annotations]
        placed = [(at, note) for at, note in found if at is not None][-MOST_FLAGS:]
        return [(at, number, note) for number, (at, note) in enumerate(placed, start=1)]

    def _yardstick(self, row: Benchmark) -> Yardstick:
        is_dated = row.is_dated(self.standpoint.today)
        return Yardstick(
            f"{row.industry[:14]} {row.year}", row.median, row.lower_quartile, row.upper_quartile, is_dated
        )

    # What is said

    @property
    def notes(self) -> list[Note]:
        """The flags, in words."""
        return [
            Note(number, words.day(note.on), note.text, note.is_process_change) for _, number, note in self._flagged
        ]

    @property
    def forecast_sentences(self) -> list[str]:
        """What the forecast says, how far off it used to be, and the chance of the target; or why there is none."""
        if "forecast" not in self.show:
            return []
        if not self.outlook.is_offered:
            return [outlook_words.refused_words(self.outlook, self.figures.text)]
        said = [
            outlook_words.next_words(self.ahead[0], self._label(self.ahead[0].period), self.figures.short),
            outlook_words.backtest_words(self.outlook, self.frequency, self.figures.short),
        ]
        return [*said, *([chance] if (chance := self._chance()) else [])]

    def _chance(self) -> str:
        due = self.due_ordinal
        with_goal = [
            ordinal for ordinal, goal in self.goals.items() if goal["target"] is not None or goal["low"] is not None
        ]
        ordinal = due if due in with_goal else min(with_goal, default=None)
        if ordinal is None:
            return ""
        goal = self.goals[ordinal]
        chance = self.outlook.chance(ordinal, self.kpi.direction, goal)
        label = self._label(self.calendar.first_date(self.frequency, ordinal))
        said = self.figures.goal(goal["target"], goal["low"], goal["high"])
        return outlook_words.chance_words(chance, said, label) if chance is not None else ""

    @property
    def limit_sentences(self) -> list[str]:
        """What the process limits say."""
        if "limits" not in self.show:
            return []
        drawn = {*self.ordinals}
        points = [one for one in self.judged if one.ordinal in drawn]
        return list(signal_words.sentences(self.behaving, points, self._label, self.figures.short, self.frequency))

    @property
    def benchmark_sentences(self) -> list[str]:
        """Where benchmarks come from, and which are too old to be relied on."""
        return [self._benchmark_words(row) for row in self.benchmarks]

    def _benchmark_words(self, row: Benchmark) -> str:
        where = f"{row.industry}, {row.region}" if row.region else row.industry
        said = f"{where} {row.year}: {self.figures.short(row.median)} in the middle"
        if row.lower_quartile is not None and row.upper_quartile is not None:
            said += (
                f", half between {self.figures.short(row.lower_quartile)} and {self.figures.short(row.upper_quartile)}"
            )
        age = " It is more than two years old." if row.is_dated(self.standpoint.today) else ""
        return f"{said} ({row.source}).{age}"

    @property
    def sentences(self) -> list[str]:
        return [*self.forecast_sentences, *self.limit_sentences, *self.benchmark_sentences]

    @cached_property
    def summary(self) -> str:
        """The chart for those who cannot see it; the table below it has every number."""
        with_value = [score for score in reversed(self.scores) if score.value is not None]
        if not with_value:
            return f"{self.title}."
        first, last = with_value[0], with_value[-1]
        values = [score.value for score in with_value if score.value is not None]
        return (
            f"{self.title}. {len(with_value)} {words.PERIOD[self.frequency]}s from {self._label(first.period)} "
            f"({self.figures.short(first.value)}) to {self._label(last.period)} ({self.figures.short(last.value)}), "
            f"the lowest {self.figures.short(min(values))}, the highest {self.figures.short(max(values))}."
        )

    def _label(self, date: dt.date) -> str:
        return words.period_label(self.calendar, self.frequency, date)

    def rows(self) -> Iterator[dict[str, Any]]:
        """The numbers behind the chart, oldest first, with those of its layers."""
        judged = {one.ordinal: one for one in self.judged} if "limits" in self.show else {}
        ahead = {one.ordinal: one for one in self.ahead}
        scores = {self.calendar.ordinal(self.frequency, score.period): score for score in self.history_scores}
        for ordinal in sorted({*scores, *ahead}):
            yield {
                "period": self.calendar.first_date(self.frequency, ordinal).isoformat(),
                **self._stored(ordinal, scores.get(ordinal)),
                **_of(ahead.get(ordinal), {"forecast": "mean", "forecast_low": "low", "forecast_high": "high"}),
                **_of(judged.get(ordinal), {"centre": "centre", "lower_limit": "lower", "upper_limit": "upper"}),
                "signals": " ".join(signal.rule.value for signal in judged[ordinal].signals)
                if ordinal in judged
                else "",
            }

    def _stored(self, ordinal: int, score: Score | None) -> dict[str, Any]:
        names = (
            "value",
            "target",
            "floor",
            "low",
            "high",
            "attainment",
            "score",
            "status",
            "coverage",
            "problem",
            "complete",
        )
        goal = self.goals.get(ordinal, {})
        return {name: getattr(score, name) if score else goal.get(name) for name in names}


def _of(one: Any, columns: Mapping[str, str]) -> dict[str, float | None]:
    return {column: getattr(one, name) if one else None for column, name in columns.items()}
