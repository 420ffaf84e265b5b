"""What PostgreSQL's own catalogue says about the tenant tables, as a list of everything that is wrong."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection

from accounts.tenancy.constraints import POLICY
from accounts.tenancy.models import TenantRow

# Reached by user or by organization alone, and not by row-level security; everything else is a tenant table.
GLOBAL_TABLES = {"accounts_organization", "accounts_user", "accounts_member", "accounts_wakeup"}
# Django's and allauth's own: about people and sessions, never about an organization's data.
LIBRARY_TABLES = ("django_", "auth_", "account_")
PREDICATE = "(organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid)"


def tenant_tables() -> set[str]:
    return {model._meta.db_table for model in apps.get_models() if issubclass(model, TenantRow)}


def findings() -> list[str]:
    """Every breach of the rules of tenancy and of scale-out, as a sentence."""
    return [
        *_unknown_tables(),
        *(finding for table in sorted(tenant_tables()) for finding in _of_table(table)),
    ]


def _rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _unknown_tables() -> Iterator[str]:
    known = tenant_tables() | GLOBAL_TABLES
    for (table,) in _rows(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
    ):
        if table not in known and not table.startswith(LIBRARY_TABLES):
            yield f"{table} is neither a tenant table nor a known global one"


def _of_table(table: str) -> Iterator[str]:
    yield from _organization_column(table)
    yield from _row_level_security(table)
    yield from _indexes(table)
    yield from _foreign_keys(table)
    yield from _triggers(table)
    yield from _defaults(table)


def _organization_column(table: str) -> Iterator[str]:
    found = _rows(
        "SELECT attnotnull, atttypid::regtype::text FROM pg_attribute "
        "WHERE attrelid = %s::regclass AND attname = 'organization_id'",
        table,
    )
    if found != [(True, "uuid")]:
        yield f"{table}.organization_id is not uuid NOT NULL"


def _row_level_security(table: str) -> Iterator[str]:
    [(enabled, forced)] = _rows(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table
    )
    if not enabled:
        yield f"{table} has row-level security disabled"
    if not forced:
        yield f"{table} does not force row-level security on its owner"
    policies = _rows(
        "SELECT policyname, permissive, roles::text[], cmd, qual, with_check FROM pg_policies WHERE tablename = %s",
        table,
    )
    if policies != [(POLICY, "PERMISSIVE", ["public"], "ALL", PREDICATE, PREDICATE)]:
        yield f"{table} has other policies than the one of its organization: {policies}"


def _indexes(table: str) -> Iterator[str]:
    found = _rows(
        """
        SELECT relname, indisprimary, pg_get_indexdef(indexrelid, 1, true), indnkeyatts
        FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE indrelid = %s::regclass
        """,
        table,
    )
    for name, is_primary, first_column, columns in found:
        if first_column != "organization_id":
            yield f"{table}: index {name} does not start with the organization"
        if is_primary and columns < 2:
            yield f"{table}: the primary key is not (organization_id, id) or longer"
    if not any(is_primary for _, is_primary, _, _ in found):
        yield f"{table} has no primary key"


def _foreign_keys(table: str) -> Iterator[str]:
    found = _rows(
        """
        SELECT conname, confrelid::regclass::text, condeferrable, confdeltype::text, confupdtype::text,
               (SELECT array_agg(attname::text ORDER BY place) FROM unnest(conkey) WITH ORDINALITY AS k (number, place)
                JOIN pg_attribute ON attrelid = conrelid AND attnum = number),
               (SELECT array_agg(attname::text ORDER BY place) FROM unnest(confkey) WITH ORDINALITY AS k (number, place)
                JOIN pg_attribute ON attrelid = confrelid AND attnum = number)
        FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass
        """,
        table,
    )
    for name, target, deferrable, on_delete, on_update, columns, target_columns in found:
        if target == "accounts_organization":
            continue
        if columns[0] != "organization_id" or target_columns != ["organization_id", "id"]:
            yield f"{table}: foreign key {name} is not composite"
        if deferrable:
            yield f"{table}: foreign key {name} is deferrable"
        if (on_delete, on_update) != ("a", "a"):
            yield f"{table}: foreign key {name} changes rows by itself"
    yield from _unguarded_references(table, [columns for *_, columns, _ in found])


def _unguarded_references(table: str, guarded: list[list[str]]) -> Iterator[str]:
    """A reference that Django knows and the database does not check."""
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    for field in model._meta.local_fields:
        if field.is_relation and field.name != "organization" and ["organization_id", field.column] not in guarded:
            yield f"{table}.{field.column} has no composite foreign key"


def _triggers(table: str) -> Iterator[str]:
    for (name,) in _rows("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = %s::regclass", table):
        yield f"{table} has the trigger {name}"


def _defaults(table: str) -> Iterator[str]:
    found = _rows(
        """
        SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND (
            attidentity <> '' OR EXISTS (
                SELECT FROM pg_attrdef
                WHERE adrelid = attrelid AND adnum = attnum AND pg_get_expr(adbin, adrelid) LIKE 'nextval%%'))
        """,
        table,
    )
    for (column,) in found:
        yield f"{table}.{column} is a serial column"
