"""``kpis/{id}/benchmarks/``: what others reach, as one list."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import ApiSerializer, Number, Text, Whole
from accounts.api.permissions import READ, WRITE_OWN
from accounts.api.problems import details_of
from kpis.actions.benchmarking import EARLIEST, LONGEST, MOST, BenchmarkRow, benchmarks_of, set_benchmarks
from kpis.actions.permissions import require_edit
from kpis.api.examples import BENCHMARK
from kpis.api.nested import OfKpiViewSet
from kpis.models import Kpi

EXAMPLES = [OpenApiExample("Median and quartiles", BENCHMARK)]


class BenchmarkSerializer(ApiSerializer):
    median = Number(help_text="In the KPI's unit; percentages are fractions.")
    lower_quartile = Number(required=False, allow_null=True, help_text="With `upper_quartile`, or neither.")
    upper_quartile = Number(required=False, allow_null=True)
    industry = Text(max_length=LONGEST["industry"])
    region = Text(required=False, allow_blank=True, max_length=LONGEST["region"])
    year = Whole(min_value=EARLIEST, max_value=2100, help_text="Which the figure is of; not one that lies ahead.")
    source = Text(max_length=LONGEST["source"], help_text="Who says so.")  # type: ignore[assignment]
    is_dated = serializers.SerializerMethodField(help_text="Whether it is older than two years.")

    def get_is_dated(self, row: Any) -> bool:
        view = self.context["view"]
        return bool(row.is_dated(view.organization.today(view.now)))


class BenchmarkViewSet(OfKpiViewSet):
    needs = {"list": READ, "replace": WRITE_OWN}
    serializer_class = BenchmarkSerializer
    pagination_class = None  # type: ignore[assignment]
    filter_backends = []

    @extend_schema(responses=BenchmarkSerializer(many=True), examples=EXAMPLES)
    def list(self, request: Request, id: str) -> Response:
        """All benchmarks of a KPI, the latest year first."""
        return self._all(self.kpi())

    @extend_schema(request=BenchmarkSerializer(many=True), responses=BenchmarkSerializer(many=True), examples=EXAMPLES)
    def replace(self, request: Request, id: str) -> Response:
        """Replace the whole list of benchmarks."""
        kpi = self.kpi()
        require_edit(self.actor, kpi)
        rows = [BenchmarkRow(**row) for row in self._rows(request.data)]
        try:
            set_benchmarks(self.actor, kpi, rows, now=self.now)
        except DjangoValidationError as error:
            details = details_of(error)
            raise ValidationError(details.pop("benchmarks", details)) from None
        return self._all(kpi)

    def _rows(self, data: Any) -> Any:
        if not isinstance(data, list):
            message = "Send the list of all benchmarks: [{...}, ...]."
            raise ValidationError({"": [ErrorDetail(message, code="not_a_list")]})
        if len(data) > MOST:
            raise ValidationError({"": [ErrorDetail(f"A KPI has at most {MOST} benchmarks.", code="too_many")]})
        return self.validated(many=True)

    def _all(self, kpi: Kpi) -> Response:
        return Response(self.as_shown(benchmarks_of(kpi)))
