"""``kpis/{id}/ladder/`` and ``kpis/tree/``: what ladders up to what, with where everything stands."""

from collections import deque
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import READ
from kpis.api.knowing import AS_OF, KnowingOfKpiViewSet, KnowingViewSet
from kpis.api.serializers import AppraisalSerializer
from kpis.api.shown import current
from kpis.models.choices import Frequency, Kind, Level, Rollup, Source
from kpis.tree import Forest, Link, Node

# Deeper trees are asked for part by part, from the KPI where they were cut.
DEEPEST: Final = 60


class StepSerializer(serializers.Serializer[Any]):
    kpi = serializers.UUIDField()
    key = serializers.CharField()
    name = serializers.CharField()
    depth = serializers.IntegerField(help_text="Steps from the KPI that was asked for, which is 0.")
    fed_by = serializers.ListField(child=serializers.UUIDField(), help_text="The steps below that ladder up to it.")
    unit = serializers.CharField()
    frequency = serializers.ChoiceField(choices=Frequency.choices)
    current = AppraisalSerializer()
    previous_value = serializers.FloatField(allow_null=True)
    share = serializers.FloatField(
        allow_null=True,
        help_text="The part of the step's change since its period before that comes from the KPI that was asked for; "
        "null where they do not simply add up or nothing changed.",
    )


class LadderSerializer(serializers.Serializer[Any]):
    kpi = serializers.UUIDField()
    steps = StepSerializer(many=True, help_text="The KPI itself, then everything above it, nearest first.")


class TreeLinkSerializer(serializers.Serializer[Any]):
    weight = serializers.FloatField()
    contribution = serializers.IntegerField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)


@extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/TreeNode"}})
class Children(serializers.ListField):
    """Nodes within a node, which classes cannot say of themselves."""


class TreeNodeSerializer(serializers.Serializer[Any]):
    """A KPI with what ladders up to it. One with several parents has its children at its first place only."""

    id = serializers.UUIDField()
    key = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    level = serializers.ChoiceField(choices=Level.choices)
    unit = serializers.CharField()
    decimals = serializers.IntegerField()
    frequency = serializers.ChoiceField(choices=Frequency.choices)
    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]
    rollup = serializers.ChoiceField(choices=Rollup.choices, allow_null=True)
    department = serializers.UUIDField(allow_null=True)
    owner = serializers.UUIDField(allow_null=True)
    current = AppraisalSerializer()
    link = TreeLinkSerializer(allow_null=True, help_text="How it ladders up; null at the top.")
    repeated = serializers.BooleanField(help_text="Whether its children stand at another place of this answer.")
    cut = serializers.BooleanField(help_text=f"Whether its children are left out because it is {DEEPEST} levels down.")
    children = Children()


class TreeSerializer(serializers.Serializer[Any]):
    roots = TreeNodeSerializer(many=True)


class LadderViewSet(KnowingOfKpiViewSet):
    needs = {"retrieve": READ}
    parameters = {"retrieve": {"as_of"}}
    serializer_class = LadderSerializer

    @extend_schema(responses=LadderSerializer, parameters=[AS_OF])
    def retrieve(self, request: Request, id: str) -> Response:
        """The steps from a KPI up to the top."""
        kpi = self.kpi()
        forest = self.forest()
        node = forest.nodes.get(kpi.pk)
        if node is None:
            raise NotFound(f"{kpi.key} was archived or not there yet, so it is part of no ladder.")
        return Response({"kpi": kpi.pk, "steps": list(_steps(forest, node))})


class TreeViewSet(KnowingViewSet):
    needs = {"retrieve": READ}
    parameters = {"retrieve": {"as_of"}}
    serializer_class = TreeSerializer

    @extend_schema(responses=TreeSerializer, parameters=[AS_OF])
    def retrieve(self, request: Request) -> Response:
        """The whole tree with current scores."""
        return Response({"roots": _trees(self.forest())})


def _steps(forest: Forest, start: Node) -> Iterator[dict[str, Any]]:
    """Breadth first, so that every step comes after one that feeds it, each KPI once."""
    depth: dict[UUID, int] = {start.id: 0}
    above = [start, *forest.ancestors(start)]
    among = {node.id for node in above}
    for node in above:
        for link in forest.links_up(node):
            depth.setdefault(link.parent_id, depth[node.id] + 1)
        yield {
            "kpi": node.id,
            "key": node.key,
            "name": node.name,
            "depth": depth[node.id],
            "fed_by": [
                link.child_id for link in forest.links_down(node) if link.child_id in among and node is not start
            ],
            "unit": node.unit,
            "frequency": node.frequency,
            "current": current(node.standing),
            "previous_value": node.standing.previous_value,
            "share": _share(forest, start, node),
        }


def _share(forest: Forest, start: Node, step: Node) -> float | None:
    """Along the one way up, if it is one, and if all of it sums over the same two periods."""
    change = _change(step)
    sign: float = 1
    node = start
    while node.id != step.id:
        links = [link for link in forest.links_up(node) if _leads_to(forest, link, step)]
        if len(links) != 1 or not _adds_up(node, forest.nodes[links[0].parent_id], links[0]):
            return None
        sign *= links[0].contribution
        node = forest.nodes[links[0].parent_id]
    own = _change(start)
    return None if own is None or not change else sign * own / change


def _leads_to(forest: Forest, link: Link, step: Node) -> bool:
    parent = forest.nodes[link.parent_id]
    return parent.id == step.id or any(node.id == step.id for node in forest.ancestors(parent))


def _adds_up(child: Node, parent: Node, link: Link) -> bool:
    is_sum = parent.source == Source.ROLLUP and parent.rollup == Rollup.SUM
    same = parent.frequency == child.frequency and parent.standing.period == child.standing.period
    return is_sum and same and link.valid_from is None


def _change(node: Node) -> float | None:
    value, before = node.standing.value, node.standing.previous_value
    return None if value is None or before is None else value - before


def _trees(forest: Forest) -> list[dict[str, Any]]:
    """Nested, made level by level: a tree may be deeper than functions call each other."""
    roots: list[dict[str, Any]] = []
    shown: set[UUID] = set()
    waiting: deque[tuple[Node, Link | None, int, list[dict[str, Any]]]] = deque(
        (node, None, 0, roots) for node in forest.roots
    )
    while waiting:
        node, link, depth, siblings = waiting.popleft()
        repeated, cut = node.id in shown, depth >= DEEPEST and bool(forest.links_down(node))
        made = _node(node, link, repeated=repeated, cut=cut)
        siblings.append(made)
        if not repeated and not cut:
            shown.add(node.id)
            waiting.extend(
                (forest.nodes[down.child_id], down, depth + 1, made["children"]) for down in forest.links_down(node)
            )
    return roots


def _node(node: Node, link: Link | None, *, repeated: bool, cut: bool) -> dict[str, Any]:
    names = ("id", "key", "name", "kind", "level", "unit", "decimals", "frequency", "source")
    return {
        **{name: getattr(node, name) for name in names},
        "rollup": node.rollup or None,
        "department": node.department_id,
        "owner": node.owner_id,
        "current": current(node.standing),
        "link": link and {name: getattr(link, name) for name in ("weight", "contribution", "valid_from", "valid_to")},
        "repeated": repeated,
        "cut": cut,
        "children": [],
    }
