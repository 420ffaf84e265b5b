"""``kpis/{id}/explain/``: why a value is not what it was, part by part."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import READ
from kpis.api.knowing import AS_OF, KnowingStandpointViewSet
from kpis.engine.explaining.explanation import Part
from kpis.engine.explaining.splits import Mark, Of, Reason
from kpis.explained import explained
from kpis.series import EARLIEST, LATEST
from kpis.standpoint import NotThereYetError, Standpoint

TARGET: Final = "target"
USUAL_DEPTH, DEEPEST = 3, 50
REASONS = [reason.value for reason in Reason]
PERIOD = OpenApiParameter("period", dt.date, description="A date in the period; by default the one that speaks.")
BASE = OpenApiParameter(
    "base", str, description="A date in the period to compare with, or `target`; by default the period before."
)
DEPTH = OpenApiParameter(
    "depth",
    {"type": "integer", "minimum": 0, "maximum": DEEPEST, "default": USUAL_DEPTH},
    description="How many levels of parts.",
)


@extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/Part"}})
class Parts(serializers.ListField):
    """Parts within a part, which classes cannot say of themselves."""


class PartSerializer(serializers.Serializer[Any]):
    kpi = serializers.UUIDField(allow_null=True, help_text="Null for what its target exceeds that of its parts by.")
    of = serializers.ChoiceField(choices=[of.value for of in Of], help_text="What of the KPI is the part.")
    value = serializers.FloatField(allow_null=True)
    base_value = serializers.FloatField(allow_null=True)
    change = serializers.FloatField(help_text="What it contributes, in the unit of what it is a part of.")
    own_change = serializers.FloatField(allow_null=True, help_text="Its own change, to which its parts add up.")
    share = serializers.FloatField(allow_null=True, help_text="`change` as a part of the whole; null of no change.")
    mark = serializers.ChoiceField(choices=[mark.value for mark in Mark], allow_null=True)
    problem = serializers.ChoiceField(choices=REASONS, allow_null=True)
    parts = Parts()


class ExplanationSerializer(serializers.Serializer[Any]):
    kpi = serializers.UUIDField()
    period = serializers.DateField()
    base = serializers.DateField(allow_null=True, help_text="Null against the target.")
    value = serializers.FloatField(allow_null=True)
    base_value = serializers.FloatField(allow_null=True)
    change = serializers.FloatField(allow_null=True)
    problem = serializers.ChoiceField(choices=REASONS, allow_null=True)
    parts = PartSerializer(many=True)


class ExplainViewSet(KnowingStandpointViewSet):
    needs = {"retrieve": READ}
    parameters = {"retrieve": {"period", "base", "depth", "as_of"}}
    serializer_class = ExplanationSerializer

    @extend_schema(responses=ExplanationSerializer, parameters=[PERIOD, BASE, DEPTH, AS_OF])
    def retrieve(self, request: Request, id: str) -> Response:
        """A KPI's change split into what each of its parts contributed; the parts' `change` add up to it.

        Level by level down to what is measured. Where a change cannot be split, `problem` says why.
        """
        standpoint = self.standpoint()
        period = self._period(standpoint)
        base = self._base(standpoint, period)
        try:
            found = explained(standpoint, period, base, depth=self._depth()).explanation
        except NotThereYetError as error:
            raise NotFound(str(error)) from None
        names = ("kpi", "period", "base", "value", "base_value", "change", "problem")
        return Response({**{name: getattr(found, name) for name in names}, "parts": _parts(found.parts)})

    def _period(self, standpoint: Standpoint) -> dt.date:
        asked = self._date("period")
        speaks = asked or standpoint.standing().period
        if speaks is None:
            raise NotFound("There is no value yet whose change could be explained.")
        return _first(standpoint, speaks)

    def _base(self, standpoint: Standpoint, period: dt.date) -> dt.date | None:
        if self.request.query_params.get("base") == TARGET:
            return None
        asked = self._date("base")
        return _first(standpoint, asked) if asked else _first(standpoint, period, back=1)

    def _date(self, name: str) -> dt.date | None:
        text = self.request.query_params.get(name)
        if text is None:
            return None
        try:
            date = dt.date.fromisoformat(text) if len(text) == len("2026-11-22") else None
        except ValueError:
            date = None
        if date is None or not EARLIEST <= date <= LATEST:
            or_target = " or target" if name == "base" else ""
            detail = f"Give a date from {EARLIEST} to {LATEST} as YYYY-MM-DD{or_target}."
            raise ValidationError({name: [ErrorDetail(detail, code="invalid_date")]})
        return date

    def _depth(self) -> int:
        text = self.request.query_params.get("depth", str(USUAL_DEPTH))
        if not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= DEEPEST):
            raise ValidationError({"depth": [ErrorDetail(f"Give a number from 0 to {DEEPEST}.", code="invalid")]})
        return int(text)


def _first(standpoint: Standpoint, date: dt.date, *, back: int = 0) -> dt.date:
    calendar, frequency = standpoint.calendar, standpoint.frequency
    return calendar.first_date(frequency, calendar.ordinal(frequency, date) - back)


def _parts(parts: Sequence[Part]) -> list[dict[str, Any]]:
    names = ("value", "base_value", "change", "own_change", "share")
    return [
        {
            "kpi": part.kpi if isinstance(part.kpi, UUID) else None,
            "of": part.of.value,
            **{name: getattr(part, name) for name in names},
            "mark": part.mark and part.mark.value,
            "problem": part.problem and part.problem.value,
            "parts": _parts(part.parts),
        }
        for part in parts
    ]
