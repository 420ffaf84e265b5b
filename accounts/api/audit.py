"""``audit/``: who changed what."""

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import ApiSerializer, Instant, Text
from accounts.api.filters import InstantFilter
from accounts.api.permissions import ADMIN
from accounts.api.references import member_reference
from accounts.api.viewsets import ApiViewSet
from accounts.models import AuditEntry


class AuditEntrySerializer(ApiSerializer):
    id = serializers.UUIDField(read_only=True)
    at = Instant(read_only=True)
    member = member_reference(read_only=True, allow_null=True)
    token = serializers.UUIDField(read_only=True, allow_null=True, source="token_id")
    action = Text(read_only=True, help_text="Such as kpi.created.")
    subject_id = serializers.UUIDField(read_only=True, allow_null=True)
    subject = Text(read_only=True, help_text="What the subject was called then.")
    changes = serializers.DictField(
        child=serializers.ListField(min_length=2, max_length=2),
        read_only=True,
        help_text="A field's value before and after.",
    )


class AuditFilters(django_filters.FilterSet):
    action = django_filters.CharFilter()
    subject = django_filters.UUIDFilter(field_name="subject_id", label="The id of what was changed.")
    since = InstantFilter(field_name="at", lookup_expr="gte", label="At or after this time.")


class AuditViewSet(ApiViewSet):
    model = AuditEntry
    needs = {"list": ADMIN}
    serializer_class = AuditEntrySerializer
    filterset_class = AuditFilters
    ordering_fields = ("at",)
    ordering = ("-at", "-id")

    def rows(self) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.all()

    def list(self, request: Request) -> Response:
        """The audit log, latest first."""
        return self.page()
