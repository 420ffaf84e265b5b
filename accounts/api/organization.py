"""``organization/``: the organization's settings."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions.organizations import update_organization
from accounts.api.fields import ApiSerializer, Instant, Number, Text, Whole
from accounts.api.permissions import ADMIN, READ
from accounts.api.viewsets import ApiViewSet
from accounts.models.timezones import validate_time_zone


class OrganizationSerializer(ApiSerializer):
    id = serializers.UUIDField(read_only=True)
    slug = Text(max_length=60, help_text="Its address: /acme/.")
    name = Text(max_length=120)
    about = Text(allow_blank=True, max_length=5000)
    currency = Text(max_length=3, help_text="ISO 4217, such as EUR.")
    timezone = Text(
        source="time_zone",
        max_length=64,
        validators=[validate_time_zone],
        help_text="An IANA name, such as Europe/Berlin.",
    )
    fiscal_year_start = Whole(min_value=1, max_value=12, help_text="The month in which the fiscal year begins.")
    week_starts_on = Whole(min_value=0, max_value=6, help_text="0 is Monday.")
    on_track_at = Number(min_value=-10, max_value=10, help_text="The score from which on a KPI is on track.")
    at_risk_at = Number(min_value=-10, max_value=10, help_text="The score from which on a KPI is at risk.")
    grace_days = Whole(
        min_value=0, max_value=14, help_text="So many days after it was due, a check-in still counts as on time."
    )
    is_sample = serializers.BooleanField(read_only=True)
    created_at = Instant(read_only=True)


class OrganizationViewSet(ApiViewSet):
    needs = {"retrieve": READ, "partial_update": ADMIN}
    serializer_class = OrganizationSerializer

    @extend_schema()
    def retrieve(self, request: Request) -> Response:
        """The organization and its settings."""
        return Response(self.get_serializer(self.organization).data)

    @extend_schema()
    def partial_update(self, request: Request) -> Response:
        """Change settings.

        Another time zone, week or fiscal year has all scores computed anew.
        """
        update_organization(self.actor, self.organization, now=self.now, **self.validated(partial=True))
        return self.retrieve(request)
