"""``reviews/``: that somebody looked at a KPI, and what follows."""

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import ApiSerializer, Day, Instant, Text
from accounts.api.filters import ReferenceFilter
from accounts.api.permissions import READ, WRITE_OWN
from accounts.api.references import member_reference, members
from accounts.api.viewsets import ApiViewSet
from kpis.actions.reviewing import LONGEST, review_kpi
from kpis.api.examples import NEW_REVIEW
from kpis.api.filters import KpiFilter
from kpis.api.references import KpiReference
from kpis.models import Review


class ReviewSerializer(ApiSerializer):
    id = serializers.UUIDField(read_only=True)
    kpi = KpiReference()
    held_on = Day(required=False, help_text="Today if left out.")
    decision = Text(
        required=False, allow_blank=True, max_length=LONGEST, help_text="What follows; empty where all stays as it is."
    )
    note = Text(required=False, allow_blank=True, max_length=LONGEST)
    member = member_reference(read_only=True, allow_null=True, help_text="Who wrote it down; null for a program.")
    recorded_at = Instant(read_only=True)


class ReviewFilters(django_filters.FilterSet):
    kpi = KpiFilter()
    member = ReferenceFilter(members)


class ReviewViewSet(ApiViewSet):
    model = Review
    needs = {"list": READ, "create": WRITE_OWN}
    serializer_class = ReviewSerializer
    filterset_class = ReviewFilters
    ordering_fields = ("held_on", "recorded_at")
    ordering = ("-held_on", "-id")

    def rows(self) -> QuerySet[Review]:
        return Review.objects.all()

    def list(self, request: Request) -> Response:
        """List reviews, the latest first."""
        return self.page()

    @extend_schema(examples=[OpenApiExample("A decision", NEW_REVIEW, request_only=True)])
    def create(self, request: Request) -> Response:
        """Write a review of a KPI down; it is never changed afterwards.

        Contributors may for KPIs they own.
        """
        return self.shown(review_kpi(self.actor, now=self.now, **self.validated()), status=201)
