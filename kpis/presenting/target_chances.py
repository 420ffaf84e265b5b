"""What history says of a KPI's targets: three suggestions, and the chance of one that is typed."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import nan
from typing import Final

import numpy as np

from accounts.models import Organization
from kpis import words
from kpis.calendars import calendar_of
from kpis.drawing.numbers import SPACE, show
from kpis.engine.definitions import Direction
from kpis.engine.forecast import Forecast, Refused, forecast, season_length
from kpis.engine.periods import Frequency
from kpis.engine.target_options import (
    Explanation,
    OptionKind,
    TargetChance,
    TargetOption,
    TargetWarning,
    probability_of,
    target_options,
)
from kpis.engine.units import Unit
from kpis.engine.values import Matrix
from kpis.models import Benchmark, Kpi, Score
from kpis.presenting.figures import Figures

HORIZON: Final = 24
NAMES: Final = {
    OptionKind.KEEP_THE_TREND: "Keep the trend",
    OptionKind.STRETCH: "Stretch",
    OptionKind.BEST_EVER: "Best ever",
}
EXPLAINED: Final = {
    Explanation.FORECAST: "What the forecast expects",
    Explanation.ONE_IN_FOUR: "What the forecast gives one chance in four",
    Explanation.USUAL: "The middle of the last twelve values",
    Explanation.STEP_FURTHER: "A step further than usual",
    Explanation.BEST_SEEN: "The best there has been",
}
WARNED: Final = {
    TargetWarning.TOO_EASY: "That is too easy: it will most likely be reached by itself.",
    TargetWarning.OUT_OF_REACH: "That is out of reach, if things go on as they are.",
}


NO_FORECAST: Final = {
    Refused.TOO_SHORT: "there are fewer than twelve values",
    Refused.TOO_SPARSE: "too many values are missing",
    Refused.OUTDATED: "the last value is too old",
    Refused.WORSE_THAN_NAIVE: "its values move in no way that could be foreseen better than by repeating the last one",
}


@dataclass(frozen=True, slots=True)
class Suggested:
    """One of three targets on offer, with its red flag."""

    kind: OptionKind
    name: str
    target: str
    floor: str
    explained: str
    chance: str
    warning: str
    option: TargetOption


@dataclass(frozen=True, slots=True)
class Appraised:
    """A typed target with what is to be said of it; ``problem`` alone where it cannot be read."""

    target: str = ""
    period: str = ""
    chance: str = ""
    warning: str = ""
    compared: str = ""
    basis: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """A benchmark beside the target."""

    figure: str
    where: str
    source: str
    is_dated: bool


class TargetChances:
    """The history of one KPI's complete periods and its forecast, read when it is first asked for."""

    def __init__(self, kpi: Kpi, organization: Organization, *, today: dt.date) -> None:
        self.kpi, self.today = kpi, today
        self.calendar, self.frequency = calendar_of(organization), Frequency(kpi.frequency)
        self.direction, self.unit = Direction(kpi.direction), Unit.parse(kpi.unit)
        self.figures = Figures(kpi)
        self.running = self.calendar.ordinal(self.frequency, today)

    @cached_property
    def history(self) -> tuple[int, Matrix]:
        """The first period, and a value for each from there to the last complete one."""
        rows = Score.objects.filter(kpi_id=self.kpi.pk, complete=True).order_by("period").values_list("period", "value")
        known = {self.calendar.ordinal(self.frequency, period): value for period, value in rows}
        first = min(known, default=self.running)
        values = [known.get(period) for period in range(first, self.running)]
        return first, np.array([nan if value is None else value for value in values])

    @cached_property
    def forecast(self) -> Forecast:
        return forecast(self.history[1], season_length=season_length(self.frequency), horizon=HORIZON)

    @property
    def no_forecast(self) -> str:
        """Why there are no probabilities; empty where there are."""
        return NO_FORECAST.get(Refused(int(self.forecast.refused)), "")

    @cached_property
    def suggested(self) -> list[Suggested]:
        """Up to three, for the period that runs."""
        options = target_options(self.history[1], self.forecast, ahead=1, direction=self.direction, unit=self.unit)
        return [self._suggested(option) for option in options]

    def appraised(
        self, *, target: float | None, low: float | None, high: float | None, on: dt.date, basis: str = ""
    ) -> Appraised:
        """What to say of a target that is to be reached in the period of a date; of one that is over, in the running
        one."""
        ordinal = max(self.calendar.ordinal(self.frequency, on), self.running)
        bars = {name: nan if bar is None else bar for name, bar in (("target", target), ("low", low), ("high", high))}
        ahead, (_, values) = ordinal - self.running + 1, self.history
        chance = probability_of(values, self.forecast, ahead=ahead, direction=self.direction, **bars)
        return Appraised(
            target=self.figures.goal(target, low, high),
            period=words.in_sentence(self.calendar.label(self.frequency, ordinal)),
            chance=chance_words(chance.probability),
            warning=WARNED.get(chance.warning, "") if chance.warning else "",
            compared=self._compared(chance),
            basis=basis,
        )

    def _suggested(self, option: TargetOption) -> Suggested:
        return Suggested(
            kind=option.kind,
            name=NAMES[option.kind],
            target=self.figures.short(option.target),
            floor=self.figures.short(option.floor),
            explained=EXPLAINED[option.explanation],
            chance=chance_words(option.probability) if option.probability is not None else "",
            warning=WARNED.get(option.warning, "") if option.warning else "",
            option=option,
        )

    def _compared(self, chance: TargetChance) -> str:
        """ "14 % above your best quarter, Q2 2026 (€ 401 k)"."""
        if chance.best is None or chance.best_at is None or chance.difference is None:
            return ""
        label = words.in_sentence(self.calendar.label(self.frequency, self.history[0] + chance.best_at))
        best = f"your best {words.PERIOD[self.frequency]}, {label} ({self.figures.short(chance.best)})"
        if not chance.difference:
            return f"The same as {best}"
        side = "above" if chance.difference > 0 else "below"
        if self.unit.is_fraction or chance.share is None:
            return f"{self._distance(abs(chance.difference))} {side} {best}"
        share = show(abs(chance.share), "percent", 0 if abs(chance.share) >= 0.01 else 1)
        return f"{share} {side} {best}"

    def _distance(self, difference: float) -> str:
        if self.kpi.unit == "percent":
            return f"{difference * 100:.1f}{SPACE}points"
        return self.figures.short(difference)


def chance_words(chance: float | None) -> str:
    """ "43 % likely"; what there is no forecast for is said so."""
    if chance is None:
        return "No forecast, so no probability"
    if chance < 0.01 or chance > 0.99:
        return f"{'Less than 1' if chance < 0.01 else 'More than 99'}{SPACE}% likely"
    return f"{show(chance, 'percent', 0)} likely"


def benchmarks_of(kpi: Kpi, today: dt.date) -> list[Compared]:
    """What others reach, the latest first."""
    figures = Figures(kpi)
    return [_benchmark(figures, row, today) for row in Benchmark.objects.filter(kpi=kpi).latest_first()]


def _benchmark(figures: Figures, row: Benchmark, today: dt.date) -> Compared:
    figure = f"median {figures.short(row.median)}"
    if row.lower_quartile is not None and row.upper_quartile is not None:
        figure += f", half of them {figures.short(row.lower_quartile)} to {figures.short(row.upper_quartile)}"
    where = ", ".join(part for part in (row.industry, row.region, str(row.year)) if part)
    return Compared(figure, where, row.source, row.is_dated(today))


def suggestion_of(kind: str, suggested: Iterable[Suggested]) -> TargetOption | None:
    """The one that was chosen by its kind; None where there is no such suggestion."""
    return next((one.option for one in suggested if one.kind == kind), None)
