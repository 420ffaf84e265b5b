"""Fields of key results: pairs of numbers, pairs of a date and a number."""

from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from accounts.api.fields import Day, Number

_NUMBER: Final = {"type": "number"}
_DATE: Final = {"type": "string", "format": "date"}


def _pair(first: dict[str, str], second: dict[str, str]) -> dict[str, Any]:
    # ``items`` for the many readers of OpenAPI that do not know ``prefixItems``.
    return {
        "type": "array",
        "prefixItems": [first, second],
        "items": {"type": ["number", "string"]},
        "minItems": 2,
        "maxItems": 2,
    }


class Pair(serializers.Field[Any, Any, Any, Any]):
    """A list of two, each read by a field of its own."""

    default_error_messages = {"not_a_pair": "Give a list of two, such as {example}."}
    first: serializers.Field[Any, Any, Any, Any]
    second: serializers.Field[Any, Any, Any, Any]
    example = ""

    def to_representation(self, value: Any) -> Any:
        return value

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list) or len(data) != 2:
            self.fail("not_a_pair", example=self.example)
        errors: dict[str, Any] = {}
        read: list[Any] = []
        for place, field in enumerate((self.first, self.second)):
            try:
                read.append(field.to_internal_value(data[place]))
            except ValidationError as error:
                errors[str(place)] = error.detail
        if errors:
            raise ValidationError(errors)
        return read


@extend_schema_field(_pair(_NUMBER, _NUMBER))
class Checkpoint(Pair):
    first, second, example = Number(), Number(), "[50, 0.3]"


@extend_schema_field(_pair(_DATE, _NUMBER))
class PlannedPoint(Pair):
    first, second, example = Day(), Number(), '["2026-11-30", 40]'

    def to_internal_value(self, data: Any) -> list[Any]:
        on, value = super().to_internal_value(data)
        return [on.isoformat(), value]
