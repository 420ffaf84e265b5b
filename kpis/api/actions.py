"""``actions/``: what is done about KPIs."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import django_filters
from django.db.models import Case, DateField, IntegerField, QuerySet, Value, When
from django.db.models.functions import Coalesce
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import ApiSerializer, Choice, Day, Instant, Text
from accounts.api.filters import ReferenceFilter
from accounts.api.permissions import READ, WRITE_OWN
from accounts.api.references import member_reference, members
from accounts.api.viewsets import ApiViewSet
from kpis.actions.acting import LONGEST_CAUSE, create_action, update_action
from kpis.api.examples import NEW_ACTION, SHOWN_ACTION
from kpis.api.filters import KpiFilter
from kpis.api.references import KpiReference
from kpis.models import Action
from kpis.models.followups import UNFINISHED, ActionKind, ActionState

NEVER: Final = dt.date.max
EXAMPLES: Final = [
    OpenApiExample("Why it went wrong, and who does what", NEW_ACTION, request_only=True),
    OpenApiExample("An action", SHOWN_ACTION, response_only=True),
]


class ActionSerializer(ApiSerializer):
    id = serializers.UUIDField(read_only=True)
    kpi = KpiReference()
    kind = Choice(ActionKind.choices, required=False)
    title = Text(max_length=200)
    cause = Text(
        required=False, allow_blank=True, max_length=LONGEST_CAUSE, help_text="Why it went wrong; of corrective ones."
    )
    owner = member_reference(required=False, allow_null=True, help_text="The member who does it.")
    due_on = Day(required=False, allow_null=True)
    overdue = serializers.BooleanField(read_only=True, help_text="Whether it is unfinished after `due_on`.")
    state = Choice(ActionState.choices, required=False)
    closed_on = Day(
        required=False, allow_null=True, help_text="When it was done or dropped; today if left out, null before that."
    )
    created_at = Instant(read_only=True)
    created_by = member_reference(read_only=True, allow_null=True)


class ActionFilters(django_filters.FilterSet):
    kpi = KpiFilter()
    owner = ReferenceFilter(members)
    state = django_filters.ChoiceFilter(choices=ActionState.choices)
    kind = django_filters.ChoiceFilter(choices=ActionKind.choices)
    overdue = django_filters.ChoiceFilter(
        choices=[("true", "Overdue"), ("false", "Not overdue")], method="_overdue", label="Unfinished after `due_on`."
    )

    def _overdue(self, actions: QuerySet[Action], name: str, text: str) -> QuerySet[Action]:
        overdue = Action.objects.overdue(self.request.organization.today(self.request.parser_context["view"].now))
        return actions.filter(pk__in=overdue) if text == "true" else actions.exclude(pk__in=overdue)


class ActionViewSet(ApiViewSet):
    model = Action
    needs = {"list": READ, "retrieve": READ, "create": WRITE_OWN, "partial_update": WRITE_OWN}
    serializer_class = ActionSerializer
    filterset_class = ActionFilters
    ordering_fields = ("due", "created_at")
    ordering = ("is_over", "due", "id")
    noun = "action"

    def rows(self) -> QuerySet[Action]:
        """Those without a date come after all others."""
        return Action.objects.annotate(
            is_over=Case(When(state__in=UNFINISHED, then=Value(0)), default=Value(1), output_field=IntegerField()),
            due=Coalesce("due_on", Value(NEVER), output_field=DateField()),
        )

    def as_shown(self, rows: Sequence[Action]) -> list[Any]:
        today = self.organization.today(self.now)
        for action in rows:
            action.overdue = action.days_overdue(today) > 0  # type: ignore[attr-defined]
        return super().as_shown(rows)

    def list(self, request: Request) -> Response:
        """List actions, those to be done first, by their dates."""
        return self.page()

    @extend_schema(examples=EXAMPLES)
    def retrieve(self, request: Request, id: Any) -> Response:
        """One action."""
        return self.shown(self.get_object())

    @extend_schema(examples=EXAMPLES)
    def create(self, request: Request) -> Response:
        """Plan an action, or write down one that is taken already.

        Contributors may for KPIs they own.
        """
        return self.shown(create_action(self.actor, now=self.now, **self.validated()), status=201)

    @extend_schema(examples=EXAMPLES)
    def partial_update(self, request: Request, id: Any) -> Response:
        """Change an action, or say how far it is.

        Contributors may change those of KPIs they own, and move on those they own themselves (`state`, `closed_on`).
        One that is done or dropped gets `closed_on`, and loses it when it is taken up again. Actions are never removed:
        drop what is not to be done.
        """
        action = self.get_object()
        given = self.validated(partial=True)
        if given.pop("kpi", action.kpi) != action.kpi:
            message = "An action stays with its KPI; drop this one and plan another."
            raise ValidationError({"kpi": [ErrorDetail(message, code="fixed")]})
        return self.shown(update_action(self.actor, action, now=self.now, **given))
