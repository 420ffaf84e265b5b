"""Did it help? The verdict on a KPI's actions, in words."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import Final

import numpy as np

from kpis import words
from kpis.engine.definitions import Direction
from kpis.engine.helped import PERIODS, Help, Verdict, did_it_help
from kpis.engine.periods import Calendar, Frequency
from kpis.engine.signals import Behaviour, behaviour
from kpis.engine.values import Matrix
from kpis.histories import History, history_of, looked_at
from kpis.models import Kpi, Score
from kpis.presenting.figures import Figures

COUNTED: Final = {1: "one", 2: "two", 3: "three"}
CSS: Final[Mapping[Verdict, str]] = {Verdict.HELPED: "good", Verdict.WORSE: "bad", Verdict.CANNOT_TELL: "quiet"}


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict: the word, how it is coloured, and the sentence it rests on."""

    word: str
    css: str
    why: str


class Judge:
    """Judges the actions of one KPI by its complete periods, which are read when the first is asked about."""

    def __init__(self, kpi: Kpi, calendar: Calendar, *, today: dt.date) -> None:
        self.kpi, self.calendar, self.today = kpi, calendar, today
        self.frequency = Frequency(kpi.frequency)
        self.figures = Figures(kpi)

    def of(self, done_on: dt.date) -> Judged | None:
        """The verdict on an action done on a date; None for a KPI without a complete period."""
        if np.isnan(self._history.values).all():
            return None
        column = self.calendar.ordinal(self.frequency, done_on) - self._history.begins
        found, is_adjusted = self._help(self._history.values, column), False
        if not found.awaits and isfinite(found.needed):
            found, is_adjusted = self._help(self._chart.charted, column), self._chart.is_adjusted
        return judged(found, self.figures, words.PERIOD[self.frequency], is_adjusted=is_adjusted)

    @cached_property
    def _scores(self) -> list[Score]:
        """The latest first."""
        complete = Score.objects.filter(kpi_id=self.kpi.pk, complete=True).order_by("-period")
        return list(complete[: looked_at(self.frequency)])

    @cached_property
    def _history(self) -> History:
        today = self.calendar.ordinal(self.frequency, self.today)
        return history_of(self._scores, self.calendar, self.frequency, today=today)

    @cached_property
    def _chart(self) -> Behaviour:
        """Without the season, where there is one; it takes a while to find out."""
        return behaviour(self._history.values, season_length=self._history.season_length)

    def _help(self, values: Matrix, column: int) -> Help:
        bounds = {name: value for name in ("low", "high") if (value := getattr(self._scores[0], name)) is not None}
        return did_it_help(values, done_in=column, direction=Direction(self.kpi.direction), **bounds)


def judged(found: Help, figures: Figures, period: str, *, is_adjusted: bool = False) -> Judged:
    """A verdict in words: "Yes", and "€ 412 k a month on average in the three months after, € 380 k before"."""
    css = CSS[found.verdict]
    if found.awaits:
        missing = f"{COUNTED[found.awaits]} more {period}{'s' if found.awaits > 1 else ''}"
        return Judged("Cannot tell yet", css, f"it takes {missing} after it")
    if not isfinite(found.before) or not isfinite(found.needed):
        return Judged("Cannot tell", css, f"too few {period}s before it to compare with")
    means = (
        f"{figures.short(found.after)} on average in the {COUNTED[PERIODS]} {period}s after it, "
        f"{figures.short(found.before)} in the {COUNTED[PERIODS]} before{', without the season' if is_adjusted else ''}"
    )
    match found.verdict:
        case Verdict.HELPED:
            return Judged("Yes", css, means)
        case Verdict.WORSE:
            return Judged("No, it got worse", css, means)
    return Judged("Cannot tell", css, f"{means}, which is within its ordinary variation")
