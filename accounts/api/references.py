"""Other rows of ``accounts``, as fields and parameters name them."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.api.fields import Reference, as_uuid
from accounts.models import Department, Member
from accounts.tenancy.context import current_organization_id


def members() -> QuerySet[Member]:
    """Who belongs to the organization now."""
    return Member.objects.of_organization(current_organization_id()).select_related("user")


def departments() -> QuerySet[Department]:
    return Department.objects.all()


def member_reference(**kwargs: Any) -> Reference:
    return Reference("member", members, **kwargs)


def department_reference(**kwargs: Any) -> Reference:
    return Reference("department", departments, **kwargs)


def named(rows: QuerySet[Any], parameter: str, text: str | None) -> Any:
    """The row a query parameter names; None without the parameter, 400 if there is no such row."""
    if text is None:
        return None
    identifier = as_uuid(text)
    found = rows.filter(pk=identifier).first() if identifier else None
    if found is None:
        message = f"There is no {rows.model._meta.verbose_name} with this id."
        raise ValidationError({parameter: [ErrorDetail(message, code="unknown")]})
    return found
