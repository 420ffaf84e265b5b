"""``kpis/{id}/targets/``: what a KPI is to reach, as one list."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import ApiSerializer, Day, Number, Text
from accounts.api.permissions import READ, WRITE_OWN
from accounts.api.problems import details_of
from kpis.actions.permissions import require_edit
from kpis.actions.targets import TargetRow, set_targets, targets_of
from kpis.api.examples import TARGETS
from kpis.api.nested import OfKpiViewSet
from kpis.models import Kpi

MOST = 1000
EXAMPLES = [OpenApiExample("From January on", TARGETS[0])]


class TargetSerializer(ApiSerializer):
    effective_from = Day(help_text="It holds from the period that contains this date until the next row's.")
    target = Number(required=False, allow_null=True, help_text="For increase and decrease.")
    floor = Number(required=False, allow_null=True, help_text="The red flag; 20 % beside the target if left out.")
    low = Number(required=False, allow_null=True, help_text="For between.")
    high = Number(required=False, allow_null=True, help_text="For between.")
    due_on = Day(required=False, allow_null=True, help_text="By when it is to be reached.")
    basis = Text(
        required=False, allow_blank=True, max_length=80, help_text="How the number was come by: +20 % on Q2 2026."
    )
    reason = Text(
        required=False, allow_blank=True, max_length=500, help_text="Needed where a target that was promised changes."
    )


class TargetViewSet(OfKpiViewSet):
    needs = {"list": READ, "replace": WRITE_OWN}
    serializer_class = TargetSerializer
    pagination_class = None  # type: ignore[assignment]
    filter_backends = []

    @extend_schema(responses=TargetSerializer(many=True), examples=EXAMPLES)
    def list(self, request: Request, id: str) -> Response:
        """All targets of a KPI, oldest first."""
        return self._all(self.kpi())

    @extend_schema(request=TargetSerializer(many=True), responses=TargetSerializer(many=True), examples=EXAMPLES)
    def replace(self, request: Request, id: str) -> Response:
        """Replace the whole list of targets."""
        kpi = self.kpi()
        require_edit(self.actor, kpi)
        rows = [TargetRow(**row) for row in self._rows(request.data)]
        try:
            set_targets(self.actor, kpi, rows, now=self.now)
        except DjangoValidationError as error:
            details = details_of(error)
            raise ValidationError(details.pop("targets", details)) from None
        return self._all(kpi)

    def _rows(self, data: Any) -> Any:
        if not isinstance(data, list):
            raise ValidationError({"": [ErrorDetail("Send the list of all targets: [{...}, ...].", code="not_a_list")]})
        if len(data) > MOST:
            raise ValidationError({"": [ErrorDetail(f"A KPI has at most {MOST:,} targets.", code="too_many")]})
        return self.validated(many=True)

    def _all(self, kpi: Kpi) -> Response:
        return Response(self.as_shown(targets_of(kpi)))
