"""Why a KPI changed, from stored scores: of what lies below it, so many levels deep, and around two periods only."""

import datetime as dt
from collections.abc import Callable
from typing import Literal, TypeAlias
from uuid import UUID

from django.db import connection

from accounts.models import Organization
from kpis.compute.definitions import load_computed
from kpis.compute.known import Known
from kpis.compute.values import load_stored, load_targets
from kpis.engine.evaluate import Stored
from kpis.engine.explaining.explanation import MOST_LEVELS, Explanation, explain
from kpis.engine.explaining.moments import Moment
from kpis.engine.explaining.wanted import MOST_PARTS, Question, Wanted
from kpis.engine.graph import Graph
from kpis.engine.reach import Reach

# A date in the period to compare with, the period before, or the target of the same period.
Base: TypeAlias = dt.date | Literal["previous", "target"]
# Answers with the stored values, or the stored targets, that are wanted.
Load: TypeAlias = Callable[[Wanted, bool], Stored]


def explain_kpi(
    organization: Organization,
    kpi_id: UUID,
    *,
    period: dt.date,
    base: Base,
    depth: int,
    today: dt.date,
    most: int = MOST_PARTS,
) -> Explanation:
    """Why the value in the period that holds a date differs from that of another, or from its target.

    Parts have parts, ``depth`` levels deep, less where that were more than ``most``. Both values are the stored ones.
    """
    depth = min(depth, MOST_LEVELS)
    part = load_computed(organization, _above(organization, kpi_id, depth), targets=False)
    graph = part.graph

    def load(wanted: Wanted, is_target: bool) -> Stored:
        read = load_targets if is_target else load_stored
        return read(organization, graph, wanted.loads(graph))

    asked = Question.of(graph, graph.row_of[kpi_id], depth, most)
    return _explain(graph, part.reach, asked, period=period, base=base, today=today, load=load)


def explain_as_known(
    known: Known, kpi_id: UUID, *, period: dt.date, base: Base, depth: int, most: int = MOST_PARTS
) -> Explanation:
    """The same as it was known at an instant. Raises KeyError for a KPI that was not there yet."""
    graph, values = known.graph, known.values

    def load(wanted: Wanted, is_target: bool) -> Stored:
        numbers = known.judgements.bounds.target if is_target else values.value
        return Stored(values.row, values.date, numbers, values.coverage)

    reach, today = known.scope.reach, known.today
    asked = Question.of(graph, graph.row_of[kpi_id], depth, most)
    return _explain(graph, reach, asked, period=period, base=base, today=today, load=load)


def _explain(
    graph: Graph, reach: Reach, asked: Question, *, period: dt.date, base: Base, today: dt.date, load: Load
) -> Explanation:
    frequency = graph.kpis[asked.row].frequency
    now = graph.calendar.ordinal(frequency, period)
    is_target = base == "target"
    then = now
    if isinstance(base, dt.date):
        then = graph.calendar.ordinal(frequency, base)
    elif base == "previous":
        then = now - 1

    def moment(ordinal: int, is_target: bool) -> Moment:
        wanted = Wanted.of(graph, asked, ordinal)
        return Moment.of(graph, wanted, load(wanted, is_target), reach, today, is_target=is_target)

    return explain(graph, asked, moment(now, False), moment(then, is_target), is_against_target=is_target)


def _above(organization: Organization, kpi_id: UUID, depth: int) -> list[UUID]:
    """The KPI and what lies beneath it less than ``depth`` levels: whatever has parts that are shown."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, {"organization": organization.pk, "id": kpi_id, "depth": depth})
        return [id for (id,) in cursor.fetchall()]


_BELOW = """
WITH RECURSIVE below (id, level) AS (
    SELECT %(id)s::uuid, 0
    UNION
    SELECT part.id, below.level + 1
    FROM below CROSS JOIN LATERAL (
        SELECT link.child_id AS id
        FROM kpis_kpilink link
        JOIN kpis_kpi parent ON parent.organization_id = %(organization)s AND parent.id = link.parent_id
            AND parent.source = 'rollup'
        WHERE link.organization_id = %(organization)s AND link.parent_id = below.id AND link.replaced_at IS NULL
        UNION ALL
        SELECT operand_id FROM kpis_kpioperand
        WHERE organization_id = %(organization)s AND kpi_id = below.id AND operand_id <> kpi_id AND NOT is_parent
        UNION ALL
        SELECT link.child_id
        FROM kpis_kpioperand named
        JOIN kpis_kpilink link ON link.organization_id = %(organization)s AND link.parent_id = named.operand_id
            AND link.replaced_at IS NULL
        WHERE named.organization_id = %(organization)s AND named.kpi_id = below.id AND named.is_parent
    ) part
    WHERE below.level + 1 < %(depth)s
)
SELECT DISTINCT id FROM below
"""
