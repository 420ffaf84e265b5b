"""The guard that watches every statement of every test."""

import pytest
from django.db import connection

from tests.isolation.statements import missing_predicates


@pytest.mark.parametrize(
    ("sql", "missing"),
    [
        ('SELECT "kpis_kpi"."id" FROM "kpis_kpi" WHERE "kpis_kpi"."organization_id" = %s', 0),
        ('SELECT "kpis_kpi"."id" FROM "kpis_kpi"', 1),
        ("SELECT 1 FROM kpis_kpi k JOIN kpis_target t ON t.kpi_id = k.id WHERE k.organization_id = %s", 1),
        ("UPDATE kpis_kpi SET name = 'x'", 1),
        ("DELETE FROM kpis_score WHERE kpi_id = %s", 1),
        ("INSERT INTO kpis_stalemark (organization_id, id) VALUES (%s, %s)", 0),
        ("SELECT * FROM accounts_user", 0),
        ("TRUNCATE kpis_kpi", 0),
    ],
)
def test_a_statement_without_its_organization_is_seen(sql: str, missing: int) -> None:
    assert missing_predicates(sql) == missing


@pytest.mark.django_db
def test_the_guard_stops_a_test_that_runs_such_a_statement() -> None:
    with pytest.raises(AssertionError, match="without organization_id"), connection.cursor() as cursor:
        cursor.execute("SELECT name FROM kpis_kpi")
