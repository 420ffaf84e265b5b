"""``kpis/{id}/versions/``: what a definition was, and who changed it when."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import READ
from kpis.api.nested import OfKpiViewSet
from kpis.definition_history import Edition, editions, versions_of
from kpis.models import KpiVersion

# Columns that the API calls otherwise.
NAMES: Final = {"department_id": "department", "owner_id": "owner", "weight_by_id": "weight_by"}
# Texts that are empty in the database where the API has null.
NULLABLE: Final = ("rollup", "formula")


class VersionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    recorded_at = serializers.DateTimeField(help_text="From when on it was in force.")
    replaced_at = serializers.DateTimeField(allow_null=True, help_text="Until when; null for the present one.")
    member = serializers.UUIDField(allow_null=True, help_text="Who made it.")
    token = serializers.UUIDField(allow_null=True, help_text="The API token that made it.")
    changed = serializers.ListField(
        child=serializers.CharField(), help_text="The members in which it differs from the one before."
    )
    definition = serializers.DictField(help_text="All of it, under the names that a KPI's JSON has for it.")


class VersionViewSet(OfKpiViewSet):
    model = KpiVersion
    needs = {"list": READ}
    serializer_class = VersionSerializer
    ordering = ("-recorded_at", "-id")

    def rows(self) -> QuerySet[KpiVersion]:
        return versions_of(self.kpi())

    def as_shown(self, rows: Sequence[KpiVersion]) -> list[dict[str, Any]]:
        return [_shown(edition) for edition in editions(rows)]

    def list(self, request: Request, id: str) -> Response:
        """The versions of a KPI's definition, newest first."""
        return self.page()


def _shown(edition: Edition) -> dict[str, Any]:
    version = edition.version
    return {
        "id": version.pk,
        "recorded_at": version.recorded_at,
        "replaced_at": version.replaced_at,
        "member": version.member_id,
        "token": version.token_id,
        "changed": [NAMES.get(name, name) for name in edition.changed],
        "definition": _definition(version.definition),
    }


def _definition(definition: Mapping[str, Any]) -> dict[str, Any]:
    return {
        NAMES.get(name, name): (value or None) if name in NULLABLE else value
        for name, value in sorted(definition.items())
    }
