"""``kpi-templates/``: KPIs as the field defines them, to begin with."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts.api.pagination import KeysetPagination, limit_of
from accounts.api.permissions import READ
from accounts.api.viewsets import ApiViewSet
from kpis.library import Template, by_category, search, template
from kpis.models.choices import Aggregation, Category, Direction, Frequency, Indicator, Kind, Level, Source

CATEGORIES = list(by_category())
FILTERS = {
    "category": CATEGORIES,
    "level": Level.values,
    "indicator": Indicator.values,
    "kind": Kind.values,
}
PARAMETERS = [
    *(OpenApiParameter(name, str, enum=values) for name, values in FILTERS.items()),
    OpenApiParameter("search", str, description="Words of the name, other names and the description."),
]


class TemplateSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField(help_text="The key it has in other templates' formulas.")
    name = serializers.CharField()
    also = serializers.CharField(help_text="What others call it.")
    description = serializers.CharField(help_text="What it tells, and what to beware of.")
    category = serializers.ChoiceField(choices=Category.choices)
    level = serializers.ChoiceField(choices=Level.choices)
    indicator = serializers.ChoiceField(choices=Indicator.choices)
    kind = serializers.ChoiceField(choices=Kind.choices)
    unit = serializers.CharField(help_text="Money is in the organization's currency.")
    decimals = serializers.IntegerField()
    direction = serializers.ChoiceField(choices=Direction.choices)
    frequency = serializers.ChoiceField(choices=Frequency.choices)
    aggregation = serializers.ChoiceField(choices=Aggregation.choices)
    carry_forward = serializers.IntegerField()
    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]
    formula = serializers.CharField(allow_null=True, help_text="Over the slugs of other templates.")
    operands = serializers.ListField(child=serializers.CharField(), help_text="The slugs that its formula names.")
    moves = serializers.ListField(
        child=serializers.CharField(), help_text="The slugs of the lagging templates that a leading one should move."
    )
    target_hint = serializers.CharField(help_text="What is good, where the definition or a standard says so.")


SHOWN = tuple(TemplateSerializer().fields)


class SlugPagination(KeysetPagination):
    """Of templates: a cursor is the slug at which a page begins."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request, self.size = request, limit_of(request)
        self.slugs = [one.slug for one in queryset]
        cursor = request.query_params.get("cursor", self.slugs[0] if self.slugs else "")
        if cursor not in self.slugs and self.slugs:
            message = "This cursor is not of this list; follow the links “next” and “previous”."
            raise ValidationError({"cursor": [ErrorDetail(message, code="invalid")]})
        self.start = self.slugs.index(cursor) if self.slugs else 0
        return list(queryset[self.start : self.start + self.size])

    def get_paginated_response(self, data: Any) -> Response:
        following, preceding = self.start + self.size, max(self.start - self.size, 0)
        after = self._at(following) if following < len(self.slugs) else None
        return Response({"results": data, "next": after, "previous": self._at(preceding) if self.start else None})

    def _at(self, place: int) -> str:
        return replace_query_param(self.request.build_absolute_uri(), "cursor", self.slugs[place])


class TemplateViewSet(ApiViewSet):
    needs = {"list": READ, "retrieve": READ}
    parameters = {"list": {*FILTERS, "search"}}
    serializer_class = TemplateSerializer
    pagination_class = SlugPagination
    filter_backends = []
    noun = "template"

    def as_shown(self, rows: Sequence[Template]) -> list[dict[str, Any]]:
        return [_shown(one, self.organization.currency) for one in rows]

    @extend_schema(parameters=PARAMETERS)
    def list(self, request: Request) -> Response:
        """KPIs to begin with, by category, or those that are searched for with the best first."""
        asked = {name: self.choice(name, values) or "" for name, values in FILTERS.items()}
        found = search(request.query_params.get("search", ""), **asked)
        return self.get_paginated_response(self.as_shown(self.paginate_queryset(found) or []))

    def retrieve(self, request: Request, slug: str) -> Response:
        """One template."""
        try:
            return self.shown(template(slug))
        except KeyError:
            raise NotFound("There is no template with this slug.") from None


def _shown(one: Template, currency: str) -> dict[str, Any]:
    otherwise = {"unit": one.unit_in(currency), "formula": one.formula or None}
    return {name: otherwise[name] if name in otherwise else getattr(one, name) for name in SHOWN}
