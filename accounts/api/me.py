"""``me/``: who is asking."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import ApiSerializer, Choice, Instant, Text
from accounts.api.members import MemberSerializer
from accounts.api.permissions import Need
from accounts.api.viewsets import ApiViewSet
from accounts.models import Role, Scope


class MyOrganizationSerializer(ApiSerializer):
    id = serializers.UUIDField()
    slug = Text()
    name = Text()


class MyTokenSerializer(ApiSerializer):
    id = serializers.UUIDField()
    name = Text()
    scopes = serializers.ListField(child=Choice(Scope.choices))
    expires_at = Instant(allow_null=True)


class MeSerializer(ApiSerializer):
    """Either ``member`` or ``token`` is there, the other is null."""

    organization = MyOrganizationSerializer()
    member = MemberSerializer(allow_null=True)
    token = MyTokenSerializer(allow_null=True)


class MeViewSet(ApiViewSet):
    # A token that may only push can still ask what it is.
    needs = {"retrieve": Need(None, Role.VIEWER)}
    serializer_class = MeSerializer

    @extend_schema(responses=MeSerializer)
    def retrieve(self, request: Request) -> Response:
        """Who is asking: the person or the token, and their organization."""
        actor = self.actor
        asking: dict[str, Any] = {"organization": self.organization, "member": actor.member, "token": actor.token}
        return Response(MeSerializer(asking).data)
