"""What an action refused, put beside the fields it is about."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError


def show_refusal(form: forms.Form, refused: ValidationError) -> None:
    """Add an action's ValidationError to the form; what belongs to no field of it stands above the form.

    A form that takes a field in another shape says so: ``stands_for = {"unit": "unit_choice"}``.
    """
    aliases: dict[str, str] = getattr(form, "stands_for", {})
    for field, errors in refused.error_dict.items():
        shown = aliases.get(field, field)
        for error in errors:
            form.add_error(shown if shown in form.fields else None, error.messages[0])


def show_row_refusals(rows: Sequence[forms.Form], above: forms.Form, errors: Iterable[ValidationError]) -> None:
    """Add errors about rows (``index`` and ``field`` in their params) to the rows' forms, others to ``above``."""
    for error in errors:
        params: dict[str, Any] = dict(error.params or {})
        index, field = params.get("index"), params.get("field")
        text = error.messages[0]
        if index is None or index >= len(rows):
            above.add_error(field if field in above.fields else None, text)
        elif field in above.fields:
            above.add_error(field, text)
        else:
            rows[index].add_error(field if field in rows[index].fields else None, text)
