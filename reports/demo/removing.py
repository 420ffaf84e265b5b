"""Removing an organization with everything in it, which only the demo ever does."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.apps import apps

from accounts.models import Member, Organization, User, Wakeup
from accounts.tenancy.context import organization_context
from accounts.tenancy.models import TenantForeignKey, TenantRow
from okrs.models import Objective

# References that lead round to where they come from, so that no table could go first.
ROUND: Final[tuple[tuple[Any, str], ...]] = ((Objective, "parent_key_result"),)


def remove_organization(organization: Organization) -> None:
    """Delete every row of every table that belongs to it, and it itself."""
    with organization_context(organization.pk):
        members = Member.objects.filter(organization_id=organization.pk)
        members.update(department=None)
        for model, name in ROUND:
            model.scoped.update(**{name: None})
        for model in _referring_first(apps.get_models()):
            model.scoped.all().delete()
        members.delete()
        Wakeup.objects.filter(organization_id=organization.pk).delete()
        organization.delete()


def remove_people(emails: Iterable[str]) -> None:
    """Delete the accounts of these people, unless they belong to another organization."""
    User.objects.filter(email__in=emails, memberships=None).delete()


def _referring_first(models: Iterable[Any]) -> Iterator[Any]:
    """Tenant tables, each before those that it refers to."""
    left = {model for model in models if issubclass(model, TenantRow)}
    while left:
        referred = {target for model in left for target in _targets(model)}
        free = left - referred
        if not free:
            raise RuntimeError(f"These tables refer to each other: {sorted(model.__name__ for model in left)}.")
        yield from sorted(free, key=lambda model: model.__name__)
        left -= free


def _targets(model: Any) -> Iterator[Any]:
    for field in model._meta.get_fields():
        is_reference = isinstance(field, TenantForeignKey) and field.related_model is not model
        if is_reference and (model, field.name) not in ROUND:
            yield field.related_model
