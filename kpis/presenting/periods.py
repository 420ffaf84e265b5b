"""The table of a KPI's periods, which stands behind its chart."""

import datetime as dt
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from kpis import words
from kpis.models import Score
from kpis.presenting.figures import Figures, mark, share
from kpis.presenting.reasons import Reasons
from kpis.standpoint import Standpoint


@dataclass(frozen=True, slots=True)
class Period:
    """A row of the table of periods."""

    first: dt.date
    label: str
    value: SafeString
    target: SafeString
    attainment: str
    status: SafeString
    remark: str


def period_rows(standpoint: Standpoint, scores: list[Score], reasons: Reasons) -> list[Period]:
    """The rows of scores, in their order."""
    figures = Figures(standpoint.kpi)
    return [_period(standpoint, score, figures, reasons) for score in scores]


def _period(standpoint: Standpoint, score: Score, figures: Figures, reasons: Reasons) -> Period:
    runs = not score.complete
    label = words.period_label(standpoint.calendar, standpoint.frequency, score.period)
    return Period(
        first=score.period,
        label=label,
        value=figures.html(score.value),
        target=figures.goal_html(score.target, score.low, score.high),
        attainment=share(score.attainment),
        status=mark(score.status) if score.status and not (runs and score.value is None) else mark_safe(""),
        remark="Still running" if runs else _remark(standpoint, score, label, reasons),
    )


def _remark(standpoint: Standpoint, score: Score, label: str, reasons: Reasons) -> str:
    if score.age:
        return words.carried_words(score.age, standpoint.frequency)
    return reasons.why(score.problem, score.coverage, words.in_sentence(label))
