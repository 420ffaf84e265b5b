"""``kpis/{id}/influences/``: which lagging KPIs a leading one should move, as one list of ids."""

from typing import Any, Final

from django.core.exceptions import ValidationError as DjangoValidationError
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import READ, WRITE_OWN
from accounts.api.problems import details_of
from kpis.actions.influencing import MOST, moved_by, set_influences
from kpis.actions.permissions import require_edit
from kpis.api.nested import OfKpiViewSet
from kpis.api.references import KpiReference
from kpis.models import Kpi

SENT: Final = {"type": "array", "items": {"type": "string"}, "maxItems": MOST, "description": "KPIs' ids or keys."}
SHOWN: Final = {"type": "array", "items": {"type": "string", "format": "uuid"}, "description": "KPIs' ids."}


class InfluenceViewSet(OfKpiViewSet):
    needs = {"retrieve": READ, "replace": WRITE_OWN}
    serializer_class = serializers.Serializer

    @extend_schema(responses={200: SHOWN})
    def retrieve(self, request: Request, id: str) -> Response:
        """The KPIs that a leading KPI should move; none for a lagging one."""
        return _shown(self.kpi())

    @extend_schema(
        request={"application/json": SENT},
        responses={200: SHOWN},
        examples=[OpenApiExample("By key", ["net_revenue", "churn"], request_only=True)],
    )
    def replace(self, request: Request, id: str) -> Response:
        """Replace the list of what a leading KPI should move; a lagging one names none."""
        kpi = self.kpi()
        require_edit(self.actor, kpi)
        try:
            set_influences(self.actor, kpi, _kpis(request.data), now=self.now)
        except DjangoValidationError as error:
            details = details_of(error)
            raise ValidationError(_pointed(details.pop("influences", details))) from None
        return _shown(kpi)


def _kpis(data: Any) -> list[Kpi]:
    if not isinstance(data, list):
        message = "Send the list of all KPIs it should move, by id or key: [...]."
        raise ValidationError({"": [ErrorDetail(message, code="not_a_list")]})
    if len(data) > MOST:
        raise ValidationError({"": [ErrorDetail(f"Name at most {MOST}.", code="too_many")]})
    found: list[Kpi] = serializers.ListField(child=KpiReference()).run_validation(data)
    return found


def _pointed(details: Any) -> Any:
    """An item is a name alone, so what is wrong with its ``kpi`` is wrong with the item."""
    if not isinstance(details, dict):
        return details
    return {index: row.get("kpi", row) if isinstance(row, dict) else row for index, row in details.items()}


def _shown(kpi: Kpi) -> Response:
    return Response([str(pk) for pk in moved_by(kpi).values_list("pk", flat=True)])
