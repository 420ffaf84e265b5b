"""Departments side by side: their KPIs by status, their health, and where it has been going."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final
from uuid import UUID

from django.db.models import Avg
from django.db.models.functions import TruncMonth
from django.utils.safestring import SafeString, mark_safe

from kpis.compute.known import Known
from kpis.drawing.sparkline import sparkline
from kpis.drawing.status import STATUSES
from kpis.models import Score
from kpis.tree import Forest, Node
from reports.departments import DepartmentReport, Departments
from reports.reading import Reading

MONTHS: Final = 13
Scores = Mapping[UUID, Mapping[dt.date, float]]


@dataclass(frozen=True)
class DepartmentRow:
    """A department with how it fares; ``trend`` is the mean score of its KPIs by month, oldest first."""

    report: DepartmentReport
    trend: Sequence[float | None]

    @property
    def spark(self) -> SafeString:
        if not any(value is not None for value in self.trend):
            return mark_safe("")
        return mark_safe(sparkline(self.trend, width=120, label=self.trend_words))  # noqa: S308 - escapes its label

    @property
    def trend_words(self) -> str:
        """As in "64 % to 72 % in 13 months"."""
        present = [value for value in self.trend if value is not None]
        return f"{100 * present[0]:.0f} % to {100 * present[-1]:.0f} % in {len(self.trend)} months" if present else ""

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Of each status its word and how many KPIs have it."""
        by_status = self.report.wellbeing.counts.by_status
        return [(status.word, by_status[key]) for key, status in STATUSES.items() if key != "stale"]


@dataclass(frozen=True)
class DepartmentComparison:
    """Departments beside each other, and the months their trends run over."""

    rows: Sequence[DepartmentRow]
    months: Sequence[dt.date]

    @property
    def statuses(self) -> list[str]:
        """The words of the statuses that occur in any of them."""
        return [word for word in self._words if any(dict(row.counts)[word] for row in self.rows)]

    @property
    def table(self) -> Iterator[tuple[DepartmentRow, list[tuple[str, int]]]]:
        for row in self.rows:
            yield row, [(word, dict(row.counts)[word]) for word in self.statuses]

    def csv_rows(self) -> Iterator[list[object]]:
        months = [f"score_{month:%Y-%m}" for month in self.months]
        words = [word.lower().replace(" ", "_") for word in self._words]
        yield ["department", "status", "health", "kpis", "judged_share", *words, *months]
        for row in self.rows:
            fares = row.report.wellbeing
            told = (row.report.name, fares.status, fares.health.score, fares.counts.total, fares.health.coverage)
            yield [*told, *(count for _, count in row.counts), *row.trend]

    @property
    def _words(self) -> list[str]:
        return [status.word for key, status in STATUSES.items() if key != "stale"]


def compare_departments(
    reading: Reading, departments: Departments, chosen: Collection[UUID], *, forest: Forest
) -> DepartmentComparison:
    """The chosen departments, or the topmost, by the KPIs in ``forest``; in as many queries however many there are."""
    today = reading.today
    reports = [departments.report(forest, departments.all[id]) for id in departments.all if id in chosen]
    reports = reports or departments.reports(forest)
    months = list(_months(today))
    judged = {node.id for report in reports for node in report.nodes if _counts(node)}
    scores = _known_scores(reading.known, judged) if reading.known else _stored_scores(judged, months[0])
    return DepartmentComparison([DepartmentRow(report, _trend(report, scores, months)) for report in reports], months)


def _counts(node: Node) -> bool:
    return not node.is_metric and node.has_target


def _trend(report: DepartmentReport, scores: Scores, months: Sequence[dt.date]) -> list[float | None]:
    """By month the mean over its KPIs with a target; None where none was judged."""
    ids = [node.id for node in report.nodes if node.id in scores]
    by_month = [[scores[id][month] for id in ids if month in scores[id]] for month in months]
    return [fmean(found) if found else None for found in by_month]


def _stored_scores(ids: Collection[UUID], since: dt.date) -> Scores:
    """Each KPI's mean score by month, over the periods that begin in it."""
    rows = Score.objects.filter(kpi_id__in=ids, period__gte=since, complete=True, score__isnull=False)
    means = rows.annotate(month=TruncMonth("period")).order_by().values_list("kpi_id", "month").annotate(Avg("score"))
    found: dict[UUID, dict[dt.date, float]] = defaultdict(dict)
    for kpi_id, month, score in means:
        found[kpi_id][month] = score
    return found


def _known_scores(known: Known, ids: Collection[UUID]) -> Scores:
    """The same as it was known at an instant."""
    found: dict[UUID, dict[dt.date, list[float]]] = defaultdict(lambda: defaultdict(list))
    for kpi_id in ids:
        for period, point in known.points(kpi_id).items():
            if point["complete"] and point["score"] is not None:
                found[kpi_id][period.replace(day=1)].append(point["score"])
    return {kpi_id: {month: fmean(scores) for month, scores in months.items()} for kpi_id, months in found.items()}


def _months(today: dt.date) -> Iterator[dt.date]:
    """The first days of the last months, that of today among them, oldest first."""
    this = today.year * 12 + today.month - 1
    for month in range(this - MONTHS + 1, this + 1):
        yield dt.date(month // 12, month % 12 + 1, 1)
