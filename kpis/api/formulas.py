"""``kpis/validate-formula/``: what a formula says, before anything is stored."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import ApiSerializer, Choice, Text
from accounts.api.permissions import READ
from accounts.api.viewsets import ApiViewSet
from kpis.api.references import KpiReference
from kpis.formula_checking import check_formula
from kpis.formula_reading import Mistake, Reading
from kpis.models.choices import Frequency


class FormulaSerializer(ApiSerializer):
    formula = Text(allow_blank=True, trim_whitespace=False, help_text="Names KPIs by their keys.")
    kpi = KpiReference(
        required=False, allow_null=True, help_text="The KPI whose formula it is to be, so that cycles are found."
    )
    frequency = Choice(Frequency.choices, required=False, help_text="By which it is judged; the KPI's own if left out.")


class NamedSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()


class MistakeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()
    column = serializers.IntegerField(allow_null=True, help_text="From 1; null where the formula as a whole is meant.")
    hint = serializers.CharField(allow_null=True, help_text="A guess at what was meant.")


class ValidFormulaSerializer(serializers.Serializer[Any]):
    valid = serializers.BooleanField()
    names = NamedSerializer(many=True)
    unit = serializers.CharField(allow_null=True, help_text="Of the result, where it can be told.")
    warnings = serializers.ListField(child=serializers.CharField())


class InvalidFormulaSerializer(serializers.Serializer[Any]):
    valid = serializers.BooleanField()
    error = MistakeSerializer()


CHECKED = PolymorphicProxySerializer(
    component_name="CheckedFormula",
    serializers=[ValidFormulaSerializer, InvalidFormulaSerializer],
    resource_type_field_name=None,
)
EXAMPLES = [
    OpenApiExample("Average basket", {"formula": "net_sales / baskets"}, request_only=True),
    OpenApiExample(
        "Understood",
        {
            "valid": True,
            "names": [
                {"key": "net_sales", "name": "Net sales", "unit": "currency:EUR"},
                {"key": "baskets", "name": "Baskets", "unit": "number"},
            ],
            "unit": "currency:EUR",
            "warnings": [],
        },
        response_only=True,
    ),
    OpenApiExample(
        "Not understood",
        {
            "valid": False,
            "error": {
                "code": "unknown_name",
                "detail": "No KPI has the key “baskts”.",
                "column": 13,
                "hint": "did you mean baskets?",
            },
        },
        response_only=True,
    ),
]


class FormulaViewSet(ApiViewSet):
    needs = {"validate": READ}
    serializer_class = FormulaSerializer

    @extend_schema(responses=CHECKED, examples=EXAMPLES)
    def validate(self, request: Request) -> Response:
        """Check a formula without storing it.

        Answers 200 either way: with what it names, the unit of its result and warnings, or with the first error.
        """
        given = self.validated()
        reading = check_formula(given["formula"], kpi=given.get("kpi"), frequency=given.get("frequency", ""))
        if reading.mistakes:
            return Response({"valid": False, "error": _mistake(reading.mistakes[0])})
        return Response({"valid": True, **_understood(reading)})


def _mistake(mistake: Mistake) -> dict[str, Any]:
    return {name: getattr(mistake, name) for name in ("code", "detail", "column", "hint")}


def _understood(reading: Reading) -> dict[str, Any]:
    return {
        "names": [{"key": kpi.key, "name": kpi.name, "unit": kpi.unit} for kpi in reading.names],
        "unit": reading.unit,
        "warnings": list(reading.warnings),
    }
