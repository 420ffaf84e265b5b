"""``departments/``: the tree of departments."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import departments as actions
from accounts.api.fields import ApiSerializer, Instant, Text
from accounts.api.filters import ArchivedFilter, ReferenceFilter
from accounts.api.permissions import READ, Need
from accounts.api.references import department_reference, departments, member_reference, named
from accounts.api.viewsets import ApiViewSet
from accounts.models import Department, Role, Scope

MANAGE = Need(Scope.WRITE, Role.ADMIN)
SUCCESSOR = OpenApiParameter(
    "successor",
    {"type": "string", "format": "uuid"},
    description="Who takes over what belongs to it; needed if anything does.",
)


class DepartmentSerializer(ApiSerializer):
    id = serializers.UUIDField(read_only=True)
    name = Text(max_length=120)
    parent: Any = department_reference(
        required=False, allow_null=True, help_text="The department above it; null at the top."
    )
    lead = member_reference(required=False, allow_null=True, help_text="The member who leads it.")
    position = serializers.IntegerField(read_only=True, help_text="Its place among its siblings.")
    archived_at = Instant(read_only=True, allow_null=True)


class DepartmentFilters(django_filters.FilterSet):
    parent = ReferenceFilter(departments)
    archived = ArchivedFilter()


class DepartmentViewSet(ApiViewSet):
    model = Department
    needs = {"list": READ, "retrieve": READ, "create": MANAGE, "partial_update": MANAGE, "destroy": MANAGE}
    parameters = {"destroy": {"successor"}}
    serializer_class = DepartmentSerializer
    filterset_class = DepartmentFilters
    ordering_fields = ("position", "name")
    ordering = ("position", "name", "id")
    noun = "department"

    def rows(self) -> QuerySet[Department]:
        return Department.objects.all()

    def list(self, request: Request) -> Response:
        """List departments."""
        return self.page()

    def retrieve(self, request: Request, id: Any) -> Response:
        """One department, archived or not."""
        return self.shown(self.get_object())

    def create(self, request: Request) -> Response:
        """Add a department."""
        return self.shown(actions.create_department(self.actor, now=self.now, **self.validated()), status=201)

    def partial_update(self, request: Request, id: Any) -> Response:
        """Rename a department, move it with everything below it, or name its lead."""
        department = self.get_object()
        actions.update_department(self.actor, department, now=self.now, **self.validated(partial=True))
        return self.shown(department)

    @extend_schema(parameters=[SUCCESSOR])
    def destroy(self, request: Request, id: Any) -> Response:
        """Archive a department."""
        department = self.get_object()
        successor = named(departments(), "successor", request.query_params.get("successor"))
        actions.archive_department(self.actor, department, now=self.now, successor=successor)
        return Response(status=204)
