"""Which objectives are aligned beneath others, and which these serve."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import connection

from accounts.models import Organization
from kpis.staging import array_of


def beneath(organization: Organization, ids: Iterable[UUID]) -> list[UUID]:
    """These objectives and all that are aligned beneath them, directly or by a key result."""
    with connection.cursor() as cursor:
        cursor.execute(_BENEATH, {"organization": organization.pk, "ids": array_of(ids)})
        return [id for (id,) in cursor.fetchall()]


def above(organization: Organization, ids: Iterable[UUID]) -> list[UUID]:
    """These objectives and all that they serve, directly or by a key result."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, {"organization": organization.pk, "ids": array_of(ids)})
        return [id for (id,) in cursor.fetchall()]


_BENEATH: Final = """
WITH RECURSIVE beneath (id) AS (
    SELECT unnest(%(ids)s::uuid[])
    UNION
    SELECT aligned.id
    FROM beneath CROSS JOIN LATERAL (
        SELECT id FROM okrs_objective
        WHERE organization_id = %(organization)s AND parent_id = beneath.id AND removed_at IS NULL
        UNION ALL
        SELECT objective.id
        FROM okrs_keyresult result
        JOIN okrs_objective objective ON objective.organization_id = %(organization)s
            AND objective.parent_key_result_id = result.id AND objective.removed_at IS NULL
        WHERE result.organization_id = %(organization)s AND result.objective_id = beneath.id
    ) aligned
)
SELECT id FROM beneath
"""
_ABOVE: Final = """
WITH RECURSIVE above (id) AS (
    SELECT unnest(%(ids)s::uuid[])
    UNION
    SELECT coalesce(objective.parent_id, result.objective_id)
    FROM above
    JOIN okrs_objective objective ON objective.organization_id = %(organization)s AND objective.id = above.id
    LEFT JOIN okrs_keyresult result ON result.organization_id = %(organization)s
        AND result.id = objective.parent_key_result_id
    WHERE coalesce(objective.parent_id, result.objective_id) IS NOT NULL
)
SELECT id FROM above
"""
