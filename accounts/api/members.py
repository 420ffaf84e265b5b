"""``members/``: who belongs to the organization."""

from typing import Any

import django_filters
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import members as actions
from accounts.api.fields import ApiSerializer, Choice, Instant, Text
from accounts.api.filters import ReferenceFilter
from accounts.api.permissions import ADMIN, READ
from accounts.api.references import department_reference, departments, members, named
from accounts.api.viewsets import ApiViewSet
from accounts.models import Member, Role

SUCCESSOR = OpenApiParameter(
    "successor",
    {"type": "string", "format": "uuid"},
    description="The member who takes over; needed if anything is owned.",
)


class MemberSerializer(ApiSerializer):
    id = serializers.UUIDField(read_only=True)
    name = Text(read_only=True, source="__str__")
    email = serializers.EmailField(read_only=True)
    role = Choice(Role.choices)
    department = department_reference(allow_null=True)
    joined_at = Instant(read_only=True, allow_null=True, help_text="Null for those invited who have not arrived.")


class MemberFilters(django_filters.FilterSet):
    role = django_filters.ChoiceFilter(choices=Role.choices)
    department = ReferenceFilter(departments)
    search = django_filters.CharFilter(method="_search", label="A part of the name or address.")

    def _search(self, rows: QuerySet[Member], name: str, text: str) -> QuerySet[Member]:
        return rows.filter(
            Q(user__name__icontains=text) | Q(user__email__icontains=text) | Q(invited_email__icontains=text)
        )


class MemberViewSet(ApiViewSet):
    model = Member
    needs = {"list": READ, "retrieve": READ, "partial_update": ADMIN, "destroy": ADMIN}
    parameters = {"destroy": {"successor"}}
    serializer_class = MemberSerializer
    filterset_class = MemberFilters
    ordering_fields = ("called",)
    ordering = ("called", "id")
    noun = "member"

    def rows(self) -> QuerySet[Member]:
        called = Coalesce(
            NullIf(F("user__name"), Value("")), F("user__email"), F("invited_email"), output_field=CharField()
        )
        return members().annotate(called=called)

    def list(self, request: Request) -> Response:
        """List members, those invited who have not arrived included."""
        return self.page()

    def retrieve(self, request: Request, id: Any) -> Response:
        """One member."""
        return self.shown(self.get_object())

    def partial_update(self, request: Request, id: Any) -> Response:
        """Change a member's role or department.

        Only owners make and unmake owners, and one always remains.
        """
        member = self.get_object()
        actions.update_member(self.actor, member, now=self.now, **self.validated(partial=True))
        return self.shown(member)

    @extend_schema(parameters=[SUCCESSOR])
    def destroy(self, request: Request, id: Any) -> Response:
        """Remove a member; what they own goes to the successor."""
        member = self.get_object()
        successor = named(members(), "successor", request.query_params.get("successor"))
        actions.remove_member(self.actor, member, now=self.now, successor=successor)
        return Response(status=204)
