"""What can be chosen in forms: members with those invited, KPIs by name."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any, TypeAlias
from uuid import UUID

from django import forms

from accounts.models import Member, Organization
from kpis.models import Kpi

Choices: TypeAlias = list[tuple[Any, str]]


def choose_from(form: forms.BaseForm, name: str, choices: Choices) -> None:
    """Offer ``choices`` in a field of a form, which only now knows them."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
    field.choices = choices


def member_choices(organization: Organization) -> Choices:
    """Everybody who can own a KPI; those who have not arrived are marked."""
    members = Member.objects.of_organization(organization.pk).by_name()
    return [(str(member.pk), f"{member}" if member.has_arrived else f"{member} (invited)") for member in members]


def kpi_choices(without: Collection[UUID] = ()) -> Choices:
    """Active KPIs by name, the key behind it where a name is there twice."""
    rows = list(Kpi.objects.active().order_by("name", "id").values_list("id", "name", "key"))
    names = Counter(name for _, name, _ in rows)
    return [(str(pk), name if names[name] == 1 else f"{name} ({key})") for pk, name, key in rows if pk not in without]


def optional(nothing: str, choices: Iterable[tuple[Any, str]]) -> Choices:
    """The choices with none of them first, called ``nothing``."""
    return [("", nothing), *choices]
