"""What every endpoint does: one transaction inside the caller's organization, problems, pages of lists."""

import datetime as dt
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.utils.mediatypes import media_type_matches
from rest_framework.viewsets import GenericViewSet

from accounts.actors import Actor
from accounts.api.authentication import SessionAuthentication, TokenAuthentication
from accounts.api.filters import FILTER_BACKENDS, list_parameters
from accounts.api.idempotency import Claim, claim
from accounts.api.pagination import KeysetPagination
from accounts.api.parsers import JsonParser
from accounts.api.permissions import Need, Permitted
from accounts.api.problems import respond_to
from accounts.api.requests import ApiRequest, Caller
from accounts.api.schema import ApiSchema
from accounts.models import Organization
from accounts.tenancy.context import organization_context


class JsonWhateverIsAccepted(BaseContentNegotiation):
    """The first parser that fits the content, and JSON whatever ``Accept`` says."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return next((parser for parser in parsers if media_type_matches(parser.media_type, request.content_type)), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class ApiViewSet(GenericViewSet[Any]):
    """Authenticate, enter the organization, check the caller's need, answer; undo everything unless all went well.

    ``needs`` says what each action asks of its caller; ``parameters`` which query parameters it takes beside those of
    lists: any other is refused, because a misspelt filter would otherwise answer something that was not asked for.
    """

    model: ClassVar[type[Model] | None] = None
    needs: ClassVar[dict[str, Need]]
    parameters: ClassVar[dict[str, set[str]]] = {}
    ordering_fields: ClassVar[tuple[str, ...]] = ()
    ordering: ClassVar[tuple[str, ...]] = ()
    # What an id that is not there is called: "There is no KPI with this id."
    noun: ClassVar[str] = "row"

    request: ApiRequest
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]
    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [Permitted]
    parser_classes = [JsonParser]
    renderer_classes = [JSONRenderer]
    content_negotiation_class = JsonWhateverIsAccepted
    pagination_class = KeysetPagination
    filter_backends = FILTER_BACKENDS
    schema = ApiSchema()
    metadata_class = None
    format_kwarg = None

    @property
    def is_paged(self) -> bool:
        """Whether the action answers a page of a list."""
        return self.action == "list" and self.pagination_class is not None

    @property
    def organization(self) -> Organization:
        return self.request.organization

    @property
    def actor(self) -> Actor:
        return self.request.actor

    def get_exception_handler(self) -> Any:
        return respond_to

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        made: Any = super().initialize_request(request, *args, **kwargs)
        if self.action == "metadata":  # OPTIONS, which is not offered
            self.action = ""
        return ApiRequest(request, made.parsers, made.authenticators, made.negotiator, made.parser_context)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)  # type: ignore[assignment]
        self.headers = self.default_response_headers
        self._has_entered = False
        try:
            with ExitStack() as self._scope:
                return self._answer()
        except Exception as error:  # of the commit
            return self._finished(self.handle_exception(error))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Everything that must hold before the action runs."""
        refuse_nul(request._request)
        self.perform_authentication(request)
        if isinstance(request.auth, Caller):
            self._scope.enter_context(organization_context(request.auth.organization.pk))
            self._has_entered = True
        self.check_permissions(request)
        if self.action:
            self._refuse_unknown_parameters()

    def rows(self) -> QuerySet[Any]:
        """The rows behind lists and ids."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Any]:
        """For the framework; while it describes the API there is no organization to have rows."""
        return QuerySet(self.model).none() if getattr(self, "swagger_fake_view", False) else self.rows()

    def get_object(self) -> Any:
        found = self.rows().filter(pk=self.kwargs["id"]).first()
        if found is None:
            raise NotFound(f"There is no {self.noun} with this id.")
        return found

    @property
    def now(self) -> dt.datetime:
        return timezone.now()

    def validated(self, serializer_class: type[Serializer[Any]] | None = None, **kwargs: Any) -> Any:
        """The body, checked by the serializer; raises with everything that is wrong."""
        if self.request.data is None:
            raise ValidationError({"": [ErrorDetail("Send a JSON object.", code="null")]})
        made = (serializer_class or self.get_serializer_class())(
            data=self.request.data, context=self.get_serializer_context(), **kwargs
        )
        made.is_valid(raise_exception=True)
        return made.validated_data

    def as_shown(self, rows: Sequence[Any]) -> list[Any]:
        """Rows as JSON."""
        return list(self.get_serializer(rows, many=True).data)

    def shown(self, row: Any, *, status: int = 200) -> Response:
        """The answer that is one row."""
        return Response(self.as_shown([row])[0], status=status)

    def choice(self, name: str, choices: Sequence[str]) -> str | None:
        """A query parameter that is one of several words; None without it."""
        text = self.request.query_params.get(name)
        if text is not None and text not in choices:
            raise ValidationError({name: [ErrorDetail(f"Choose from {', '.join(choices)}.", code="invalid_choice")]})
        return text

    def flag(self, name: str) -> bool:
        """A query parameter that is true or false, as it is without it."""
        return self.choice(name, ("true", "false")) == "true"

    def page(self) -> Response:
        """The answer that is a page of the list, filtered and ordered as asked."""
        rows = self.paginate_queryset(self.filter_queryset(self.rows()))
        return self.get_paginated_response(self.as_shown(rows or []))

    def _answer(self) -> HttpResponse:
        first: Claim | None = None
        try:
            self.initial(self.request, *self.args, **self.kwargs)
            first = claim(self.request)
            response = first.answer() if first else None
            if response is not None:
                return response
            response = self._finished(self._handler()(self.request, *self.args, **self.kwargs))
        except Exception as error:
            response = self._finished(self.handle_exception(error))
        if response.status_code >= 400 and self._has_entered:
            transaction.set_rollback(True)
        elif first:
            first.store(response, self.kept(response))
        return response

    def kept(self, response: HttpResponse) -> bytes:
        """What of an answer is kept for the same request sent again."""
        return response.content

    def _handler(self) -> Any:
        if not self.action:
            return self.http_method_not_allowed
        return getattr(self, str(self.request.method).lower())

    def _finished(self, response: Any) -> HttpResponse:
        """Rendered at once, while the organization is entered and before anything is committed."""
        finished: HttpResponse = self.finalize_response(self.request, response, *self.args, **self.kwargs)
        if isinstance(finished, Response):
            finished.render()
        return finished

    def _refuse_unknown_parameters(self) -> None:
        known = {*self.parameters.get(self.action, ()), *(list_parameters(self) if self.is_paged else ())}
        errors = {
            name: [ErrorDetail(_unknown_parameter(known), code="unknown_parameter")]
            for name in self.request.query_params
            if name not in known
        }
        if errors:
            raise ValidationError(errors)


def _unknown_parameter(known: set[str]) -> str:
    if not known:
        return "This address takes no query parameters."
    return f"There is no such parameter here; known are {', '.join(sorted(known))}."


def refuse_nul(request: HttpRequest) -> None:
    """No address holds the character NUL, which the database cannot even be asked for."""
    if "\0" in request.path:
        raise NotFound
    for name, values in request.GET.lists():
        if "\0" in name or any("\0" in value for value in values):
            message = ErrorDetail("A parameter cannot hold the character NUL.", code="nul")
            raise ValidationError({name.replace("\0", ""): [message]})
