"""Why a KPI's value is not what it was, or not its target: explained from what is or was known."""

import datetime as dt
from dataclasses import dataclass

from kpis.compute.known import Known, known_at
from kpis.engine.evaluate import Stored
from kpis.engine.explaining.explanation import Explanation, explain
from kpis.engine.explaining.moments import Moment
from kpis.engine.explaining.wanted import Question, Wanted
from kpis.standpoint import NotThereYetError, Standpoint


@dataclass(frozen=True, slots=True)
class Explained:
    """An explanation with what was known of the KPIs it speaks of."""

    explanation: Explanation
    known: Known


def explained(
    standpoint: Standpoint, period: dt.date, base: dt.date | None, *, depth: int, now: dt.datetime
) -> Explained:
    """The change of a KPI from ``base`` (first dates of its periods; None: its target) to ``period``.

    Raises NotThereYetError where no definition of it was kept.
    """
    kpi_id = standpoint.kpi.pk
    known = standpoint.known or known_at(standpoint.organization, now, only=kpi_id)
    if kpi_id not in known.definitions:
        raise NotThereYetError(f"“{standpoint.kpi.name}” was not there yet.")
    graph, row = known.graph, known.graph.row_of[kpi_id]
    asked = Question.of(graph, row, depth)
    ordinals = [graph.calendar.ordinal(graph.kpis[row].frequency, date) for date in (period, base or period)]
    moments = [
        _moment(known, Wanted.of(graph, asked, ordinal), is_target=is_target)
        for ordinal, is_target in zip(ordinals, (False, base is None), strict=True)
    ]
    return Explained(explain(graph, asked, *moments, is_against_target=base is None), known)


def _moment(known: Known, wanted: Wanted, *, is_target: bool) -> Moment:
    values = known.values
    numbers = known.judgements.bounds.target if is_target else values.value
    stored = Stored(values.row, values.date, numbers, values.coverage)
    return Moment.of(known.graph, wanted, stored, known.scope.reach, known.today, is_target=is_target)
