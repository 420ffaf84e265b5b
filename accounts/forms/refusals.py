"""What an action refuses, shown where it was typed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, QueryDict

from accounts.errors import ConflictError


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the fields sent, be they none at all; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


@contextmanager
def refusals_shown_in(form: BaseForm) -> Iterator[None]:
    """What is refused inside the block becomes an error of the form, and nothing written inside it stays."""
    try:
        with transaction.atomic():
            yield
    except ValidationError as error:
        _add(form, error)
    except ConflictError as error:
        form.add_error(None, str(error))


def _add(form: BaseForm, error: ValidationError) -> None:
    """Errors of fields the form does not have belong to the form as a whole.

    A form that takes a field in another shape says so: ``stands_for = {"unit": "unit_choice"}``.
    """
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    aliases: dict[str, str] = getattr(form, "stands_for", {})
    for field, errors in error.error_dict.items():
        shown = aliases.get(field, field)
        form.add_error(shown if shown in form.fields else None, errors)
