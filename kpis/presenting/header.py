"""What the page of a KPI says first: where it stands, in the latest period or in the one that was asked for."""

import datetime as dt
from functools import cached_property
from typing import Any, Final

from django.utils.safestring import SafeString

from kpis import words
from kpis.models import Score, Standing
from kpis.models.choices import Status
from kpis.presenting.figures import Figures, mark, share
from kpis.presenting.reasons import Reasons
from kpis.presenting.rows import change_of
from kpis.presenting.target_history import revised_words
from kpis.standpoint import Standpoint

APPRAISED: Final = (
    "period", "value", "target", "floor", "low", "high", "attainment", "score_raw", "score", "status", "coverage",
    "problem", "age",
)  # fmt: skip


class Header:
    """The figures of one period, with ``reasons`` why there is no value."""

    def __init__(
        self, standpoint: Standpoint, standing: Standing, *, reasons: Reasons, is_chosen: bool = False
    ) -> None:
        self.standpoint, self.standing, self.reasons, self.is_chosen = standpoint, standing, reasons, is_chosen
        self.figures = Figures(standpoint.kpi)

    @property
    def status(self) -> SafeString:
        return mark(Status.shown(self.standing.status, is_late=self.standing.is_late), badge=True)

    @property
    def value(self) -> SafeString:
        return self.figures.html(self.standing.value)

    @property
    def period(self) -> str:
        return self._label(self.standing.period) if self.standing.period else ""

    @property
    def target(self) -> str:
        return self.figures.goal(self.standing.target, self.standing.low, self.standing.high)

    @property
    def red_flag(self) -> str:
        """From where on somebody must act."""
        floor = self.standing.floor
        return f"red flag {self.figures.short(floor)}" if floor is not None else ""

    @property
    def attainment(self) -> str:
        reached = share(self.standing.attainment)
        return f"{reached} of target" if reached else ""

    @cached_property
    def revised(self) -> str:
        """ "95 % of revised, 82 % of original", where the target of the period was changed."""
        standing, point = self.standing, self.standpoint
        if point.as_of or (standing.target is None and standing.low is None):
            return ""
        return revised_words(point.kpi, point.organization, standing.period, standing.value, standing.target)

    @property
    def change(self) -> SafeString:
        return change_of(self.standing, self.figures)

    @property
    def compared(self) -> str:
        period = self.standing.period
        return words.since_before(self.standpoint.calendar, self.standpoint.frequency, period) if period else ""

    @property
    def freshness(self) -> str:
        """When the next value is due, or since when it is missing and what came last."""
        standing, today = self.standing, self.standpoint.today
        if standing.is_late and standing.expected_on and standing.period:
            return words.overdue_words(standing.expected_on, today, words.in_sentence(self._label(standing.period)))
        return words.expected_words(standing.expected_on, standing.is_late, today)

    @property
    def remark(self) -> str:
        if not self.standing.period:
            return ""
        label = words.in_sentence(self._label(self.standing.period))
        if self.standing.age:
            return words.carried_words(self.standing.age, self.standpoint.frequency)
        return self.reasons.why(self.standing.problem, self.standing.coverage, label)

    @cached_property
    def so_far(self) -> str:
        """The period that runs now, where another one speaks."""
        running, standpoint = self.standing.open, self.standpoint
        if not running or running["period"] == str(self.standing.period):
            return ""
        first = dt.date.fromisoformat(running["period"])
        calendar, frequency = standpoint.calendar, standpoint.frequency
        last = calendar.last_date(frequency, calendar.ordinal(frequency, first))
        gone = min(((standpoint.today - first).days + 1) / ((last - first).days + 1), 1.0)
        return words.so_far_words(self.figures.text, running["value"], self._label(first), gone)

    def _label(self, date: dt.date) -> str:
        return words.period_label(self.standpoint.calendar, self.standpoint.frequency, date)


def standing_in(scores: list[Score], latest: Standing) -> Standing:
    """Where a KPI stood in the period of the first of these scores, the second being that of the period before; when
    its next value is due is a matter of today."""
    score, before = scores[0], scores[1] if len(scores) > 1 else None
    appraised: dict[str, Any] = {name: getattr(score, name) for name in APPRAISED}
    return Standing(
        **appraised,
        previous_value=before.value if before else None,
        expected_on=latest.expected_on,
        is_late=latest.is_late and score.value is None,
        recent_values=[],
        recent_targets=[],
    )
