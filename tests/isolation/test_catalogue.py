"""The catalogue walk: no table can forget its tenancy, and breaking one on purpose is found."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from tests.conftest import as_owner
from tests.isolation.catalogue import findings, tenant_tables

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_statement]


class _UndoError(Exception):
    """Rolls the breach back."""


@contextmanager
def broken_by(statement: str) -> Iterator[None]:
    with as_owner():
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(statement)
                yield
                raise _UndoError
        except _UndoError:
            pass


def test_every_tenant_table_obeys_every_rule() -> None:
    assert len(tenant_tables()) >= 14
    assert findings() == []


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("ALTER TABLE kpis_kpi DISABLE ROW LEVEL SECURITY", "row-level security disabled"),
        ("ALTER TABLE kpis_kpi NO FORCE ROW LEVEL SECURITY", "does not force"),
        ("DROP POLICY organization ON kpis_kpi", "other policies"),
        ("CREATE POLICY hole ON kpis_kpi USING (true)", "other policies"),
        ("ALTER POLICY organization ON kpis_kpi USING (true)", "other policies"),
        ("ALTER POLICY organization ON kpis_kpi WITH CHECK (true)", "other policies"),
        (
            "ALTER TABLE kpis_target DROP CONSTRAINT kpis_target_pkey;"
            "ALTER TABLE kpis_target ALTER organization_id DROP NOT NULL",
            "NOT NULL",
        ),
        ("ALTER TABLE kpis_target DROP CONSTRAINT kpis_target_pkey", "no primary key"),
        (
            "ALTER TABLE kpis_target DROP CONSTRAINT kpis_target_pkey, "
            "ADD CONSTRAINT kpis_target_pkey PRIMARY KEY (id)",
            "does not start with the organization",
        ),
        ("CREATE INDEX stray ON kpis_kpi (key)", "does not start with the organization"),
        ("ALTER TABLE kpis_target DROP CONSTRAINT kpis_target_kpi_fk", "no composite foreign key"),
        ("ALTER TABLE kpis_target ALTER CONSTRAINT kpis_target_kpi_fk DEFERRABLE", "deferrable"),
        (
            "ALTER TABLE kpis_target DROP CONSTRAINT kpis_target_kpi_fk, ADD CONSTRAINT kpis_target_kpi_fk "
            "FOREIGN KEY (organization_id, kpi_id) REFERENCES kpis_kpi (organization_id, id) ON DELETE CASCADE",
            "changes rows by itself",
        ),
        ("CREATE TABLE kpis_stray (id uuid PRIMARY KEY)", "neither a tenant table nor a known global one"),
        (
            "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
            "CREATE TRIGGER stray BEFORE INSERT ON kpis_kpi FOR EACH ROW EXECUTE FUNCTION nothing()",
            "trigger",
        ),
        ("ALTER TABLE kpis_kpi ADD COLUMN number serial", "serial"),
    ],
)
def test_a_breach_is_found(statement: str, finding: str) -> None:
    with broken_by(statement):
        assert any(finding in found for found in findings()), findings()


def test_the_runtime_role_is_bound_by_all_of_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("ladder_app", False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")
        assert cursor.fetchone() == (False,)


def test_the_owner_is_bound_too() -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
