"""``kpis/what-if/``: what other values would do up the ladder. Nothing is stored."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import ApiSerializer, Day, Number
from accounts.api.permissions import READ
from accounts.api.viewsets import ApiViewSet
from kpis.api.examples import WHAT_IF
from kpis.api.references import KpiReference
from kpis.compute.whatif import WhatIfRefusedError, what_if
from kpis.engine.what_if import Override

MOST: Final = 100


class SupposedSerializer(ApiSerializer):
    kpi = KpiReference(help_text="A KPI that has data.")
    period = Day(help_text="Any date of the period.")
    value = Number(help_text="What it is supposed to be; fractions for percent and ratio.")


class WhatIfSerializer(ApiSerializer):
    changes = SupposedSerializer(many=True, min_length=1, max_length=MOST)  # type: ignore[call-arg]


class EffectSerializer(serializers.Serializer[Any]):
    kpi = serializers.UUIDField()
    period = serializers.DateField(help_text="The period's first date.")
    before = serializers.FloatField(allow_null=True)
    after = serializers.FloatField(allow_null=True)
    problem = serializers.CharField(allow_null=True, help_text="Why it would be missing; null where it would not.")


class EffectsSerializer(serializers.Serializer[Any]):
    effects = EffectSerializer(many=True, help_text="Each KPI that moves in each period, after what it follows from.")
    key_results = serializers.ListField(child=serializers.DictField(), help_text="The key results that move.")


class WhatIfViewSet(ApiViewSet):
    needs = {"suppose": READ}
    serializer_class = WhatIfSerializer

    @extend_schema(
        request=WhatIfSerializer,
        responses={200: EffectsSerializer},
        examples=[OpenApiExample("Produce sells better", WHAT_IF, request_only=True)],
    )
    def suppose(self, request: Request) -> Response:
        """What other values would do to everything computed from them, before and after. Nothing is stored."""
        rows = self.validated()["changes"]
        changes = [Override(row["kpi"].pk, row["period"], row["value"]) for row in rows]
        try:
            effects = what_if(self.organization, changes, today=self.organization.today(self.now))
        except WhatIfRefusedError as refused:
            raise ValidationError({"changes": _errors(refused, len(changes))}) from None
        names = ("kpi", "period", "before", "after", "problem")
        shown = [{name: getattr(one, name) for name in names} for one in effects]
        return Response({"effects": shown, "key_results": []})


def _errors(refused: WhatIfRefusedError, count: int) -> list[Any]:
    """One entry a change, empty for those that are right; or what concerns all of them."""
    whole = [ErrorDetail(one.detail, code=one.code) for one in refused.refusals if one.index is None]
    errors: list[dict[str, list[ErrorDetail]]] = [{} for _ in range(count)]
    for refusal in refused.refusals:
        if refusal.index is not None:
            errors[refusal.index].setdefault(refusal.field, []).append(ErrorDetail(refusal.detail, code=refusal.code))
    return whole or errors
