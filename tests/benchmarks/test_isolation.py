"""What row-level security costs: the same statements as a role that it binds, and as one that it does not."""

import datetime as dt
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from accounts.models import Organization
from tests.benchmarks.results import Results, Row, best, milliseconds
from tests.benchmarks.worlds import make_tree, measure_monthly, vacuum

pytestmark = [pytest.mark.benchmark, pytest.mark.any_statement]
READS = 300
WRITTEN = 20_000
TITLE = "Row-level security"


class Role:
    """A connection of a role, inside an organization."""

    def __init__(self, user: str, organization: Organization) -> None:
        parameters = connection.get_connection_params()
        self.organization_id = organization.pk
        self.database = psycopg.connect(
            host=parameters["host"], dbname=parameters["dbname"], user=user, autocommit=True
        )

    def read(self, kpi_ids: list[object]) -> None:
        for kpi_id in kpi_ids:
            with self.database.transaction():
                self._enter()
                self.database.execute(
                    "SELECT date, value FROM kpis_measurement WHERE organization_id = %s AND kpi_id = %s ORDER BY date",
                    [self.organization_id, kpi_id],
                ).fetchall()

    def write(self, kpi_ids: list[object]) -> None:
        """New values, taken back: the table stays as it was."""
        with self.database.transaction(force_rollback=True):
            self._enter()
            self.database.execute(
                "INSERT INTO kpis_measurement (organization_id, kpi_id, date, value, note, push_id)"
                " SELECT %s, id, %s::date + day, 1, '', %s"
                " FROM unnest(%s::uuid[]) id, generate_series(1, %s) day ORDER BY 2, 3",
                [self.organization_id, dt.date(1950, 1, 1), uuid4(), kpi_ids, WRITTEN // len(kpi_ids)],
            )

    def _enter(self) -> None:
        self.database.execute(f"SET LOCAL app.organization_id = '{self.organization_id}'")


def test_row_level_security(organization: Organization, results: Results) -> None:
    kpis = make_tree(organization, 1_000, targets=False)
    measure_monthly(organization, kpis, dt.date(2016, 12, 1), 120)
    vacuum()
    measured: list[object] = [kpi.pk for kpi in kpis if kpi.is_measured][:READS]
    free, bound = Role("postgres", organization), Role("ladder_app", organization)
    reading = best(7, free=lambda: free.read(measured), bound=lambda: bound.read(measured))
    writing = best(7, free=lambda: free.write(measured[:100]), bound=lambda: bound.write(measured[:100]))
    results.add(
        TITLE,
        Row(
            "reading one KPI's series, with / without",
            milliseconds(reading["free"] / READS),
            milliseconds(reading["bound"] / READS),
            reading["bound"] / reading["free"],
            "<= 1.1",
        ),
        Row(
            "rate of inserting, with / without",
            milliseconds(writing["free"]),
            milliseconds(writing["bound"]),
            writing["free"] / writing["bound"],
            ">= 0.8",
        ),
    )
