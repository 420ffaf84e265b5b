"""``objectives/tree/``: a cycle with its objectives, each beneath what it serves."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import READ
from accounts.api.references import named
from kpis.api.knowing import AS_OF
from okrs.api.references import cycles
from okrs.api.serializers import STATUSES, KeyResultSerializer, ObjectiveSerializer
from okrs.api.shown import shown_key_result, shown_objective
from okrs.api.standpoints import StandpointViewSet
from okrs.models import Cycle
from okrs.reading import CycleView, KeyResultView, NotThereYetError, ObjectiveView, load_cycle

# Deeper trees are asked for part by part, from the objective where they were cut.
DEEPEST: Final = 60
CYCLE: Final = OpenApiParameter(
    "cycle",
    {"type": "string", "format": "uuid"},
    description="The cycle's id; by default the one that runs, the shortest of several.",
)


@extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/ObjectiveNode"}})
class Aligned(serializers.ListField):
    """Nodes within a node, which classes cannot say of themselves."""


class KeyResultNodeSerializer(KeyResultSerializer):
    objectives = Aligned(help_text="Those aligned to this key result.")


class ObjectiveNodeSerializer(ObjectiveSerializer):
    """An objective with its key results and with what is aligned to it, also of other cycles."""

    key_results = KeyResultNodeSerializer(many=True)
    objectives = Aligned(help_text="Those aligned to it.")
    cut = serializers.BooleanField(help_text=f"Whether those are left out because it is {DEEPEST} levels down.")


class ObjectiveTreeSerializer(serializers.Serializer[Any]):
    cycle = serializers.UUIDField(allow_null=True, help_text="Null while there is no cycle at all.")
    progress = serializers.FloatField(help_text="The weighted mean of the objectives at the top.")
    expected = serializers.FloatField(help_text="The share of its days that have passed.")
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="How many objectives by status.")
    objectives = ObjectiveNodeSerializer(many=True, help_text="Those that serve none of the same cycle.")


class ObjectiveTreeViewSet(StandpointViewSet):
    needs = {"retrieve": READ}
    parameters = {"retrieve": {"cycle", "as_of"}}
    serializer_class = ObjectiveTreeSerializer

    @extend_schema(parameters=[CYCLE, AS_OF])
    def retrieve(self, request: Request) -> Response:
        """A whole cycle: objectives, key results, and what is aligned to what."""
        cycle = self._cycle()
        if cycle is None:
            return Response(
                {"cycle": None, "progress": 0.0, "expected": 0.0, "counts": _counts(None), "objectives": []}
            )
        try:
            view = load_cycle(self.organization, cycle, self.day, self.as_of)
        except NotThereYetError as error:
            raise NotFound(str(error)) from None
        return Response(
            {
                "cycle": view.cycle.pk,
                "progress": view.progress,
                "expected": view.expected,
                "counts": _counts(view),
                "objectives": [_objective(one, 1) for one in view.tops],
            }
        )

    def _cycle(self) -> Cycle | None:
        asked: Cycle | None = named(cycles(), "cycle", self.request.query_params.get("cycle"))
        return asked or Cycle.objects.all().to_show(self.day)


def _counts(view: CycleView | None) -> dict[str, int]:
    return {status: view.counts[status] if view else 0 for status in STATUSES}


def _objective(view: ObjectiveView, depth: int) -> dict[str, Any]:
    is_cut = depth >= DEEPEST and bool(view.aligned)
    return {
        **shown_objective(view),
        "key_results": [_key_result(one, view, depth, is_cut=is_cut) for one in view.key_results],
        "objectives": [] if is_cut else [_objective(child, depth + 1) for child in view.children],
        "cut": is_cut,
    }


def _key_result(one: KeyResultView, above: ObjectiveView, depth: int, *, is_cut: bool) -> dict[str, Any]:
    aligned = [] if is_cut else above.of_key_results.get(one.id, [])
    return {**shown_key_result(one), "objectives": [_objective(child, depth + 1) for child in aligned]}
