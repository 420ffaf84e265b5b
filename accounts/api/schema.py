"""The OpenAPI description: what every operation has in common."""

from inspect import getdoc
from typing import Any, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from accounts.api.fields import ApiSerializer
from accounts.api.filters import described_parameters
from accounts.api.pagination import DEFAULT_LIMIT, MOST
from accounts.api.problems import TITLES

PROBLEM: Final = {
    "type": "object",
    "description": "RFC 9457: what went wrong, for people and for programs.",
    "required": ["type", "title", "status", "detail", "errors", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri", "examples": ["urn:ladder:problem:invalid"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "Where and why, at most 100; `error_count` says how many there are.",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "A JSON pointer into the body, or / and the name of a query parameter.",
                        "examples": ["/2/value"],
                    },
                    "code": {"type": "string", "examples": ["not_a_number"]},
                    "detail": {"type": "string"},
                },
            },
        },
        "error_count": {"type": "integer"},
        "request_id": {"type": ["string", "null"], "description": "Name it when you ask for help."},
    },
}
RESPONSES: Final = {
    "400": ("Invalid", "invalid", "The request is not valid; `errors` says where and why. Nothing was changed."),
    "401": (
        "NotAuthenticated",
        "not_authenticated",
        "No token or session, or one that is unknown, expired or revoked.",
    ),
    "403": (
        "Forbidden",
        "permission_denied",
        "The token's scopes or the person's role do not suffice, or the CSRF token is missing.",
    ),
    "404": ("NotFound", "not_found", "No such thing, or one of another organization."),
    "405": ("MethodNotAllowed", "method_not_allowed", "This method is not offered here."),
    "409": ("Conflict", "conflict", "The request does not fit the state of things; `detail` says what would."),
    "413": ("TooLarge", "too_large", "The body is larger than 10 MB after decompression, or has too many items."),
    "415": ("UnsupportedContent", "unsupported_media_type", "This Content-Type or Content-Encoding is not read here."),
    "422": ("KeyReused", "idempotency_key_reused", "The Idempotency-Key was used for another request."),
    "429": ("TooManyRequests", "throttled", "More requests a minute than a token may make."),
    "500": ("Failed", "error", "Something went wrong on our side; nothing was changed."),
    "503": ("Unavailable", "unavailable", "The database is busy or away; nothing was changed. Try again."),
}
ALWAYS: Final = ("400", "401", "403", "404", "429", "500", "503")
WITH_BODY: Final = ("413", "415")
ORGANIZATION: Final = {
    "name": "Ladder-Organization",
    "in": "header",
    "required": False,
    "description": "For browser sessions of people who belong to several organizations: its address or id. "
    "A token carries its organization.",
    "schema": {"type": "string"},
}
IDEMPOTENCY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Any text of up to 255 characters, such as a UUID. Sent again within 24 hours, the same request is "
    "answered as the first time, with `Idempotency-Replayed: true`, and done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
}
PAGING: Final = [
    {
        "name": "limit",
        "in": "query",
        "required": False,
        "description": "How many a page holds.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT},
    },
    {
        "name": "cursor",
        "in": "query",
        "required": False,
        "description": "Where the page begins; taken from the links `next` and `previous`.",
        "schema": {"type": "string"},
    },
]


class ApiSchema(AutoSchema):
    """Adds what every operation has: problems, headers, paging."""

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Any:
        operation = super().get_operation(path, path_regex, path_prefix, method, registry)
        if operation:
            operation["responses"].update({status: _reference(status) for status in self._problem_statuses()})
            operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_operation_id(self) -> str:
        """Such as ``kpis_list``, ``kpis_targets_update``."""
        words = [part.replace("-", "_") for part in self.path.removeprefix("/api/v1/").split("/") if "{" not in part]
        return "_".join([*filter(None, words), self._verb()])

    def get_summary(self) -> str | None:
        """The first line of the action's docstring; the rest is the description."""
        return str(self._docstring().partition("\n")[0]).rstrip(".") or None

    def get_description(self) -> str:  # type: ignore[override]
        return self._docstring().partition("\n")[2].strip()

    def _docstring(self) -> str:
        view: Any = self.view
        return getdoc(getattr(view, view.action, None)) or ""

    def _verb(self) -> str:
        names = {"POST": "create", "PUT": "update", "PATCH": "change", "DELETE": "delete"}
        return names.get(self.method, "list" if self._is_list_view() else "read")

    def _get_parameters(self) -> Any:
        parameters = [*super()._get_parameters(), ORGANIZATION]
        return [*parameters, IDEMPOTENCY] if self.method == "POST" else parameters

    def _get_filter_parameters(self) -> Any:
        """Of the view's declarations alone: there is no organization here, so no rows to look at."""
        return described_parameters(self.view) if self._is_paged() else []

    def _postprocess_serializer_schema(self, schema: Any, serializer: Any, direction: Any) -> Any:
        if direction == "request" and isinstance(serializer, ApiSerializer):
            schema["additionalProperties"] = False
        return super()._postprocess_serializer_schema(schema, serializer, direction)  # type: ignore[no-untyped-call]

    def _get_pagination_parameters(self) -> Any:
        return PAGING if self._is_paged() else []

    def _is_paged(self) -> bool:
        return bool(getattr(self.view, "is_paged", False))

    def _problem_statuses(self) -> list[str]:
        more = {"GET": (), "POST": ("409", *WITH_BODY, "422"), "DELETE": ("409",)}
        return [*ALWAYS, *more.get(self.method, ("409", *WITH_BODY))]


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "ldr_...",
            "description": "An API token, made under Settings, API tokens. It belongs to one organization.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "A browser's session; writing needs the header X-CSRFToken too.",
        }


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A hook of the generator: the components that ``RESPONSES`` are."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {
        name: {"description": description, "content": _content(status, problem), **_headers(status)}
        for status, (name, problem, description) in RESPONSES.items()
    }
    return result


def _content(status: str, problem: str) -> dict[str, Any]:
    example = {
        "type": f"urn:ladder:problem:{problem}",
        "title": TITLES[problem],
        "status": int(status),
        "detail": "A sentence that says what was wrong and what would be right.",
        "errors": [{"pointer": "/name", "code": "blank", "detail": "..."}] if problem == "invalid" else [],
        "request_id": "8294473f-1ee5-4c8e-9238-ccb9405cd97b",
    }
    return {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}}


def _reference(status: str) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{RESPONSES[status][0]}"}


def _headers(status: str) -> dict[str, Any]:
    if status not in ("429", "503"):
        return {}
    return {"headers": {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}}


__all__ = ["ApiSchema", "add_problems"]
