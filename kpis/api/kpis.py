"""``kpis/``: definitions and where they stand."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import ADMIN, READ, WRITE, WRITE_OWN, require
from accounts.api.viewsets import ApiViewSet
from kpis.actions.definitions import archive_kpi
from kpis.actions.purging import purge_kpi
from kpis.api import writing
from kpis.api.examples import KPI_EXAMPLES
from kpis.api.filters import KpiFilters
from kpis.api.references import kpi_at
from kpis.api.serializers import KpiSerializer
from kpis.api.shown import shown
from kpis.models import Kpi

PURGE = OpenApiParameter(
    "purge", {"type": "boolean", "default": False}, description="Remove it with all its values; needs `admin`."
)


class KpiViewSet(ApiViewSet):
    model = Kpi
    needs = {"list": READ, "retrieve": READ, "create": WRITE, "partial_update": WRITE_OWN, "destroy": WRITE}
    parameters = {"destroy": {"purge"}}
    serializer_class = KpiSerializer
    filterset_class = KpiFilters
    ordering_fields = ("position", "name", "key", "created_at")
    ordering = ("position", "name", "id")
    noun = "KPI"

    def rows(self) -> QuerySet[Kpi]:
        return Kpi.objects.all()

    def get_object(self) -> Kpi:
        return kpi_at(self.rows(), self.kwargs["id"])

    def as_shown(self, rows: Sequence[Kpi]) -> list[dict[str, Any]]:
        return shown(rows, self.organization, self.organization.today(self.now))

    def list(self, request: Request) -> Response:
        """List KPIs with their current scores."""
        return self.page()

    @extend_schema(examples=KPI_EXAMPLES)
    def retrieve(self, request: Request, id: str) -> Response:
        """One KPI, by id or key."""
        return self.shown(self.get_object())

    @extend_schema(examples=KPI_EXAMPLES)
    def create(self, request: Request) -> Response:
        """Define a KPI."""
        return self.shown(writing.create(self.actor, self.validated(), self.now), status=201)

    @extend_schema(examples=KPI_EXAMPLES)
    def partial_update(self, request: Request, id: str) -> Response:
        """Change a KPI's definition.

        Contributors may change those they own. `parents` replaces the whole list; `parent` moves the KPI from the
        period that runs.
        """
        kpi = self.get_object()
        given = self.validated(partial=True)
        return self.shown(writing.update(self.actor, kpi, given, self.organization, self.now))

    @extend_schema(parameters=[PURGE])
    def destroy(self, request: Request, id: str) -> Response:
        """Archive a KPI, or remove it for good.

        An archived one counts in its parents up to the period in which it was archived.
        """
        kpi = self.get_object()
        if self.flag("purge"):
            require(self.actor, ADMIN)
            purge_kpi(self.actor, kpi, now=self.now)
        elif kpi.archived_at is None:
            archive_kpi(self.actor, kpi, now=self.now)
        return Response(status=204)
