"""Callers of the API: people by their session, programs by a token."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions.tokens import create_token
from accounts.actors import SYSTEM
from accounts.models import Member, Organization, Scope
from tests.cast import client_of, inside

BASE = "/api/v1/"


@dataclass
class Api:
    """A client that speaks JSON below ``/api/v1/``, with the same headers every time."""

    client: Client = field(default_factory=Client)
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(BASE + path, headers={**self.headers, **headers})

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        return self._send("post", path, data, headers)

    def put(self, path: str, data: Any = None, **headers: str) -> Any:
        return self._send("put", path, data, headers)

    def patch(self, path: str, data: Any = None, **headers: str) -> Any:
        return self._send("patch", path, data, headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.client.delete(BASE + path, headers={**self.headers, **headers})

    def send(self, method: str, path: str, body: bytes, content_type: str = "application/json", **headers: str) -> Any:
        """A body as it is."""
        all_headers = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.client.generic(method, BASE + path, body, content_type, headers=all_headers)

    def _send(self, method: str, path: str, data: Any, headers: dict[str, str]) -> Any:
        return self.send(method.upper(), path, b"" if data is None else json.dumps(data).encode(), **headers)


def token_api(organization: Organization, *scopes: Scope) -> Api:
    """A program with a token of the organization."""
    with inside(organization):
        _, text = create_token(SYSTEM, now=timezone.now(), name="Test", scopes=scopes)
    return Api(headers={"Authorization": f"Bearer {text}"})


def session_api(member: Member) -> Api:
    """A person with a browser."""
    return Api(client_of(member))


def errors_of(response: Any) -> list[tuple[str, str]]:
    """Where and why a request was refused."""
    assert response["Content-Type"] == "application/problem+json", response.content
    return [(error["pointer"], error["code"]) for error in response.json()["errors"]]


@pytest.fixture
def reader(acme: Organization) -> Api:
    return token_api(acme, Scope.READ)


@pytest.fixture
def pusher(acme: Organization) -> Api:
    return token_api(acme, Scope.MEASUREMENTS)


@pytest.fixture
def writer(acme: Organization) -> Api:
    return token_api(acme, Scope.WRITE)


@pytest.fixture
def admin(acme: Organization) -> Api:
    return token_api(acme, Scope.ADMIN)


@pytest.fixture
def stranger(globex: Organization) -> Api:
    """A program of another organization that may do everything there."""
    return token_api(globex, Scope.ADMIN)
