"""What an action refused, in a form that tests compare."""

from django.core.exceptions import ValidationError


def codes(refused: ValidationError) -> dict[str, list[str | None]]:
    """The codes of everything that is wrong, by field."""
    return {field: [error.code for error in errors] for field, errors in refused.error_dict.items()}


def rows_of(refused: ValidationError, name: str) -> list[tuple[str | None, object, object]]:
    """(code, row, field) of everything that is wrong with a list."""
    return [
        (error.code, (error.params or {}).get("index"), (error.params or {}).get("field"))
        for error in refused.error_dict[name]
    ]
