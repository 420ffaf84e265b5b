"""Refusals only the API knows."""

from rest_framework import status
from rest_framework.exceptions import APIException


class TooLargeError(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class ReusedKeyError(APIException):
    """An Idempotency-Key that was used for another request."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"
    default_detail = "This Idempotency-Key was used for another request within the last 24 hours; use a new one."


class StillRunningError(APIException):
    """The first request with this Idempotency-Key has not ended."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "still_running"
    default_detail = "The first request with this Idempotency-Key is still running; ask again in a moment."


class UnavailableError(APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "unavailable"
    default_detail = "The database is busy or away; nothing was changed. Try again in a moment."
    wait = 1
