"""``kpis/{id}/forecast/`` and ``kpis/{id}/signals/``: what comes next, and what is more than ordinary ups and downs."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import READ
from kpis.api.knowing import AS_OF, KnowingStandpointViewSet
from kpis.behaving import Judged, behaving
from kpis.engine.forecast import Model, Refused
from kpis.engine.signals import Rule, Side
from kpis.histories import History, history_of, looked_at
from kpis.models import Annotation
from kpis.outlook import AHEAD, FURTHEST, Ahead, Outlook, due_ahead, goals_ahead, outlook_of
from kpis.standpoint import Standpoint

PERIODS = OpenApiParameter(
    "periods",
    {"type": "integer", "minimum": 1, "maximum": FURTHEST},
    description="How many periods ahead; by default 14 days, 8 weeks, 6 months, 4 quarters or 2 years.",
)
MODELS = [model.code for model in Model if model]
REASONS = [reason.code for reason in Refused if reason]


class AheadSerializer(serializers.Serializer[Any]):
    period = serializers.DateField(help_text="The period's first date.")
    mean = serializers.FloatField(help_text="What is expected.")
    low = serializers.FloatField(help_text="The value lies between low and high four times out of five.")
    high = serializers.FloatField()
    target = serializers.FloatField(allow_null=True)
    target_low = serializers.FloatField(allow_null=True, help_text="Of a KPI that is to stay in a range.")
    target_high = serializers.FloatField(allow_null=True)
    probability = serializers.FloatField(allow_null=True, help_text="That the target is reached, or the range held.")


class DueSerializer(serializers.Serializer[Any]):
    period = serializers.DateField(help_text="The period by which the target is to be reached.")
    probability = serializers.FloatField(allow_null=True)


class ForecastSerializer(serializers.Serializer[Any]):
    kpi = serializers.UUIDField()
    is_offered = serializers.BooleanField()
    reason = serializers.ChoiceField(choices=REASONS, allow_null=True, help_text="Why nothing is offered.")
    model = serializers.ChoiceField(choices=MODELS, allow_null=True)
    error = serializers.FloatField(allow_null=True, help_text="Mean absolute error in the backtest, in the KPI's unit.")
    naive_error = serializers.FloatField(allow_null=True, help_text="The same of repeating the last value.")
    points = AheadSerializer(many=True)
    due = DueSerializer(allow_null=True)


class SignalSerializer(serializers.Serializer[Any]):
    rule = serializers.ChoiceField(choices=[rule.value for rule in Rule])
    side = serializers.ChoiceField(choices=[side.code for side in Side if side])


class JudgedSerializer(serializers.Serializer[Any]):
    period = serializers.DateField(help_text="The period's first date.")
    value = serializers.FloatField(allow_null=True)
    centre = serializers.FloatField(allow_null=True)
    lower = serializers.FloatField(allow_null=True)
    upper = serializers.FloatField(allow_null=True)
    moving_range = serializers.FloatField(allow_null=True)
    range_limit = serializers.FloatField(allow_null=True)
    signals = SignalSerializer(many=True)


class SignalsSerializer(serializers.Serializer[Any]):
    kpi = serializers.UUIDField()
    adjusted = serializers.BooleanField(help_text="Whether the limits follow the season.")
    centre = serializers.FloatField(allow_null=True, help_text="Of the last period, as are the limits.")
    lower = serializers.FloatField(allow_null=True)
    upper = serializers.FloatField(allow_null=True)
    range_limit = serializers.FloatField(allow_null=True)
    points = JudgedSerializer(many=True)


class LookingAheadViewSet(KnowingStandpointViewSet):
    """An endpoint that looks at the complete periods of one KPI."""

    def history(self, standpoint: Standpoint) -> History:
        calendar, frequency = standpoint.calendar, standpoint.frequency
        scores = standpoint.scores(looked_at(frequency))
        return history_of(scores, calendar, frequency, today=standpoint.running)


class ForecastViewSet(LookingAheadViewSet):
    needs = {"retrieve": READ}
    parameters = {"retrieve": {"periods", "as_of"}}
    serializer_class = ForecastSerializer

    @extend_schema(responses=ForecastSerializer, parameters=[PERIODS, AS_OF])
    def retrieve(self, request: Request, id: str) -> Response:
        """A KPI's next periods with an 80 % interval, and the chances of its targets.

        It comes with the error of its backtest and is not offered where that is no better than repeating the last
        value.
        """
        standpoint = self.standpoint()
        history = self.history(standpoint)
        asked = self._periods() or AHEAD[standpoint.frequency]
        due = due_ahead(standpoint.targets(), history)
        last = max(history.last + asked, due or 0)
        outlook = outlook_of(history, standpoint.kpi.unit, periods=last - history.last)
        goals = goals_ahead(standpoint, history, last) if outlook.is_offered else {}
        return Response(_forecast(standpoint, outlook, asked, goals, due))

    def _periods(self) -> int | None:
        text = self.request.query_params.get("periods")
        if text is None:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= FURTHEST):
            raise ValidationError({"periods": [ErrorDetail(f"Give a number from 1 to {FURTHEST}.", code="invalid")]})
        return int(text)


class SignalsViewSet(LookingAheadViewSet):
    needs = {"retrieve": READ}
    parameters = {"retrieve": {"as_of"}}
    serializer_class = SignalsSerializer

    @extend_schema(responses=SignalsSerializer, parameters=[AS_OF])
    def retrieve(self, request: Request, id: str) -> Response:
        """A KPI's process behaviour chart: what is ordinary, period by period, and which values are signals."""
        standpoint = self.standpoint()
        history = self.history(standpoint)
        changes = Annotation.objects.filter(kpi_id=standpoint.kpi.pk).process_changes()
        if standpoint.as_of:
            changes = changes.filter(created_at__lte=standpoint.as_of)
        seasonal = bool(outlook_of(history, standpoint.kpi.unit, periods=1).forecast.is_seasonal)
        found = behaving(history, changes.values_list("on", flat=True), is_seasonal=seasonal)
        points = [_judged(one) for one in found.points()]
        names = ("centre", "lower", "upper", "range_limit")
        return Response(
            {
                "kpi": standpoint.kpi.pk,
                "adjusted": found.chart.is_adjusted,
                **{name: points[-1][name] for name in names},
                "points": points,
            }
        )


def _forecast(
    standpoint: Standpoint, outlook: Outlook, asked: int, goals: Mapping[int, Mapping[str, Any]], due: int | None
) -> dict[str, Any]:
    direction, history = standpoint.kpi.direction, outlook.history
    return {
        "kpi": standpoint.kpi.pk,
        "is_offered": outlook.is_offered,
        "reason": outlook.refused.code,
        "model": outlook.model.code,
        "error": outlook.error,
        "naive_error": outlook.naive_error,
        "points": [_ahead(outlook, one, direction, goals) for one in outlook.ahead(asked)],
        "due": None
        if due is None
        else {
            "period": history.calendar.first_date(history.frequency, due),
            "probability": outlook.chance(due, direction, goals[due]) if due in goals else None,
        },
    }


def _ahead(outlook: Outlook, one: Ahead, direction: str, goals: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    goal = goals[one.ordinal]
    return {
        "period": one.period,
        "mean": one.mean,
        "low": one.low,
        "high": one.high,
        "target": goal["target"],
        "target_low": goal["low"],
        "target_high": goal["high"],
        "probability": outlook.chance(one.ordinal, direction, goal),
    }


def _judged(one: Judged) -> dict[str, Any]:
    names = ("period", "value", "centre", "lower", "upper", "moving_range", "range_limit")
    signals = [{"rule": signal.rule.value, "side": signal.side.code} for signal in one.signals]
    return {**{name: getattr(one, name) for name in names}, "signals": signals}
