"""``objectives/``: what is to be achieved, with how it stands."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import READ, WRITE_OWN
from kpis.api.knowing import AS_OF
from okrs.actions.objectives import create_objective, remove_objective, update_objective
from okrs.api.examples import OBJECTIVE_EXAMPLES
from okrs.api.filters import ObjectiveFilters
from okrs.api.serializers import ObjectiveSerializer
from okrs.api.shown import shown_objective
from okrs.api.standpoints import StandpointViewSet
from okrs.models import Objective
from okrs.reading import load_objectives


class ObjectiveViewSet(StandpointViewSet):
    model = Objective
    needs = {
        "list": READ,
        "retrieve": READ,
        "create": WRITE_OWN,
        "partial_update": WRITE_OWN,
        "destroy": WRITE_OWN,
    }
    parameters = {"retrieve": {"as_of"}}
    serializer_class = ObjectiveSerializer
    filterset_class = ObjectiveFilters
    ordering_fields = ("position", "title", "created_at")
    ordering = ("position", "id")
    noun = "objective"

    def rows(self) -> QuerySet[Objective]:
        return Objective.objects.all()

    def as_shown(self, rows: Sequence[Objective]) -> list[dict[str, Any]]:
        ids = [row.pk for row in rows]
        views = load_objectives(self.organization, ids, self.day)
        return [shown_objective(views[id]) for id in ids]

    def list(self, request: Request) -> Response:
        """List objectives with their progress."""
        return self.page()

    @extend_schema(parameters=[AS_OF], examples=OBJECTIVE_EXAMPLES)
    def retrieve(self, request: Request, id: Any) -> Response:
        """One objective, as it stands or as it stood."""
        return Response(shown_objective(self.objective_view()))

    @extend_schema(examples=OBJECTIVE_EXAMPLES)
    def create(self, request: Request) -> Response:
        """Set an objective in a cycle.

        Contributors may for themselves. Aligned to an objective (`parent`) it counts in that one's progress, where
        that takes `children` into account; aligned to a key result (`parent_key_result`) it says what it is for.
        """
        given = self.validated()
        given.setdefault("owner", self.actor.member)
        cycle = given.pop("cycle")
        return self.shown(create_objective(self.actor, cycle, now=self.now, **given), status=201)

    @extend_schema(examples=OBJECTIVE_EXAMPLES)
    def partial_update(self, request: Request, id: Any) -> Response:
        """Change an objective, or align it to another one.

        Contributors may change those they own. An objective stays in its cycle.
        """
        objective = self.get_object()
        given = self.validated(partial=True)
        if given.pop("cycle", objective.cycle) != objective.cycle:
            message = "An objective stays in its cycle; carry its key results over into another one."
            raise ValidationError({"cycle": [ErrorDetail(message, code="fixed")]})
        return self.shown(update_objective(self.actor, objective, now=self.now, **given))

    def destroy(self, request: Request, id: Any) -> Response:
        """Remove an objective with its key results; refused while others are aligned to it.

        What it was can still be read with `as_of`.
        """
        remove_objective(self.actor, self.get_object(), now=self.now)
        return Response(status=204)
