"""What an action refused about rows, put beside the fields it is about."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError


def show_row_refusals(rows: Sequence[forms.Form], above: forms.Form, errors: Iterable[ValidationError]) -> None:
    """Add errors about rows (``index`` and ``field`` in their params) to the rows' forms, others to ``above``."""
    for error in errors:
        params: dict[str, Any] = dict(error.params or {})
        index, field = params.get("index"), params.get("field")
        text = error.messages[0]
        row = above if index is None or index >= len(rows) else rows[index]
        if field not in row.fields and field in above.fields:
            row = above
        row.add_error(field if field in row.fields else None, text)
