"""The API of ``okrs``, below ``/api/v1/``."""

from typing import Any

from django.urls import path

from okrs.api.check_ins import CheckInsOfKeyResultViewSet, CheckInViewSet
from okrs.api.cycles import CycleViewSet
from okrs.api.explanations import ExplainKeyResultViewSet, ExplainObjectiveViewSet
from okrs.api.initiatives import InitiativeViewSet
from okrs.api.key_results import KeyResultViewSet
from okrs.api.objectives import ObjectiveViewSet
from okrs.api.series import KeyResultSeriesViewSet, ObjectiveSeriesViewSet
from okrs.api.tree import ObjectiveTreeViewSet

ROWS: dict[str, Any] = {"get": "list", "post": "create"}
ROW: dict[str, Any] = {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}

urlpatterns = [
    path("cycles/", CycleViewSet.as_view(ROWS)),
    path("cycles/<uuid:id>/", CycleViewSet.as_view(ROW)),
    path("cycles/<uuid:id>/activate/", CycleViewSet.as_view({"post": "activate"})),
    path("cycles/<uuid:id>/close/", CycleViewSet.as_view({"post": "close"})),
    path("cycles/<uuid:id>/clone/", CycleViewSet.as_view({"post": "clone"})),
    path("cycles/<uuid:id>/carry-over/", CycleViewSet.as_view({"post": "carry"})),
    path("objectives/", ObjectiveViewSet.as_view(ROWS)),
    path("objectives/tree/", ObjectiveTreeViewSet.as_view({"get": "retrieve"})),
    path("objectives/<uuid:id>/", ObjectiveViewSet.as_view(ROW)),
    path("objectives/<uuid:id>/explain/", ExplainObjectiveViewSet.as_view({"get": "retrieve"})),
    path("objectives/<uuid:id>/series/", ObjectiveSeriesViewSet.as_view({"get": "retrieve"})),
    path("key-results/", KeyResultViewSet.as_view(ROWS)),
    path("key-results/<uuid:id>/", KeyResultViewSet.as_view(ROW)),
    path("key-results/<uuid:id>/grade/", KeyResultViewSet.as_view({"put": "grade"})),
    path("key-results/<uuid:id>/explain/", ExplainKeyResultViewSet.as_view({"get": "retrieve"})),
    path("key-results/<uuid:id>/series/", KeyResultSeriesViewSet.as_view({"get": "retrieve"})),
    path("key-results/<uuid:id>/check-ins/", CheckInsOfKeyResultViewSet.as_view(ROWS)),
    path("check-ins/", CheckInViewSet.as_view({"get": "list"})),
    path("check-ins/<uuid:id>/", CheckInViewSet.as_view({**ROW, "put": "update"})),
    path("initiatives/", InitiativeViewSet.as_view(ROWS)),
    path("initiatives/<uuid:id>/", InitiativeViewSet.as_view(ROW)),
]
