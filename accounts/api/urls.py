"""The API of ``accounts``, below ``/api/v1/``."""

from typing import Any

from django.urls import path

from accounts.api.audit import AuditViewSet
from accounts.api.departments import DepartmentViewSet
from accounts.api.invitations import InvitationViewSet
from accounts.api.me import MeViewSet
from accounts.api.members import MemberViewSet
from accounts.api.tokens import TokenViewSet

ROW: dict[str, Any] = {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}

urlpatterns = [
    path("me/", MeViewSet.as_view({"get": "retrieve"})),
    path("departments/", DepartmentViewSet.as_view({"get": "list", "post": "create"})),
    path("departments/<uuid:id>/", DepartmentViewSet.as_view(ROW)),
    path("members/", MemberViewSet.as_view({"get": "list"})),
    path("members/<uuid:id>/", MemberViewSet.as_view(ROW)),
    path("invitations/", InvitationViewSet.as_view({"get": "list", "post": "create"})),
    path("invitations/<uuid:id>/", InvitationViewSet.as_view({"delete": "destroy"})),
    path("tokens/", TokenViewSet.as_view({"get": "list", "post": "create"})),
    path("tokens/<uuid:id>/", TokenViewSet.as_view({"get": "retrieve", "delete": "destroy"})),
    path("audit/", AuditViewSet.as_view({"get": "list"})),
]
