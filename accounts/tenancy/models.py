"""The base classes of tenant tables."""

from collections.abc import Collection
from typing import Any, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models.base import ModelState
from django.db.models.expressions import Col
from django.db.models.lookups import Exact
from django.db.models.sql.where import AND, WhereNode
from uuid_utils.compat import uuid7

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.context import current_organization_id, entered_organization_id

ModelT = TypeVar("ModelT", bound=models.Model, covariant=True)


class TenantQuerySet(models.QuerySet[ModelT]):
    """Rows of the entered organization."""

    def delete(self) -> tuple[int, dict[str, int]]:
        """One statement with the organization in it; the database refuses while other rows point here."""
        count = self._raw_delete(self.db)
        return count, {self.model._meta.label: count}


class TenantManager(models.Manager[ModelT]):
    """Adds the entered organization's predicate to every query, and raises without one."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[ModelT]:
        """Every query begins here: the predicate is put in place, which ``filter`` takes six times as long for."""
        organization_id, rows = current_organization_id(), super().get_queryset()
        organization: Any = self.model._meta.get_field("organization")
        column = organization.get_col(rows.query.get_initial_alias())
        rows.query.where.add(Exact(column, organization_id), AND)
        return rows


class TenantForeignKey(models.ForeignKey[Any, Any]):
    """A reference within the organization: joins carry the organization, the database checks both columns.

    The real constraint is a ``CompositeForeignKey`` in the model's ``Meta.constraints`` (``tenant_constraints``).
    """

    def __init__(self, to: Any, **kwargs: Any) -> None:
        super().__init__(to, **{**kwargs, "on_delete": models.DO_NOTHING, "db_constraint": False, "db_index": False})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for settled in ("on_delete", "db_constraint", "db_index"):
            kwargs.pop(settled, None)
        return name, path, list(args), kwargs

    def get_extra_descriptor_filter(self, instance: models.Model) -> dict[str, Any]:
        """Following the reference asks for the organization too, also where the target is a global table."""
        return {"organization_id": instance.organization_id}  # type: ignore[attr-defined]

    def get_extra_restriction(self, alias: str, related_alias: str) -> WhereNode:
        """``ON remote.organization_id = local.organization_id``, beside Django's own join condition."""
        remote: Any = self.remote_field.model._meta.get_field("organization")
        local: Any = self.model._meta.get_field("organization")
        same_organization: Any = Exact(Col(alias, remote), Col(related_alias, local))
        return WhereNode([same_organization], connector=AND)


class TenantRow(models.Model):
    """A row that belongs to an organization and is found by a composite primary key of its own.

    Every tenant model declares ``objects``, a ``TenantManager`` from its QuerySet.
    """

    organization = models.ForeignKey(
        "accounts.Organization",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        editable=False,
        related_name="+",
        default=entered_organization_id,
    )
    organization_id: UUID

    # What Django itself reads and saves through; a model's own ``objects`` is declared beside it.
    scoped = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        abstract = True
        base_manager_name = "scoped"

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any) -> Self:
        """The row as it is stored. Django's way asks defaults, signals and descriptors, attribute by attribute, which
        have nothing to add to a row that is whole, and takes two to three times as long for thousands of them.
        """
        if options or len(values) != len(cls._meta.concrete_fields):
            return super().from_db(db, field_names, values, **options)
        row = cls.__new__(cls)
        row._state = ModelState()
        row._state.adding, row._state.db = False, db
        row.__dict__.update(zip(field_names, values, strict=True))
        return row

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        return type(self)._base_manager.filter(pk=self.pk).delete()

    def _do_update(self, base_qs: Any, using: Any, pk_val: Any, values: Any, *args: Any) -> Any:
        """A row never changes its organization, so no UPDATE sets it (Citus refuses one that does)."""
        kept = [value for value in values if value[0].name != "organization"]
        return super()._do_update(base_qs, using, pk_val, kept, *args)


class TenantModel(TenantRow):
    """A row that belongs to an organization and has an id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        "accounts.Organization",
        on_delete=models.DO_NOTHING,
        db_index=False,
        editable=False,
        related_name="+",
        default=entered_organization_id,
    )

    class Meta(TenantRow.Meta):
        abstract = True
        constraints = tenant_constraints()
