"""Which rows of a list, and in which order."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django_filters.fields import IsoDateTimeField
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request


class Ordering(BaseFilterBackend):
    """``?ordering=-name`` by one of the view's ``ordering_fields``, its id breaking ties."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        asked = request.query_params.get("ordering")
        if asked is None:
            return queryset.order_by(*view.ordering)
        names = asked.split(",")
        if {name.removeprefix("-") for name in names} - set(view.ordering_fields):
            known = ", ".join(view.ordering_fields)
            message = f"Order by {known or 'nothing else'}, with a minus sign before it for the other direction."
            raise ValidationError({"ordering": [ErrorDetail(message, code="invalid")]})
        return queryset.order_by(*names, "-id" if names[-1].startswith("-") else "id")


class ReferenceFilter(django_filters.UUIDFilter):
    """Rows that point to another; an id that is not there, or is another organization's, is refused.

    ``parameter`` is what it is called in the address, where that is not the column's name.
    """

    def __init__(self, rows: Callable[[], QuerySet[Any]], *, parameter: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows = rows
        self.parameter = parameter

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if value and not self.rows().filter(pk=value).exists():
            name = self.parameter or self.field_name
            message = f"There is no {name.replace('_', ' ')} with this id."
            raise ValidationError({name: [ErrorDetail(message, code="unknown")]})
        filtered: QuerySet[Any] = super().filter(qs, value)
        return filtered


class ArchivedFilter(django_filters.ChoiceFilter):
    """What is in use, unless what is archived is asked for."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("false", "In use"), ("true", "Archived"), ("all", "Both")]
        super().__init__(**{"choices": choices, "label": "false (as without it), true or all.", **kwargs})

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs if value == "all" else qs.filter(archived_at__isnull=value != "true")


class InstantField(IsoDateTimeField):
    """In UTC: the database refuses offsets that ISO 8601 allows, and a day beside the calendar's end has no other."""

    def to_python(self, value: Any) -> dt.datetime | None:
        try:
            instant: dt.datetime | None = super().to_python(value)
            return instant and instant.astimezone(dt.UTC)
        except OverflowError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class InstantFilter(django_filters.IsoDateTimeFilter):
    """Times as ISO 8601; those without an offset are UTC."""

    field_class = InstantField


FILTER_BACKENDS = [DjangoFilterBackend, Ordering]


def list_parameters(view: Any) -> set[str]:
    """The query parameters of a view's list."""
    filterset = getattr(view, "filterset_class", None)
    return {
        "limit",
        "cursor",
        *(["ordering"] if view.ordering_fields else []),
        *(filterset.base_filters if filterset else ()),
    }


def described_parameters(view: Any) -> list[dict[str, Any]]:
    """The filters and the ordering of a view's list, as OpenAPI has them."""
    filterset = getattr(view, "filterset_class", None)
    filters = filterset.base_filters if filterset else {}
    described = [_parameter(name, _described(name, declared), _schema(declared)) for name, declared in filters.items()]
    if view.ordering_fields:
        names = [name for field in view.ordering_fields for name in (field, f"-{field}")]
        schema = {"type": "array", "items": {"type": "string", "enum": names}, "minItems": 1}
        ordering = _parameter("ordering", "By what to sort; a minus sign turns the direction.", schema)
        described.append({**ordering, "explode": False, "style": "form"})
    return described


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _described(name: str, declared: Any) -> str:
    given: str | None = declared.extra.get("label") or declared._label
    if given is None and isinstance(declared, ReferenceFilter):
        return f"The {name.replace('_', ' ')}'s id."
    return given or f"Those of this {name}."


def _schema(declared: Any) -> dict[str, Any]:
    match declared:
        case django_filters.ChoiceFilter():
            return {"type": "string", "enum": [value for value, _ in declared.extra["choices"]]}
        case django_filters.UUIDFilter():
            return {"type": "string", "format": "uuid"}
        case django_filters.IsoDateTimeFilter():
            return {"type": "string", "format": "date-time"}
    return {"type": "string"}
