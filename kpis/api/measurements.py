"""``measurements/``: many values at once, as JSON, NDJSON or CSV."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiRequest, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.errors import TooLargeError
from accounts.api.permissions import FEED
from accounts.api.problems import MOST_ERRORS, invalid
from accounts.api.viewsets import ApiViewSet
from kpis.actions.measurements import Recorded, record_measurements
from kpis.api.examples import MEASUREMENTS_CSV, MEASUREMENTS_JSON, MEASUREMENTS_NDJSON, RECORDED
from kpis.api.values import WarningSerializer
from kpis.api.waiting import scores_are_there
from kpis.ingest import FORMATS, ItemError, Parsed, decode, resolve
from kpis.ingest.decode import TooManyItemsError, UndecodableError
from kpis.ingest.items import MAX_ITEMS, MAX_NOTE
from kpis.models.measurements import Via

ITEM = {
    "type": "object",
    "required": ["kpi", "date", "value"],
    "additionalProperties": False,
    "properties": {
        "kpi": {"type": "string", "description": "The KPI's key or id."},
        "date": {"type": "string", "format": "date"},
        "value": {"type": "number"},
        "note": {"type": "string", "maxLength": MAX_NOTE},
    },
}
ITEMS = {"type": "array", "items": ITEM, "maxItems": MAX_ITEMS}
ENVELOPE = {
    "type": "object",
    "required": ["measurements"],
    "additionalProperties": False,
    "properties": {"measurements": ITEMS},
}
TEXT = {"type": "string"}
BODIES: Any = {
    "application/json": OpenApiRequest(
        {"oneOf": [ENVELOPE, ITEMS]}, examples=[OpenApiExample("Two values", MEASUREMENTS_JSON)]
    ),
    "application/x-ndjson": OpenApiRequest(TEXT, examples=[OpenApiExample("A line each", MEASUREMENTS_NDJSON)]),
    "text/csv": OpenApiRequest(TEXT, examples=[OpenApiExample("With a header", MEASUREMENTS_CSV)]),
}
ON_ERROR = OpenApiParameter(
    "on_error", str, enum=["skip"], description="Store the good items, answer 200 with `rejected` and `errors`."
)
WAIT = OpenApiParameter(
    "wait",
    {"type": "boolean", "default": False},
    description="Answer when the scores are there, or 202 after 10 seconds.",
)


class ItemErrorSerializer(serializers.Serializer[Any]):
    pointer = serializers.CharField(help_text="Counted from the list of items, such as /2/value.")
    code = serializers.CharField()
    detail = serializers.CharField()


class RecordedSerializer(serializers.Serializer[Any]):
    received = serializers.IntegerField()
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    warnings = WarningSerializer(many=True)
    rejected = serializers.IntegerField(required=False, help_text="With `on_error=skip`.")
    errors = ItemErrorSerializer(many=True, required=False, help_text="With `on_error=skip`, the first 100.")  # type: ignore[assignment]
    error_count = serializers.IntegerField(required=False, help_text="With `on_error=skip`.")


class MeasurementViewSet(ApiViewSet):
    needs = {"create": FEED}
    parameters = {"create": {"on_error", "wait"}}
    serializer_class = RecordedSerializer

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """With ``?wait=true``, what was stored is committed first and then computed."""
        response = super().dispatch(request, *args, **kwargs)
        if response.status_code == 200 and self.flag("wait") and not scores_are_there(self.organization):
            response.status_code = 202
        return response

    @extend_schema(
        request=BODIES,
        parameters=[ON_ERROR, WAIT],
        responses={
            200: OpenApiResponse(RecordedSerializer, examples=[OpenApiExample("Stored", RECORDED)]),
            202: OpenApiResponse(RecordedSerializer, "Stored; the scores follow."),
        },
    )
    def create(self, request: Request) -> Response:
        """Push measurements.

        All or nothing: any item that is wrong is named in `errors` and nothing is stored, unless `on_error=skip`. An
        item replaces what was pushed for its KPI and date before; twice the same in one call, the last wins.
        """
        self.flag("wait")
        skips = self.choice("on_error", ("skip",)) == "skip"
        parsed = _parsed(self.request.content_type, self.request.content)
        batch, errors = resolve(parsed, self.actor, today=self.organization.today(self.now))
        if errors and not skips:
            return invalid([_as_json(error) for error in errors])
        recorded = record_measurements(self.actor, batch, organization=self.organization, via=Via.API, now=self.now)
        return Response({**_counts(recorded), **(_rejected(errors) if skips else {})})


def _parsed(content_type: str, body: bytes) -> Parsed:
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in FORMATS:
        raise UnsupportedMediaType(kind, f"Send {', '.join(FORMATS)}; not {kind[:80] or 'a body of no kind'}.")
    try:
        return decode(kind, body)
    except TooManyItemsError as error:
        raise TooLargeError(str(error)) from None
    except UndecodableError as error:
        raise ParseError(str(error)) from None


def _counts(recorded: Recorded) -> dict[str, Any]:
    return {
        "received": recorded.received,
        "created": recorded.created,
        "updated": recorded.updated,
        "unchanged": recorded.unchanged,
        "warnings": WarningSerializer(recorded.warnings, many=True).data,
    }


def _rejected(errors: Sequence[ItemError]) -> dict[str, Any]:
    return {
        "rejected": len({error.pointer.split("/")[1] for error in errors}),
        "errors": [_as_json(error) for error in errors[:MOST_ERRORS]],
        "error_count": len(errors),
    }


def _as_json(error: ItemError) -> dict[str, str]:
    return {"pointer": error.pointer, "code": error.code, "detail": error.detail}
