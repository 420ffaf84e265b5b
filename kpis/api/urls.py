"""The API of ``kpis``, below ``/api/v1/``. Words of the API come before ids; no key can be called like them."""

from django.urls import path

from kpis.api.actions import ActionViewSet
from kpis.api.annotations import AnnotationViewSet
from kpis.api.benchmarks import BenchmarkViewSet
from kpis.api.explanations import ExplainViewSet
from kpis.api.forecasts import ForecastViewSet, SignalsViewSet
from kpis.api.formulas import FormulaViewSet
from kpis.api.influences import InfluenceViewSet
from kpis.api.kpis import KpiViewSet
from kpis.api.ladder import LadderViewSet, TreeViewSet
from kpis.api.measurements import MeasurementViewSet
from kpis.api.organization import ScoredOrganizationViewSet
from kpis.api.reviews import ReviewViewSet
from kpis.api.series import SeriesViewSet
from kpis.api.targets import TargetViewSet
from kpis.api.templates import TemplateViewSet
from kpis.api.values import ValueViewSet
from kpis.api.versions import VersionViewSet
from kpis.api.what_if import WhatIfViewSet

urlpatterns = [
    path("organization/", ScoredOrganizationViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
    path("measurements/", MeasurementViewSet.as_view({"post": "create"})),
    path("actions/", ActionViewSet.as_view({"get": "list", "post": "create"})),
    path("actions/<uuid:id>/", ActionViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
    path("reviews/", ReviewViewSet.as_view({"get": "list", "post": "create"})),
    path("kpis/", KpiViewSet.as_view({"get": "list", "post": "create"})),
    path("kpi-templates/", TemplateViewSet.as_view({"get": "list"})),
    path("kpi-templates/<str:slug>/", TemplateViewSet.as_view({"get": "retrieve"})),
    path("kpis/validate-formula/", FormulaViewSet.as_view({"post": "validate"})),
    path("kpis/tree/", TreeViewSet.as_view({"get": "retrieve"})),
    path("kpis/what-if/", WhatIfViewSet.as_view({"post": "suppose"})),
    path("kpis/<str:id>/", KpiViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"})),
    path("kpis/<str:id>/targets/", TargetViewSet.as_view({"get": "list", "put": "replace"})),
    path(
        "kpis/<str:id>/values/<str:date>/",
        ValueViewSet.as_view({"get": "retrieve", "put": "record", "delete": "destroy"}),
    ),
    path("kpis/<str:id>/versions/", VersionViewSet.as_view({"get": "list"})),
    path("kpis/<str:id>/series/", SeriesViewSet.as_view({"get": "retrieve"})),
    path("kpis/<str:id>/explain/", ExplainViewSet.as_view({"get": "retrieve"})),
    path("kpis/<str:id>/forecast/", ForecastViewSet.as_view({"get": "retrieve"})),
    path("kpis/<str:id>/signals/", SignalsViewSet.as_view({"get": "retrieve"})),
    path("kpis/<str:id>/annotations/", AnnotationViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "kpis/<str:id>/annotations/<uuid:annotation>/",
        AnnotationViewSet.as_view({"patch": "partial_update", "delete": "destroy"}),
    ),
    path("kpis/<str:id>/benchmarks/", BenchmarkViewSet.as_view({"get": "list", "put": "replace"})),
    path("kpis/<str:id>/influences/", InfluenceViewSet.as_view({"get": "retrieve", "put": "replace"})),
    path("kpis/<str:id>/ladder/", LadderViewSet.as_view({"get": "retrieve"})),
]
