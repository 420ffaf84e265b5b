"""Refusals beside Django's ``ValidationError`` (400) and ``PermissionDenied`` (403)."""


class ConflictError(Exception):
    """The request is well-formed but does not fit the state of things (409). The message says what would."""
