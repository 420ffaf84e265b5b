"""``initiatives/``: the work from which key results are expected to move."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, DateField, IntegerField, QuerySet, Value, When
from django.db.models.functions import Coalesce
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import ApiSerializer, Choice, Day, Instant, Text
from accounts.api.permissions import READ, WRITE_OWN
from accounts.api.references import member_reference
from accounts.api.viewsets import ApiViewSet
from kpis.api.actions import NEVER
from okrs.actions.initiatives import create_initiative, remove_initiative, update_initiative
from okrs.api.examples import INITIATIVE_EXAMPLES
from okrs.api.filters import InitiativeFilters
from okrs.api.references import key_result_reference
from okrs.models import Initiative
from okrs.models.choices import InitiativeState
from okrs.models.initiatives import UNFINISHED


class InitiativeSerializer(ApiSerializer):
    id = serializers.UUIDField(read_only=True)
    key_result = key_result_reference()
    title = Text(max_length=200)
    owner = member_reference(required=False, allow_null=True, help_text="The member who does it.")
    due_on = Day(required=False, allow_null=True)
    overdue = serializers.BooleanField(read_only=True, help_text="Whether it is unfinished after `due_on`.")
    state = Choice(InitiativeState.choices, required=False)
    closed_on = Day(
        required=False, allow_null=True, help_text="When it was done or dropped; today if left out, null before that."
    )
    created_at = Instant(read_only=True)


class InitiativeViewSet(ApiViewSet):
    model = Initiative
    needs = {
        "list": READ,
        "retrieve": READ,
        "create": WRITE_OWN,
        "partial_update": WRITE_OWN,
        "destroy": WRITE_OWN,
    }
    serializer_class = InitiativeSerializer
    filterset_class = InitiativeFilters
    ordering_fields = ("due", "created_at")
    ordering = ("is_over", "due", "id")
    noun = "initiative"

    def rows(self) -> QuerySet[Initiative]:
        """Those without a date come after all others."""
        there = Initiative.objects.filter(key_result__removed_at=None).select_related("key_result__objective", "owner")
        return there.annotate(
            is_over=Case(When(state__in=UNFINISHED, then=Value(0)), default=Value(1), output_field=IntegerField()),
            due=Coalesce("due_on", Value(NEVER), output_field=DateField()),
        )

    def as_shown(self, rows: Sequence[Initiative]) -> list[Any]:
        today = self.organization.today(self.now)
        for initiative in rows:
            initiative.overdue = initiative.days_overdue(today) > 0  # type: ignore[attr-defined]
        return super().as_shown(rows)

    def list(self, request: Request) -> Response:
        """List initiatives, those to be done first, by their dates."""
        return self.page()

    @extend_schema(examples=INITIATIVE_EXAMPLES)
    def retrieve(self, request: Request, id: Any) -> Response:
        """One initiative."""
        return self.shown(self.get_object())

    @extend_schema(examples=INITIATIVE_EXAMPLES)
    def create(self, request: Request) -> Response:
        """Plan a piece of work for a key result.

        Contributors may for key results they own and those of their objectives. It counts in no progress.
        """
        given = self.validated()
        key_result = given.pop("key_result")
        return self.shown(create_initiative(self.actor, key_result, now=self.now, **given), status=201)

    @extend_schema(examples=INITIATIVE_EXAMPLES)
    def partial_update(self, request: Request, id: Any) -> Response:
        """Change an initiative, or say how far it is.

        Whoever is to do it may move it on (`state`, `closed_on`). What is done or dropped gets `closed_on`, and loses
        it when it is taken up again.
        """
        initiative = self.get_object()
        given = self.validated(partial=True)
        if given.pop("key_result", initiative.key_result) != initiative.key_result:
            message = "An initiative stays with its key result; drop this one and plan another."
            raise ValidationError({"key_result": [ErrorDetail(message, code="fixed")]})
        return self.shown(update_initiative(self.actor, initiative, now=self.now, **given))

    def destroy(self, request: Request, id: Any) -> Response:
        """Remove an initiative that should not be there; drop one that is given up."""
        remove_initiative(self.actor, self.get_object(), now=self.now)
        return Response(status=204)
