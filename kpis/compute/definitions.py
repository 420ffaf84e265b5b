"""Reading definitions: the part of an organization's graph that a computation needs, as the engine sees it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import Organization
from kpis.calendars import calendar_of
from kpis.engine.definitions import Aggregation, Direction, Kpi, Link, Rollup, Source, Target
from kpis.engine.graph import Graph
from kpis.engine.incremental import Change
from kpis.engine.periods import Frequency
from kpis.engine.reach import KpiReach, Reach
from kpis.models.choices import PaceProfile, TargetPath
from kpis.plain import stored_formula
from kpis.staging import array_of


@dataclass(frozen=True)
class Part:
    """A part of the graph that is closed as ``engine.incremental`` asks, and how far its stored scores reach."""

    graph: Graph
    reach: Reach
    # The first and last date of what is measured outside it.
    beyond: tuple[dt.date, dt.date] | None = None


def load_part(organization: Organization, changes: Iterable[Change], *, targets: bool = True) -> Part:
    """The changed KPIs, all that is computed from them, and the direct operands of that."""
    upward = _rows(_UPWARD, organization, ids=array_of(change.kpi for change in changes))
    return load_computed(organization, [id for (id,) in upward], targets=targets)


def load_beneath(organization: Organization, kpi_id: UUID) -> Part:
    """One KPI with what its value at another frequency follows from: of a formula its operands, and theirs."""
    return load_computed(organization, [kpi_id])


def load_sums_beneath(organization: Organization, ids: Iterable[UUID]) -> Graph:
    """These KPIs with all measured ones and sums beneath them, without what else they are computed from."""
    return _part(organization, _rows(_SUMS_BENEATH, organization, ids=array_of(ids))).graph


def load_whole(organization: Organization) -> Part:
    """The whole organization's graph."""
    return _part(organization, _rows(_WHOLE, organization))


def load_computed(organization: Organization, ids: Sequence[UUID], *, targets: bool = True) -> Part:
    """Some KPIs with their children, weights and operands, enough to compute them from these, and to judge them if they
    come with their targets."""
    part = _part(organization, _rows(_PART, organization, upward=array_of(ids)), targets=targets)
    return replace(part, beyond=_beyond(organization, part.graph)) if part.graph.constants.size else part


def _part(organization: Organization, rows: list[tuple[Any, ...]], *, targets: bool = True) -> Part:
    of_kpi = _targets(organization, [row[0] for row in rows]) if targets else {}
    kpis = [_kpi(organization, row, of_kpi.get(row[0], ())) for row in rows]
    graph = Graph(calendar_of(organization), kpis, _links(organization, kpis))
    reaches = {row[0]: KpiReach(*row[-3:]) for row in rows if row[-3]}
    return Part(graph, Reach.stored(graph, reaches))


def _kpi(organization: Organization, row: tuple[Any, ...], targets: tuple[Target, ...]) -> Kpi:
    (
        id, key, frequency, unit, source, aggregation, rollup, formula, carry_forward, archived_at, due_after_days,
        direction, target_path, pace_profile, on_track_at, at_risk_at, *_,
    ) = row  # fmt: skip
    return Kpi(
        id=id,
        key=key,
        frequency=Frequency(frequency),
        unit=unit,
        source=Source(source),
        aggregation=Aggregation(aggregation),
        rollup=Rollup(rollup) if rollup else None,
        formula=stored_formula(formula) if formula else None,
        carry_forward=carry_forward,
        archived_on=organization.today(archived_at) if archived_at else None,
        due_after_days=due_after_days,
        direction=Direction(direction),
        targets=targets,
        is_linear=target_path == TargetPath.LINEAR,
        is_paced_by_last_year=pace_profile == PaceProfile.LAST_YEAR,
        on_track_at=organization.on_track_at if on_track_at is None else on_track_at,
        at_risk_at=organization.at_risk_at if at_risk_at is None else at_risk_at,
    )


def _links(organization: Organization, kpis: list[Kpi]) -> list[Link]:
    """Those whose two ends are in the part; weighed only where a weighted mean asks for it.

    Of a weighted mean that is not computed there, the part may lack a weight, and then that link as well.
    """
    rollups = {kpi.id: kpi.rollup for kpi in kpis}
    links = (
        Link(
            parent=parent,
            child=child,
            weight=weight,
            contribution=contribution,
            valid_from=valid_from,
            valid_to=valid_to,
            weight_by=weight_by if rollups[parent] is Rollup.WEIGHTED_MEAN else None,
        )
        for parent, child, weight, contribution, valid_from, valid_to, weight_by in _rows(
            _LINKS, organization, ids=array_of(rollups)
        )
    )
    return [link for link in links if link.weight_by is None or link.weight_by in rollups]


def _targets(organization: Organization, ids: list[UUID]) -> Mapping[UUID, tuple[Target, ...]]:
    by_kpi: dict[UUID, list[Target]] = defaultdict(list)
    for kpi_id, effective_from, *bounds in _rows(_TARGETS, organization, ids=array_of(ids)):
        by_kpi[kpi_id].append(Target(effective_from, *bounds))
    return {kpi_id: tuple(rows) for kpi_id, rows in by_kpi.items()}


def _beyond(organization: Organization, graph: Graph) -> tuple[dt.date, dt.date] | None:
    calendar = graph.calendar
    reached = [
        (first, calendar.last_date(Frequency(frequency), calendar.ordinal(Frequency(frequency), last)))
        for frequency, first, last in _rows(_BEYOND, organization, ids=array_of(graph.row_of))
    ]
    return (min(first for first, _ in reached), max(last for _, last in reached)) if reached else None


def _rows(sql: str, organization: Organization, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"organization": organization.pk, **parameters})
        return list(cursor.fetchall())


# Links to parents that are not roll-ups belong to the ladder alone, so nothing climbs along them, unless a formula asks
# for the children. Formulas without operands, which name themselves, depend on everything measured.
_UPWARD = """
WITH RECURSIVE upward (id) AS (
    SELECT unnest(%(ids)s::uuid[])
    UNION
    SELECT kpi_id FROM kpis_kpioperand
    WHERE organization_id = %(organization)s AND operand_id = kpi_id AND NOT is_parent
    UNION
    SELECT computed.id
    FROM upward CROSS JOIN LATERAL (
        SELECT parent.id
        FROM kpis_kpi operand
        JOIN kpis_kpilink link ON link.organization_id = %(organization)s AND link.child_id = operand.id
            AND link.replaced_at IS NULL
        JOIN kpis_kpi parent ON parent.organization_id = %(organization)s AND parent.id = link.parent_id
            AND parent.source = 'rollup'
        WHERE operand.organization_id = %(organization)s
            AND (operand.id = upward.id OR operand.weight_by_id = upward.id)
        UNION ALL
        SELECT kpi_id FROM kpis_kpioperand
        WHERE organization_id = %(organization)s AND operand_id = upward.id
        UNION ALL
        SELECT named.kpi_id
        FROM kpis_kpilink link
        JOIN kpis_kpioperand named ON named.organization_id = %(organization)s AND named.operand_id = link.parent_id
            AND named.is_parent
        WHERE link.organization_id = %(organization)s AND link.child_id = upward.id AND link.replaced_at IS NULL
    ) computed
)
SELECT id FROM upward
"""
_COLUMNS = """
    kpi.id, kpi.key, kpi.frequency, kpi.unit, kpi.source, kpi.aggregation, kpi.rollup, kpi.formula, kpi.carry_forward,
    kpi.archived_at, kpi.due_after_days, kpi.direction, kpi.target_path, kpi.pace_profile,
    kpi.on_track_at, kpi.at_risk_at,
    standing.reach_first, standing.reach_last, standing.reach_through
"""
_FROM = """
FROM kpis_kpi kpi LEFT JOIN kpis_standing standing
    ON standing.organization_id = %(organization)s AND standing.kpi_id = kpi.id
WHERE kpi.organization_id = %(organization)s
"""
_WHOLE = f"SELECT {_COLUMNS} {_FROM}"
# What is computed with its children and weights; and the operands of every formula among all these, for it may have to
# be evaluated anew in coarser periods.
_PART = f"""
WITH RECURSIVE child AS (
    SELECT kpi.id, kpi.weight_by_id
    FROM kpis_kpilink link JOIN kpis_kpi kpi ON kpi.organization_id = %(organization)s AND kpi.id = link.child_id
    WHERE link.organization_id = %(organization)s AND link.parent_id = ANY(%(upward)s::uuid[])
        AND link.replaced_at IS NULL
), part (id) AS (
    (SELECT unnest(%(upward)s::uuid[]) UNION SELECT id FROM child UNION SELECT weight_by_id FROM child)
    UNION
    SELECT input.id
    FROM part CROSS JOIN LATERAL (
        SELECT operand_id AS id FROM kpis_kpioperand WHERE organization_id = %(organization)s AND kpi_id = part.id
        UNION ALL
        SELECT link.child_id
        FROM kpis_kpioperand named
        JOIN kpis_kpilink link ON link.organization_id = %(organization)s AND link.parent_id = named.operand_id
            AND link.replaced_at IS NULL
        WHERE named.organization_id = %(organization)s AND named.kpi_id = part.id AND named.is_parent
    ) input
)
SELECT {_COLUMNS} {_FROM}
AND kpi.id IN (SELECT id FROM part)
"""  # noqa: S608 - constants of this module
_SUMS_BENEATH = f"""
WITH RECURSIVE beneath (id) AS (
    SELECT unnest(%(ids)s::uuid[])
    UNION
    SELECT child.id
    FROM beneath
    JOIN kpis_kpi parent ON parent.organization_id = %(organization)s AND parent.id = beneath.id
        AND parent.rollup = 'sum'
    JOIN kpis_kpilink link ON link.organization_id = %(organization)s AND link.parent_id = parent.id
        AND link.replaced_at IS NULL
    JOIN kpis_kpi child ON child.organization_id = %(organization)s AND child.id = link.child_id
        AND (child.source = 'measured' OR child.rollup = 'sum')
)
SELECT {_COLUMNS} {_FROM}
AND kpi.id IN (SELECT id FROM beneath)
"""  # noqa: S608 - constants of this module
_LINKS = """
SELECT link.parent_id, link.child_id, link.weight, link.contribution, link.valid_from, link.valid_to, child.weight_by_id
FROM kpis_kpilink link JOIN kpis_kpi child ON child.organization_id = %(organization)s AND child.id = link.child_id
WHERE link.organization_id = %(organization)s AND link.replaced_at IS NULL
    AND link.parent_id = ANY(%(ids)s::uuid[]) AND link.child_id = ANY(%(ids)s::uuid[])
"""
_BEYOND = """
SELECT kpi.frequency, min(standing.reach_first), max(standing.reach_last)
FROM kpis_kpi kpi JOIN kpis_standing standing
    ON standing.organization_id = %(organization)s AND standing.kpi_id = kpi.id
WHERE kpi.organization_id = %(organization)s AND kpi.source = 'measured' AND NOT kpi.id = ANY(%(ids)s::uuid[])
    AND standing.reach_first IS NOT NULL
GROUP BY kpi.frequency
"""
_TARGETS = """
SELECT kpi_id, effective_from, target, floor, low, high FROM kpis_target
WHERE organization_id = %(organization)s AND replaced_at IS NULL AND kpi_id = ANY(%(ids)s::uuid[])
ORDER BY kpi_id, effective_from
"""
