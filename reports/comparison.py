"""KPIs side by side over one stretch, and that stretch against an earlier one."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from accounts.models import Organization
from kpis.calendars import calendar_of
from kpis.drawing.frame import either
from kpis.drawing.lines import Line, lines
from kpis.drawing.numbers import show, show_axis, show_change
from kpis.drawing.plot import FormatAxis
from kpis.drawing.trend import TrendPoint, trend
from kpis.engine.formula.program import YEAR
from kpis.engine.periods import FREQUENCIES, Calendar, Frequency
from kpis.models import Kpi
from kpis.presenting.figures import Figures
from kpis.series import Point, TooManyPointsError, series
from kpis.words import in_sentence, period_label, short_label
from reports.reading import Reading

Say = Callable[[float | None], str]
MOST: Final = 6
MOST_PERIODS: Final = 400
USUAL: Final = 13  # periods, where no stretch is asked for
FEWEST_TOGETHER: Final = 2
AGAINST: Final = (("", "Nothing else"), ("year", "The year before"), ("before", "The stretch before"))
AGAINST_WORDS: Final = {"year": "a year before", "before": "the stretch before"}


@dataclass(frozen=True)
class Stretch:
    """The periods that are compared, by ordinals of one frequency, and how many periods back the others lie."""

    calendar: Calendar
    frequency: Frequency
    periods: range
    back: int = 0

    @property
    def ends(self) -> tuple[dt.date, dt.date]:
        return self.first_date(self.periods[0]), self.first_date(self.periods[-1])

    @property
    def earlier(self) -> "Stretch":
        return Stretch(
            self.calendar, self.frequency, range(self.periods.start - self.back, self.periods.stop - self.back)
        )

    def first_date(self, ordinal: int) -> dt.date:
        return self.calendar.first_date(self.frequency, ordinal)

    def labels(self) -> list[str]:
        return [period_label(self.calendar, self.frequency, self.first_date(each)) for each in self.periods]

    def short_labels(self) -> list[str]:
        return [short_label(self.calendar, self.frequency, self.first_date(each)) for each in self.periods]


def stretch_of(
    kpis: Sequence[Kpi],
    organization: Organization,
    *,
    frequency: str,
    first: dt.date | None,
    last: dt.date | None,
    against: str,
    today: dt.date,
) -> Stretch:
    """What is asked for; by default the last 13 complete periods of the coarsest of the KPIs' frequencies."""
    calendar = calendar_of(organization)
    own = [Frequency(kpi.frequency) for kpi in kpis] or [Frequency.MONTHLY]
    asked = Frequency(frequency) if frequency else max(own, key=FREQUENCIES.index)
    stop = calendar.ordinal(asked, last) if last else calendar.ordinal(asked, today) - 1
    start = min(calendar.ordinal(asked, first), stop) if first else stop - USUAL + 1
    count = stop - start + 1
    back = {"year": YEAR[asked], "before": count}.get(against, 0)
    return Stretch(calendar, asked, range(start, stop + 1), back)


@dataclass(frozen=True)
class Cell:
    """A KPI in a period, and in the period it is compared with."""

    value: SafeString
    earlier: SafeString | None
    change: SafeString | None


@dataclass(frozen=True)
class Compared:
    """One KPI over the stretch; ``earlier`` are the aligned points it is compared with, empty without. ``problem``
    says why it has no values here.
    """

    kpi: Kpi
    stretch: Stretch
    points: Sequence[Point]
    earlier: Sequence[Point]
    against: str
    problem: str = ""

    @property
    def figures(self) -> Figures:
        return Figures(self.kpi)

    @cached_property
    def values(self) -> list[float | None]:
        return [point["value"] for point in self.points]

    @cached_property
    def earlier_values(self) -> list[float | None]:
        return [point["value"] for point in self.earlier]

    @property
    def summary(self) -> str:
        """What the chart says, as one sentence: from where to where, and against the earlier stretch."""
        present = [(index, value) for index, value in enumerate(self.values) if value is not None]
        if not present:
            return f"{self.kpi.name}: no value in these periods."
        (start, first), (end, last) = present[0], present[-1]
        labels = [in_sentence(label) for label in self.stretch.labels()]
        text = f"{self.kpi.name}: {self.said(last)} in {labels[end]}"
        if end > start:
            moved = show_change(last, first, self.kpi.unit, self.kpi.decimals)
            text += f", {moved} on {labels[start]}"
        then = self.earlier_values[end] if self.earlier_values else None
        if then is not None:
            moved = show_change(last, then, self.kpi.unit, self.kpi.decimals)
            text += f"; {moved} on {AGAINST_WORDS[self.against]}"
        return f"{text}."

    @property
    def chart(self) -> SafeString:
        """The KPI by itself: against its target, or its two stretches one over the other."""
        if self.earlier:
            return _drawn(self._pair, self.stretch, self.axis, self.summary)
        points = [
            TrendPoint(
                label,
                point["value"],
                **{name: point[name] for name in ("target", "floor", "low", "high", "complete")},
                status=point["status"] or "",
            )
            for label, point in zip(self.stretch.short_labels(), self.points, strict=True)
        ]
        return _either(partial(trend, points, format_value=self.said, format_axis=self.axis, label=self.summary))

    @property
    def _pair(self) -> list[Line]:
        now, then = self.stretch.labels(), self.stretch.earlier.labels()
        return [
            Line("Then", self.earlier_values, _titles(then, self.earlier_values, self.said), 5),
            Line("Now", self.values, _titles(now, self.values, self.said), 0),
        ]

    def line(self, kind: int) -> Line:
        return Line(self.kpi.name, self.values, _titles(self.stretch.labels(), self.values, self.said), kind)

    def cells(self) -> Iterator[Cell]:
        earlier = self.earlier_values or [None] * len(self.values)
        for value, then in zip(self.values, earlier, strict=True):
            has_earlier = bool(self.earlier)
            yield Cell(
                self.figures.html(value),
                self.figures.html(then) if has_earlier else None,
                self.figures.change(value, then) if has_earlier else None,
            )

    def axis(self, ticks: Sequence[float]) -> list[str]:
        return show_axis(ticks, self.kpi.unit, self.kpi.decimals)

    def said(self, value: float | None) -> str:
        return str(show(value, self.kpi.unit, self.kpi.decimals, short=True))


@dataclass(frozen=True)
class Comparison:
    """The KPIs that are compared, over one stretch."""

    stretch: Stretch
    all: Sequence[Compared]

    @property
    def shown(self) -> list[Compared]:
        return [each for each in self.all if not each.problem]

    @property
    def problems(self) -> list[Compared]:
        return [each for each in self.all if each.problem]

    @property
    def then(self) -> str:
        """What the values are compared with, as the head of a column."""
        return next((AGAINST_WORDS[each.against].capitalize() for each in self.all if each.earlier), "")

    @property
    def together(self) -> SafeString | str:
        """All in one chart, where their units agree."""
        shown = self.shown
        if len(shown) < FEWEST_TOGETHER or len({each.kpi.unit for each in shown}) > 1:
            return ""
        drawn = [each.line(kind) for kind, each in enumerate(shown)]
        return _drawn(drawn, self.stretch, shown[0].axis, self.together_words)

    @property
    def together_words(self) -> str:
        return " ".join(each.summary for each in self.shown)

    @property
    def rows(self) -> list[tuple[str, list[Cell]]]:
        """The table behind the charts: a period with what each KPI was in it, the newest first."""
        columns = [list(each.cells()) for each in self.shown]
        labels = self.stretch.labels()
        return [(labels[at], [column[at] for column in columns]) for at in reversed(range(len(labels)))]

    def csv_rows(self) -> Iterator[list[object]]:
        """One row a KPI and period, oldest first, numbers as they are stored."""
        yield ["period", "kpi", "name", "unit", "value", "target", "status", "compared_period", "compared_value"]
        for each in self.shown:
            for at, point in enumerate(each.points):
                then = each.earlier[at] if each.earlier else {"period": "", "value": ""}
                told = (point["period"], each.kpi.key, each.kpi.name, each.kpi.unit)
                yield [*told, point["value"], point["target"], point["status"], then["period"], then["value"]]


def compare(kpis: Sequence[Kpi], stretch: Stretch, reading: Reading, against: str) -> Comparison:
    """Read each KPI's points: a few queries each, and at most six of them."""
    return Comparison(stretch, [_compared(kpi, stretch, reading, against) for kpi in kpis])


def _compared(kpi: Kpi, stretch: Stretch, reading: Reading, against: str) -> Compared:
    try:
        points = _points(kpi, stretch, reading)
        earlier = _points(kpi, stretch.earlier, reading) if stretch.back else []
    except (TooManyPointsError, ValueError) as error:
        return Compared(kpi, stretch, [], [], against, problem=str(error))
    return Compared(kpi, stretch, points, earlier, against)


def _points(kpi: Kpi, stretch: Stretch, reading: Reading) -> list[Point]:
    first, last = stretch.ends
    return series(kpi, reading.organization, stretch.frequency, first, last, today=reading.today, known=reading.known)


def _titles(labels: Sequence[str], values: Sequence[float | None], said: Say) -> list[str]:
    return [f"{label}: {said(value)}" for label, value in zip(labels, values, strict=True)]


def _drawn(drawn: Sequence[Line], stretch: Stretch, axis: FormatAxis, label: str) -> SafeString:
    return _either(partial(lines, stretch.short_labels(), drawn, format_axis=axis, label=label))


def _either(draw: Callable[..., str]) -> SafeString:
    wide = draw(width=680, height=270, kind="trend-wide")
    narrow = draw(width=330, height=250, kind="trend-narrow")
    return mark_safe(either(wide, narrow))  # noqa: S308 - the pictures escape their texts
