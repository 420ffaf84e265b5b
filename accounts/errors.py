"""Refusals beside Django's ``ValidationError`` (400) and ``PermissionDenied`` (403)."""

from django.core.exceptions import PermissionDenied


class ConflictError(Exception):
    """The request is well-formed but does not fit the state of things (409). The message says what would."""


class UnverifiedAddressError(PermissionDenied):
    """Somebody whose e-mail address is not verified tried to make the product write to others."""
