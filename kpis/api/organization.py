"""``organization/``, with whether its scores are up to date."""

from typing import Any

from rest_framework import serializers

from accounts.api.organization import OrganizationSerializer, OrganizationViewSet
from accounts.models import Organization
from kpis.compute.run import is_stale


class ScoredOrganizationSerializer(OrganizationSerializer):
    scores_stale = serializers.SerializerMethodField(help_text="Whether scores wait to be computed.")

    def get_scores_stale(self, organization: Organization) -> bool:
        return is_stale(organization.pk)


class ScoredOrganizationViewSet(OrganizationViewSet):
    serializer_class: Any = ScoredOrganizationSerializer
