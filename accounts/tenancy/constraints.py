"""Tenancy in the database, as constraints that ``makemigrations`` writes.

All SQL is deferred to the end of the migration, where every table it names exists.
"""

from typing import Any

from django.db.models import BaseConstraint, Model

POLICY = "organization"
PREDICATE = "organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid"


class DatabaseConstraint(BaseConstraint):
    """A constraint that the database alone checks; forms and ``full_clean`` have nothing to ask."""

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        return self.create_sql(model, schema_editor)

    def validate(self, model: type[Model], instance: Model, exclude: Any = None, using: Any = None) -> None:
        """Nothing to ask here."""

    def __eq__(self, other: object) -> bool:
        if isinstance(other, DatabaseConstraint):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    __hash__ = BaseConstraint.__hash__


class TenantPrimaryKey(DatabaseConstraint):
    """The database's primary key is ``(organization_id, id)``, while Django's state keeps the single ``id``."""

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        table = model._meta.db_table
        # First in the queue: composite foreign keys of the same migration need it.
        schema_editor.deferred_sql.insert(0, _primary_key(table, "organization_id, id"))
        return None

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        return _primary_key(model._meta.db_table, "id")


class RowLevelSecurity(DatabaseConstraint):
    """Only rows of the entered organization exist, for reading and for writing, and for the table's owner too."""

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        table = f'"{model._meta.db_table}"'
        schema_editor.deferred_sql.append(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
            f"CREATE POLICY {POLICY} ON {table} USING ({PREDICATE}) WITH CHECK ({PREDICATE})"
        )
        return None

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        table = f'"{model._meta.db_table}"'
        return (
            f"DROP POLICY {POLICY} ON {table};"
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY"
        )


class CompositeForeignKey(DatabaseConstraint):
    """``(organization_id, field) -> target (organization_id, id)``, checked at once, restricting deletes."""

    def __init__(self, *, field: str, name: str) -> None:
        super().__init__(name=name)
        self.field = field

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        field: Any = model._meta.get_field(self.field)
        target = field.remote_field.model._meta.db_table
        schema_editor.deferred_sql.append(
            f'ALTER TABLE "{model._meta.db_table}" ADD CONSTRAINT "{self.name}" '
            f'FOREIGN KEY (organization_id, "{field.column}") REFERENCES "{target}" (organization_id, id)'
        )
        return None

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        return f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT "{self.name}"'

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}


def tenant_constraints(*foreign_keys: str) -> list[BaseConstraint]:
    """What every tenant table with an ``id`` declares, naming its foreign keys to tenant tables and to members."""
    return [TenantPrimaryKey(name="%(app_label)s_%(class)s_pk"), *tenant_row_constraints(*foreign_keys)]


def tenant_row_constraints(*foreign_keys: str) -> list[BaseConstraint]:
    """The same for tables whose model has a composite primary key of its own."""
    return [
        RowLevelSecurity(name="%(app_label)s_%(class)s_rls"),
        *(CompositeForeignKey(field=field, name=f"%(app_label)s_%(class)s_{field}_fk") for field in foreign_keys),
    ]


def _primary_key(table: str, columns: str) -> str:
    return (
        f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_pkey", ADD CONSTRAINT "{table}_pkey" PRIMARY KEY ({columns})'
    )


__all__ = [
    "CompositeForeignKey",
    "RowLevelSecurity",
    "TenantPrimaryKey",
    "tenant_constraints",
    "tenant_row_constraints",
]
