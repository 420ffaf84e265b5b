"""Fields that take what JSON says as it is said: no number in quotes, no text without them."""

import datetime as dt
import math
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

MOST_UNKNOWN: Final = 20  # members of one object that are named


class Text(serializers.CharField):
    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Number(serializers.FloatField):
    """A finite number; JSON's integers may be larger than any."""

    default_error_messages = {"not_a_number": "Give a plain number, such as 12.5, smaller than 1.8e308."}

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float) or not _is_finite(data):
            self.fail("not_a_number")
        return float(data)


class Whole(serializers.IntegerField):
    default_error_messages = {"invalid": "Give a whole number, such as 3."}

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return data


class Choice(serializers.ChoiceField):
    default_error_messages = {"invalid_choice": "{input} is not offered; choose from {known}."}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or data not in self.choices:
            shown = repr(data[:40]) if isinstance(data, str) else "This"
            self.fail("invalid_choice", input=shown, known=", ".join(map(str, self.choices)))
        return data


class Day(serializers.DateField):
    """A date as ``YYYY-MM-DD``."""

    default_error_messages = {"invalid": "Give the date as YYYY-MM-DD, such as 2026-11-22."}

    def to_internal_value(self, value: Any) -> dt.date:
        if not isinstance(value, str) or len(value) != len("2026-11-22"):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class Instant(serializers.DateTimeField):
    """A time as ISO 8601, shown in UTC."""

    default_error_messages = {"invalid": "Give a time as ISO 8601, such as 2026-11-22T09:30:00Z."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"default_timezone": dt.UTC, **kwargs})

    def to_internal_value(self, value: Any) -> dt.datetime:
        if not isinstance(value, str):
            self.fail("invalid", format="ISO 8601")
        try:
            return super().to_internal_value(value)
        except OverflowError:
            self.fail("invalid", format="ISO 8601")


@extend_schema_field({"type": "string", "format": "uuid"})
class Reference(serializers.Field[Any, Any, Any, Any]):
    """Another row of the organization, by its id; one that is not there is refused like another organization's."""

    default_error_messages = {"unknown": "There is no {noun} with this id.", "not_a_text": "Give an id, as a text."}

    def __init__(self, noun: str, rows: Callable[[], QuerySet[Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.noun, self.rows = noun, rows

    def get_attribute(self, instance: Any) -> Any:
        """The id alone, so that nothing is fetched to be shown."""
        return getattr(instance, f"{self.source}_id")

    def to_representation(self, value: Any) -> str | None:
        return str(value) if value else None

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("not_a_text")
        found = self.find(data)
        if found is None:
            self.fail("unknown", noun=self.noun)
        return found

    def find(self, name: str) -> Any:
        identifier = as_uuid(name)
        return self.rows().filter(pk=identifier).first() if identifier else None


# Members it does not know are refused: a misspelt one would otherwise silently be left out. (A docstring would show in
# the API's description of every body.)
class ApiSerializer(serializers.Serializer[Any]):
    default_error_messages = {"invalid": "Send a JSON object."}

    def to_internal_value(self, data: Any) -> Any:
        errors: dict[str, Any] = {}
        if isinstance(data, Mapping):
            known = ", ".join(name for name, field in self.fields.items() if not field.read_only)
            message = ErrorDetail(f"There is no such member; known are {known}.", code="unknown_member")
            unknown = (name for name in data if name not in self.fields)
            errors = {name: [message] for name in islice(unknown, MOST_UNKNOWN)}
        try:
            value = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError(
                {**errors, **error.detail} if isinstance(error.detail, dict) else error.detail
            ) from None
        if errors:
            raise ValidationError(errors)
        return value


def as_uuid(text: str) -> UUID | None:
    """The id that a text is, or None."""
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
