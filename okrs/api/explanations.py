"""``objectives/{id}/explain/`` and ``key-results/{id}/explain/``: why a percentage is what it is."""

from collections.abc import Iterator
from typing import Any, Final, get_args

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import READ
from kpis.api.knowing import AS_OF
from okrs.api.serializers import StandingSerializer
from okrs.api.standpoints import StandpointViewSet
from okrs.explained import explained
from okrs.explaining import Explanation, Figure, FigureName, LineUnit, ReasonCode
from okrs.reading import KeyResultView, ObjectiveView

USUAL_DEPTH, DEEPEST = 5, 50
DEPTH: Final = OpenApiParameter(
    "depth",
    {"type": "integer", "minimum": 0, "maximum": DEEPEST, "default": USUAL_DEPTH},
    description="How many levels of parts.",
)


def _choices(of: Any) -> list[str]:
    return list(get_args(of))


@extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/ProgressPart"}})
class Parts(serializers.ListField):
    """Parts within a part, which classes cannot say of themselves."""


class InputSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.FloatField(allow_null=True)
    unit = serializers.ChoiceField(
        choices=_choices(LineUnit), help_text="value: in the key result's unit; share: a fraction; count; weight."
    )
    words = serializers.CharField(allow_blank=True, help_text="Where it comes from, or what it counts.")


class FigureSerializer(serializers.Serializer[Any]):
    name = serializers.ChoiceField(choices=_choices(FigureName))
    inputs = InputSerializer(many=True)
    formula = serializers.CharField(help_text="In the words of the inputs' labels.")
    result = serializers.FloatField(allow_null=True)


class ReasonSerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField(choices=_choices(ReasonCode))
    words = serializers.CharField()


class ProgressPartSerializer(StandingSerializer):
    """A key result or an objective, with how its percentages come about."""

    id = serializers.UUIDField()
    type = serializers.ChoiceField(choices=["objective", "key_result"])
    title = serializers.CharField()
    unit = serializers.CharField(allow_null=True, help_text="Of a key result's values; null for objectives.")
    weight = serializers.FloatField()
    share = serializers.FloatField(help_text="What it counts for in what it is a part of; 1 for what was asked about.")
    progress_raw = serializers.FloatField()
    figures = FigureSerializer(many=True, help_text="Progress, expected and pace: inputs, formula, result.")
    reasons = ReasonSerializer(many=True, help_text="Why it is 0, or less than its parts say.")
    cut = serializers.BooleanField(help_text="Whether it has parts that are left out because of `depth`.")
    parts = Parts()


class _Explaining(StandpointViewSet):
    needs = {"retrieve": READ}
    parameters = {"retrieve": {"depth", "as_of"}}
    serializer_class = ProgressPartSerializer

    def explanation(self, view: ObjectiveView | KeyResultView) -> Response:
        return Response(_part(explained(view), view, self._depth()))

    def _depth(self) -> int:
        text = self.request.query_params.get("depth", str(USUAL_DEPTH))
        if not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= DEEPEST):
            raise ValidationError({"depth": [ErrorDetail(f"Give a number from 0 to {DEEPEST}.", code="invalid")]})
        return int(text)


class ExplainObjectiveViewSet(_Explaining):
    @extend_schema(parameters=[DEPTH, AS_OF])
    def retrieve(self, request: Request, id: Any) -> Response:
        """How an objective's progress comes about, part by part."""
        return self.explanation(self.objective_view())


class ExplainKeyResultViewSet(_Explaining):
    @extend_schema(parameters=[DEPTH, AS_OF])
    def retrieve(self, request: Request, id: Any) -> Response:
        """How a key result's progress comes about."""
        return self.explanation(self.key_result_view())


def _part(found: Explanation, view: ObjectiveView | KeyResultView, depth: int) -> dict[str, Any]:
    standing = found.standing
    below = list(zip(found.parts, view.counting, strict=True)) if isinstance(view, ObjectiveView) else []
    return {
        "id": found.id,
        "type": "objective" if isinstance(view, ObjectiveView) else "key_result",
        "title": found.title,
        "unit": None if isinstance(view, ObjectiveView) else view.key_result.unit,
        "weight": found.weight,
        "share": found.share,
        "progress_raw": standing.progress,
        "progress": standing.score,
        "expected": standing.expected,
        "pace": standing.pace,
        "status": standing.status,
        "figures": [_figure(figure) for figure in found.figures],
        "reasons": [{"code": reason.code, "words": reason.words} for reason in found.reasons],
        "cut": bool(below) and depth == 0,
        "parts": [_part(part, one, depth - 1) for part, one in below] if depth else [],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "inputs": list(_inputs(figure)),
        "formula": figure.formula,
        "result": figure.result,
    }


def _inputs(figure: Figure) -> Iterator[dict[str, Any]]:
    for line in figure.inputs:
        yield {"label": line.label, "value": line.value, "unit": line.unit, "words": line.words}
