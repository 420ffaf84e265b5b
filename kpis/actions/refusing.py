"""Many refusals as one ``ValidationError``, which forms and the API show beside the input."""

from collections.abc import Iterable
from typing import TypeAlias

from django.core.exceptions import ValidationError

from kpis.engine.refusals import Refusal

Errors: TypeAlias = dict[str, list[ValidationError]]


def raise_all(errors: Errors) -> None:
    """Raise everything that is wrong, by field, if anything is."""
    if errors:
        raise ValidationError(errors)


def refuse_rows(rows: str, refusals: Iterable[Refusal]) -> None:
    """Raise everything that is wrong with a list of rows under the list's name, if anything is.

    Each error's ``params`` say which row (``index``, from 0) and which of its fields (``field``) is meant.
    """
    errors = [_row_error(found) for found in refusals]
    raise_all({rows: errors} if errors else {})


def _row_error(found: Refusal) -> ValidationError:
    # Django formats messages that have parameters, so a percent sign is doubled.
    return ValidationError(
        found.detail.replace("%", "%%"), code=found.code, params={"index": found.index, "field": found.field}
    )
