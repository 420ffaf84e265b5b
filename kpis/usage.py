"""What stands on KPIs, and what is being done for them."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import Organization
from kpis.models import Kpi, KpiLink, KpiOperand
from kpis.models.kpis import KpiQuerySet
from kpis.models.links import KpiLinkQuerySet


def links_still_held(today: dt.date) -> KpiLinkQuerySet:
    """Those that hold today or later, between KPIs in use."""
    ahead = KpiLink.objects.known().filter(Q(valid_to=None) | Q(valid_to__gte=today))
    return ahead.filter(parent__archived_at=None, child__archived_at=None)


def uses_of(ids: Collection[UUID], today: dt.date) -> Counter[UUID]:
    """How many parents each has, and how many formulas and weights name it: three queries."""
    links = links_still_held(today).filter(child_id__in=ids).values_list("child_id", "parent_id").distinct()
    formulas = KpiOperand.objects.filter(operand_id__in=ids, kpi__archived_at=None).exclude(kpi=F("operand"))
    weighed = Kpi.objects.active().filter(weight_by_id__in=ids)
    used = [child_id for child_id, _ in links]
    used += [operand_id for operand_id, _ in formulas.values_list("operand_id", "kpi_id").distinct()]
    return Counter([*used, *filter(None, weighed.values_list("weight_by_id", flat=True))])


def used_by_nothing(today: dt.date) -> KpiQuerySet:
    """The active KPIs without a parent which no formula and no weight names."""
    named = KpiOperand.objects.filter(operand=OuterRef("pk"), kpi__archived_at=None).exclude(kpi=OuterRef("pk"))
    weighed = Kpi.objects.active().filter(weight_by=OuterRef("pk"))
    above = links_still_held(today).filter(child=OuterRef("pk"))
    return Kpi.objects.active().filter(~Exists(above), ~Exists(named), ~Exists(weighed))


def fed(ids: Collection[UUID], today: dt.date) -> set[UUID]:
    """Those that other KPIs ladder up to."""
    return set(links_still_held(today).filter(parent_id__in=ids).values_list("parent_id", flat=True))


def steps_planned(organization: Organization, ids: Collection[UUID], today: dt.date) -> dict[UUID, int]:
    """How many unfinished actions there are on each of these KPIs and on all that feeds it."""
    with connection.cursor() as cursor:
        cursor.execute(_CLIMBING, {"organization": organization.pk, "ids": list(ids), "today": today})
        return dict(cursor.fetchall())


# From every unfinished action upwards, along links and operands.
_CLIMBING = """
WITH RECURSIVE climbing (action_id, kpi_id) AS (
    SELECT id, kpi_id FROM kpis_action
    WHERE organization_id = %(organization)s AND state IN ('open', 'running')
    UNION
    SELECT climbing.action_id, above.id
    FROM climbing CROSS JOIN LATERAL (
        SELECT parent_id AS id FROM kpis_kpilink
        WHERE organization_id = %(organization)s AND child_id = climbing.kpi_id AND replaced_at IS NULL
            AND (valid_from IS NULL OR valid_from <= %(today)s) AND (valid_to IS NULL OR valid_to >= %(today)s)
        UNION ALL
        SELECT kpi_id FROM kpis_kpioperand
        WHERE organization_id = %(organization)s AND operand_id = climbing.kpi_id
    ) above
)
SELECT kpi_id, count(*) FROM climbing WHERE kpi_id = ANY(%(ids)s) GROUP BY kpi_id
"""
