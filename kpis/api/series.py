"""``kpis/{id}/series/``: a KPI's values and scores, period by period."""

import datetime as dt
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import READ
from kpis.api.knowing import AS_OF, KnowingOfKpiViewSet
from kpis.api.serializers import AppraisalSerializer
from kpis.models.choices import Frequency as Frequencies
from kpis.series import EARLIEST, LATEST, TooManyPointsError, frequency_of, series

FROM = OpenApiParameter(
    "from", dt.date, description="The first date of the first period, inclusive; by default where data begins."
)
TO = OpenApiParameter(
    "to", dt.date, description="The latest first date of a period, inclusive; by default the period that runs."
)
FREQUENCY = OpenApiParameter("frequency", str, enum=Frequencies.values, description="The KPI's own or a coarser one.")


class PointSerializer(AppraisalSerializer):
    period = serializers.DateField(help_text="The period's first date.")
    complete = serializers.BooleanField(help_text="Whether the period has ended.")


class SeriesSerializer(serializers.Serializer[Any]):
    kpi = serializers.UUIDField()
    frequency = serializers.ChoiceField(choices=Frequencies.choices)
    points = PointSerializer(many=True)


class SeriesViewSet(KnowingOfKpiViewSet):
    needs = {"retrieve": READ}
    parameters = {"retrieve": {"from", "to", "frequency", "as_of"}}
    serializer_class = SeriesSerializer

    @extend_schema(parameters=[FROM, TO, FREQUENCY, AS_OF])
    def retrieve(self, request: Request, id: str) -> Response:
        """A KPI's series, missing periods included.

        At a coarser frequency than the KPI's own, values are lifted and there are no targets to judge them by. Without
        `as_of` today's definitions apply to all periods.
        """
        kpi = self.kpi()
        known = self.known(only=kpi.pk)
        frequency = self.choice("frequency", Frequencies.values) or frequency_of(kpi, known)
        first, last, today = self._day("from"), self._day("to"), self.organization.today(self.now)
        try:
            points = series(kpi, self.organization, frequency, first, last, today=today, known=known)
        except TooManyPointsError as error:
            raise _error("from", str(error), "too_many_points") from None
        except ValueError as error:
            raise _error("frequency", str(error), "finer") from None
        return Response({"kpi": kpi.pk, "frequency": frequency, "points": points})

    def _day(self, name: str) -> dt.date | None:
        text = self.request.query_params.get(name)
        if text is None:
            return None
        try:
            day = dt.date.fromisoformat(text) if len(text) == len("2026-11-22") else None
        except ValueError:
            day = None
        if day is None or not EARLIEST <= day <= LATEST:
            raise _error(name, f"Give a date from {EARLIEST} to {LATEST} as YYYY-MM-DD.", "invalid_date")
        return day


def _error(name: str, message: str, code: str) -> ValidationError:
    return ValidationError({name: [ErrorDetail(message, code=code)]})
