"""``invitations/``: people asked to join by e-mail."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import invitations as actions
from accounts.api.fields import ApiSerializer, Choice, Instant, Text
from accounts.api.members import SUCCESSOR
from accounts.api.permissions import ADMIN
from accounts.api.references import department_reference, member_reference, members, named
from accounts.api.viewsets import ApiViewSet
from accounts.models import Invitation, Role


class InvitationSerializer(ApiSerializer):
    id = serializers.UUIDField(read_only=True)
    member = member_reference(read_only=True, help_text="The member they will be; can own KPIs already.")
    email = Text(max_length=254)
    invited_by = member_reference(read_only=True, allow_null=True)
    created_at = Instant(read_only=True)
    expires_at = Instant(read_only=True)
    sent_at = Instant(read_only=True, allow_null=True)


class InviteSerializer(ApiSerializer):
    email = Text(max_length=254)
    role = Choice(Role.choices, default=Role.CONTRIBUTOR)
    department = department_reference(required=False, allow_null=True)


class InvitationViewSet(ApiViewSet):
    model = Invitation
    needs = {"list": ADMIN, "create": ADMIN, "destroy": ADMIN}
    parameters = {"destroy": {"successor"}}
    serializer_class = InvitationSerializer
    ordering_fields = ("created_at", "expires_at", "email")
    ordering = ("-created_at", "-id")
    noun = "open invitation"

    def rows(self) -> QuerySet[Invitation]:
        return Invitation.objects.open(self.now).select_related("member")

    def list(self, request: Request) -> Response:
        """List invitations that can still be accepted."""
        return self.page()

    @extend_schema(request=InviteSerializer, responses={201: InvitationSerializer})
    def create(self, request: Request) -> Response:
        """Invite somebody by e-mail; they can own KPIs at once."""
        asked = self.validated(InviteSerializer)
        return self.shown(
            actions.invite(self.actor, now=self.now, **{**asked, "role": Role(asked["role"])}), status=201
        )

    @extend_schema(parameters=[SUCCESSOR])
    def destroy(self, request: Request, id: Any) -> Response:
        """Take an invitation back; its link stops working."""
        invitation = self.get_object()
        successor = named(members(), "successor", request.query_params.get("successor"))
        actions.revoke_invitation(self.actor, invitation.member, now=self.now, successor=successor)
        return Response(status=204)
