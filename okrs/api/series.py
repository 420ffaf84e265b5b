"""``objectives/{id}/series/`` and ``key-results/{id}/series/``: progress day by day."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import READ
from kpis.api.knowing import AS_OF
from okrs.api.standpoints import StandpointViewSet
from okrs.reading import KeyResultView, ObjectiveView
from okrs.series import days


class ProgressPointSerializer(serializers.Serializer[Any]):
    on = serializers.DateField()
    progress = serializers.FloatField(allow_null=True, help_text="Unclamped; null before anything was known.")
    expected = serializers.FloatField()


class ProgressSeriesSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    points = ProgressPointSerializer(many=True, help_text="Each day of the cycle so far.")


class _Series(StandpointViewSet):
    needs = {"retrieve": READ}
    parameters = {"retrieve": {"as_of"}}
    serializer_class = ProgressSeriesSerializer

    def points(self, view: ObjectiveView | KeyResultView) -> Response:
        dated = zip(days(view.span, view.on), view.series(), view.expected_series(), strict=True)
        points = [{"on": on, "progress": progress, "expected": expected} for on, progress, expected in dated]
        return Response({"id": view.id, "points": points})


class ObjectiveSeriesViewSet(_Series):
    @extend_schema(parameters=[AS_OF])
    def retrieve(self, request: Request, id: Any) -> Response:
        """An objective's progress on each day of its cycle so far, and what was expected of it."""
        return self.points(self.objective_view())


class KeyResultSeriesViewSet(_Series):
    @extend_schema(parameters=[AS_OF])
    def retrieve(self, request: Request, id: Any) -> Response:
        """A key result's progress on each day of its cycle so far, and what was expected of it."""
        return self.points(self.key_result_view())
