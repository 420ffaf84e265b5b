"""``kpis/{id}/values/{date}/``: one measurement."""

import datetime as dt

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, NotFound, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import ApiSerializer, Number, Text
from accounts.api.permissions import FEED, READ
from accounts.errors import ConflictError
from kpis.actions.measurements import record_measurements, remove_measurement
from kpis.actions.permissions import require_feed
from kpis.api.nested import OfKpiViewSet
from kpis.ingest import Batch, Item, ItemError, Parsed, resolve
from kpis.ingest.items import MAX_NOTE
from kpis.models import Kpi, Measurement
from kpis.models.measurements import Via

DATE = OpenApiParameter("date", {"type": "string", "format": "date"}, OpenApiParameter.PATH, description="YYYY-MM-DD.")


class WarningSerializer(serializers.Serializer[object]):
    kpi = serializers.UUIDField(source="kpi_id")
    code = serializers.CharField()
    detail = serializers.CharField()


class ValueSerializer(ApiSerializer):
    date = serializers.DateField(read_only=True)
    value = Number()
    note = Text(required=False, allow_blank=True, trim_whitespace=False, max_length=MAX_NOTE)


class RecordedValueSerializer(ValueSerializer):
    warnings = WarningSerializer(many=True, read_only=True)


class ValueViewSet(OfKpiViewSet):
    needs = {"retrieve": READ, "record": FEED, "destroy": FEED}
    serializer_class = ValueSerializer

    @extend_schema(parameters=[DATE])
    def retrieve(self, request: Request, id: str, date: str) -> Response:
        """The value dated on one day."""
        found = Measurement.objects.filter(kpi=self.kpi(), date=_day(date)).first()
        if found is None:
            raise NotFound(f"There is no value dated {date}.")
        return self.shown(found)

    @extend_schema(parameters=[DATE], responses=RecordedValueSerializer)
    def record(self, request: Request, id: str, date: str) -> Response:
        """Record one value; the same again changes nothing."""
        kpi, day = self.kpi(), _day(date)
        require_feed(self.actor, kpi)
        given = self.validated()
        batch = self._batch(kpi, day, given["value"], given.get("note", ""))
        recorded = record_measurements(self.actor, batch, organization=self.organization, via=Via.API, now=self.now)
        stored = {"date": day, "value": batch.values[0], "note": batch.notes[0], "warnings": recorded.warnings}
        return Response(RecordedValueSerializer(stored).data)

    @extend_schema(parameters=[DATE])
    def destroy(self, request: Request, id: str, date: str) -> Response:
        """Remove one value; it is kept as a revision."""
        kpi, day = self.kpi(), _day(date)
        if not remove_measurement(self.actor, kpi, day, organization=self.organization, via=Via.API, now=self.now):
            raise NotFound(f"There is no value dated {date}.")
        return Response(status=204)

    def _batch(self, kpi: Kpi, day: dt.date, value: float, note: str) -> Batch:
        """A batch of one, through the same rules as those of many."""
        parsed = Parsed([Item(str(kpi.pk), day, value, note)], [0], [], 1)
        batch, errors = resolve(parsed, self.actor, today=self.organization.today(self.now))
        if errors:
            raise _refusal(errors[0])
        return batch


def _day(text: str) -> dt.date:
    try:
        if len(text) == len("2026-11-22"):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    message = "Name a day of the calendar as YYYY-MM-DD, such as 2026-11-22."
    raise ValidationError({"date": [ErrorDetail(message, code="invalid_date")]})


def _refusal(error: ItemError) -> Exception:
    if error.code == "not_allowed":
        return PermissionDenied(error.detail)
    if error.code == "archived":
        return ConflictError(error.detail)
    name = "date" if error.pointer.endswith("/date") else "value"
    return ValidationError({name: [ErrorDetail(error.detail, code=error.code)]})
