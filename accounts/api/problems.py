"""Every error as RFC 9457 ``application/problem+json``."""

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from accounts.api.errors import UnavailableError
from accounts.errors import ConflictError

logger = structlog.get_logger(__name__)

CONTENT_TYPE = "application/problem+json"
MOST_ERRORS = 100
ROOT_KEYS = {NON_FIELD_ERRORS, "non_field_errors", ""}
# What a problem is called; the URN is stable, so that programs can tell them apart.
TITLES = {
    "invalid": "The request is not valid",
    "malformed": "The body cannot be read",
    "not_authenticated": "Log in or send a token",
    "permission_denied": "Not permitted",
    "not_found": "Not found",
    "method_not_allowed": "This method is not offered here",
    "conflict": "This does not fit the state of things",
    "still_running": "The same request is still running",
    "too_large": "Too large",
    "unsupported_media_type": "This kind of content is not supported",
    "idempotency_key_reused": "The Idempotency-Key was used for another request",
    "throttled": "Too many requests",
    "error": "Something went wrong on our side",
    "unavailable": "Try again in a moment",
}
NAMES = {"parse_error": "malformed", "authentication_failed": "not_authenticated"}


def problem(
    status: int,
    name: str,
    detail: str,
    errors: Iterable[Mapping[str, str]] = (),
    *,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> Response:
    """The response for one problem. ``errors`` are ``{pointer, code, detail}``, ``members`` extend the object."""
    body = {
        "type": f"urn:ladder:problem:{name}",
        "title": TITLES.get(name, HTTPStatus(status).phrase),
        "status": status,
        "detail": detail,
        "errors": list(errors)[:MOST_ERRORS],
        "request_id": request_id(),
        **members,
    }
    return Response(body, status=status, content_type=CONTENT_TYPE, headers=dict(headers or {}))


def request_id() -> str | None:
    """The id under which the log knows this request."""
    found: str | None = structlog.contextvars.get_contextvars().get("request_id")
    return found


def respond_to(error: Exception, context: Mapping[str, Any]) -> Response:
    """The framework's ``EXCEPTION_HANDLER``: whatever was raised, a problem, and never a stack trace."""
    known = _known(error)
    if isinstance(known, exceptions.ValidationError):
        return invalid(list(pointers(known.detail)))
    if known is None:
        logger.error("api_request_failed", exc_info=error)
        return problem(500, "error", "The error was logged under the request_id below; nothing was changed.")
    if known.status_code >= 500:
        logger.error("api_request_failed", exc_info=error)
    name = NAMES.get(known.default_code, known.default_code)
    return problem(known.status_code, name, str(known.detail), headers=_headers(known))


def invalid(errors: list[dict[str, str]]) -> Response:
    """400 with everything that is wrong and where."""
    first = errors[0]["detail"] if errors else "The request is not valid."
    more = len(errors) - 1
    detail = first if more < 1 else f"{first} And {more} more {'error' if more == 1 else 'errors'}."
    return problem(400, "invalid", detail, errors, error_count=len(errors))


def _known(error: Exception) -> exceptions.APIException | None:
    match error:
        case exceptions.APIException():
            return error
        case DjangoValidationError():
            return exceptions.ValidationError(details_of(error))
        case ConflictError():
            return _Conflict(str(error))
        case Http404():
            return exceptions.NotFound(str(error) or None)
        case PermissionDenied():
            return exceptions.PermissionDenied(str(error) or None)
        case SuspiciousOperation():
            return exceptions.ParseError("The request cannot be read.")
        case OperationalError() | InterfaceError():
            return UnavailableError()
    return None


class _Conflict(exceptions.APIException):
    status_code = 409
    default_code = "conflict"


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def details_of(error: DjangoValidationError) -> dict[str, Any]:
    """A ValidationError of an action, by field; one about a row of a list says in ``params`` which row and field."""
    if not hasattr(error, "error_dict"):
        return {"": _leaves(error.error_list)}
    return {("" if field in ROOT_KEYS else field): _leaves(found) for field, found in error.error_dict.items()}


def _leaves(errors: list[DjangoValidationError]) -> Any:
    leaves: list[Any] = []
    rows: dict[str, dict[str, list[exceptions.ErrorDetail]]] = {}
    for error in errors:
        leaf = exceptions.ErrorDetail(error.messages[0], code=error.code or "invalid")
        params = error.params if isinstance(error.params, dict) else {}
        if "index" in params and params["index"] is not None:
            rows.setdefault(str(params["index"]), {}).setdefault(params.get("field") or "", []).append(leaf)
        else:
            leaves.append(leaf)
    return {**rows, **({"": leaves} if leaves else {})} if rows else leaves


def pointers(detail: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """Nested error details, flattened: ``{"a": [{}, {"b": ["No."]}]}`` -> ``/a/1/b``."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from pointers(inner, pointer if name in ROOT_KEYS else f"{pointer}/{_escaped(str(name))}")
    elif isinstance(detail, list | tuple):
        for index, inner in enumerate(detail):
            yield from pointers(inner, pointer if isinstance(inner, str) else f"{pointer}/{index}")
    else:
        yield {"pointer": pointer, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
