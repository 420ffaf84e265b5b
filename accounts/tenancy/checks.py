"""System checks: a tenant table cannot forget its constraints."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register
from django.db.models import ForeignKey, Model

from accounts.tenancy.constraints import CompositeForeignKey, RowLevelSecurity, TenantPrimaryKey
from accounts.tenancy.models import TenantForeignKey, TenantModel, TenantRow


@register()
def tenant_tables_declare_their_constraints(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    return [error for model in apps.get_models() if issubclass(model, TenantRow) for error in _missing(model)]


def _missing(model: type[Model]) -> Iterator[CheckMessage]:
    kinds = {type(constraint) for constraint in model._meta.constraints}
    if RowLevelSecurity not in kinds:
        yield Error("A tenant table needs row-level security: use tenant_constraints().", obj=model, id="tenancy.E001")
    if issubclass(model, TenantModel) and TenantPrimaryKey not in kinds:
        yield Error("A tenant table needs its primary key: use tenant_constraints().", obj=model, id="tenancy.E002")
    guarded = {c.field for c in model._meta.constraints if isinstance(c, CompositeForeignKey)}
    for field in model._meta.local_fields:
        if isinstance(field, TenantForeignKey) and field.name not in guarded:
            yield Error(f"Name {field.name!r} in tenant_constraints(...).", obj=model, id="tenancy.E003")
        elif isinstance(field, ForeignKey) and not isinstance(field, TenantForeignKey) and field.name != "organization":
            yield Error(f"{field.name!r} must be a TenantForeignKey.", obj=model, id="tenancy.E004")
