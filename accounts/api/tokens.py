"""``tokens/``: API tokens."""

import json
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions.tokens import create_token, revoke_token
from accounts.api.fields import ApiSerializer, Choice, Instant, Text
from accounts.api.permissions import ADMIN
from accounts.api.references import member_reference
from accounts.api.viewsets import ApiViewSet
from accounts.models import ApiToken, Scope


class TokenSerializer(ApiSerializer):
    id = serializers.UUIDField(read_only=True)
    name = Text(max_length=120)
    scopes = serializers.ListField(child=Choice(Scope.choices), min_length=1, max_length=len(Scope))
    expires_at = Instant(required=False, allow_null=True)
    hint = Text(read_only=True, help_text="The token's last four characters.")
    created_by = member_reference(read_only=True, allow_null=True)
    created_at = Instant(read_only=True)
    last_used_at = Instant(read_only=True, allow_null=True, help_text="To the minute.")
    revoked_at = Instant(read_only=True, allow_null=True)


class NewTokenSerializer(TokenSerializer):
    token = Text(read_only=True, allow_null=True, help_text="The token itself, shown this once; null in a replay.")


class TokenViewSet(ApiViewSet):
    model = ApiToken
    needs = {"list": ADMIN, "retrieve": ADMIN, "create": ADMIN, "destroy": ADMIN}
    serializer_class = TokenSerializer
    ordering_fields = ("created_at", "name")
    ordering = ("-created_at", "-id")
    noun = "token"

    def rows(self) -> QuerySet[ApiToken]:
        return ApiToken.objects.all()

    def list(self, request: Request) -> Response:
        """List tokens, revoked ones included; never the texts."""
        return self.page()

    def retrieve(self, request: Request, id: Any) -> Response:
        """One token, without its text."""
        return self.shown(self.get_object())

    @extend_schema(request=TokenSerializer, responses={201: NewTokenSerializer})
    def create(self, request: Request) -> Response:
        """Make a token; its text is in this answer and nowhere else."""
        token, text = create_token(self.actor, now=self.now, **self.validated())
        token.token = text  # type: ignore[attr-defined]
        return Response(NewTokenSerializer(token).data, status=201)

    def kept(self, response: HttpResponse) -> bytes:
        """The text is told once and stored nowhere, so not here either."""
        return json.dumps({**json.loads(response.content), "token": None}).encode()

    def destroy(self, request: Request, id: Any) -> Response:
        """Revoke a token; it stops working at once."""
        revoke_token(self.actor, self.get_object(), now=self.now)
        return Response(status=204)
