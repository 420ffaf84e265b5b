"""``cycles/``: the stretches of time for which objectives are set, from planning to closing."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import ApiSerializer
from accounts.api.permissions import READ, WRITE
from accounts.api.viewsets import ApiViewSet
from okrs.actions.carrying import carry_over, clone_cycle
from okrs.actions.cycles import activate_cycle, create_cycle, remove_cycle, update_cycle
from okrs.api import closing
from okrs.api.closing import CloseSerializer
from okrs.api.examples import CARRIED, CLONE_EXAMPLES, CLOSE_EXAMPLES, CYCLE_EXAMPLES
from okrs.api.filters import CycleFilters
from okrs.api.references import key_result_reference
from okrs.api.serializers import CycleSerializer, KeyResultSerializer
from okrs.api.shown import shown_key_result
from okrs.models import Cycle
from okrs.reading import load_key_results


class NewDatesSerializer(CycleSerializer):
    """What a cycle that is like another one has of its own."""

    learned = None  # type: ignore[assignment]
    carry_on = None  # type: ignore[assignment]


class CarriedSerializer(ApiSerializer):
    key_results = serializers.ListField(
        child=key_result_reference(), min_length=1, max_length=200, help_text="Those of other cycles that go on."
    )


class CycleViewSet(ApiViewSet):
    model = Cycle
    needs = {
        "list": READ,
        "retrieve": READ,
        "create": WRITE,
        "partial_update": WRITE,
        "destroy": WRITE,
        "activate": WRITE,
        "close": WRITE,
        "clone": WRITE,
        "carry": WRITE,
    }
    serializer_class = CycleSerializer
    filterset_class = CycleFilters
    ordering_fields = ("starts_on", "ends_on", "name", "created_at")
    ordering = ("-starts_on", "-id")
    noun = "cycle"

    def rows(self) -> QuerySet[Cycle]:
        return Cycle.objects.all()

    def list(self, request: Request) -> Response:
        """List cycles, the latest first."""
        return self.page()

    @extend_schema(examples=CYCLE_EXAMPLES)
    def retrieve(self, request: Request, id: Any) -> Response:
        """One cycle."""
        return self.shown(self.get_object())

    @extend_schema(examples=CYCLE_EXAMPLES)
    def create(self, request: Request) -> Response:
        """Plan a cycle.

        Its objectives can be set at once; check-ins are due once it is active.
        """
        given = self.validated()
        told = {name: given.pop(name) for name in ("learned", "carry_on") if name in given}
        cycle = create_cycle(self.actor, now=self.now, **given)
        return self.shown(update_cycle(self.actor, cycle, now=self.now, **told) if told else cycle, status=201)

    @extend_schema(examples=CYCLE_EXAMPLES)
    def partial_update(self, request: Request, id: Any) -> Response:
        """Rename a cycle, change its dates, or write its retrospective.

        Once it is closed only the retrospective can be corrected.
        """
        cycle = self.get_object()
        return self.shown(update_cycle(self.actor, cycle, now=self.now, **self.validated(partial=True)))

    def destroy(self, request: Request, id: Any) -> Response:
        """Remove a cycle in which nothing was ever set."""
        remove_cycle(self.actor, self.get_object(), now=self.now)
        return Response(status=204)

    @extend_schema(request=None, responses=CycleSerializer)
    def activate(self, request: Request, id: Any) -> Response:
        """Begin a planned cycle: from now on check-ins are due."""
        return self.shown(activate_cycle(self.actor, self.get_object(), now=self.now))

    @extend_schema(request=CloseSerializer, responses=CycleSerializer, examples=CLOSE_EXAMPLES)
    def close(self, request: Request, id: Any) -> Response:
        """Grade everything in a cycle and close it for good.

        Every key result gets the grade that is given here, else the one given before, else the proposed one: its
        progress within 0 to 1. Another one than proposed needs a reason. An objective's is the weighted mean of its key
        results', unless one is given with a reason. Closing a closed cycle is a 409 and changes nothing.
        """
        cycle = self.get_object()
        return self.shown(closing.close(self.actor, cycle, self.validated(CloseSerializer), self.now))

    @extend_schema(request=NewDatesSerializer, responses={201: CycleSerializer}, examples=CLONE_EXAMPLES)
    def clone(self, request: Request, id: Any) -> Response:
        """Set the objectives and key results of a cycle again in a new one.

        Without check-ins and grades, milestones undone, plans moved to the new dates.
        """
        cycle = self.get_object()
        given = self.validated(NewDatesSerializer)
        return self.shown(clone_cycle(self.actor, cycle, now=self.now, **given), status=201)

    @extend_schema(request=CarriedSerializer, responses={200: KeyResultSerializer(many=True)}, examples=[CARRIED])
    def carry(self, request: Request, id: Any) -> Response:
        """Go on with key results of other cycles in this one, under their objectives, which go on with them.

        A metric that its owner reports starts where it stands; of milestones those go on that are not done.
        """
        cycle = self.get_object()
        key_results = self.validated(CarriedSerializer)["key_results"]
        if len({row.pk for row in key_results}) != len(key_results):
            message = "A key result is named twice; name each once."
            raise ValidationError({"key_results": [ErrorDetail(message, code="repeated")]})
        carried = carry_over(self.actor, key_results, cycle, now=self.now)
        today = self.organization.today(self.now)
        views = load_key_results(self.organization, [row.pk for row in carried], today)
        return Response([shown_key_result(view) for view in views])
