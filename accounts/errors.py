"""What actions refuse with, beside Django's ``PermissionDenied`` (403)."""

from django.core.exceptions import PermissionDenied, ValidationError


class ConflictError(Exception):
    """The request is well-formed but does not fit the state of things (409). The message says what would."""


class UnverifiedAddressError(PermissionDenied):
    """Somebody whose e-mail address is not verified tried to make the product write to others."""


def refusal(field: str, detail: str, code: str) -> ValidationError:
    """One thing that is wrong with one field (400)."""
    return ValidationError({field: [ValidationError(detail, code=code)]})
