"""The cast of all tests: Alice owns Acme, Bob contributes to it, Vera views it; Charlie owns Globex, an outsider to Acme."""

import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest
from django.test import Client

from accounts.actors import Actor
from accounts.models import Member, Organization, Role, User
from accounts.tenancy.context import organization_context

NOW = dt.datetime(2026, 11, 18, 9, 30, tzinfo=dt.UTC)
PASSWORD = "correct horse battery"


def make_user(name: str) -> User:
    return User.objects.create_user(f"{name.lower()}@example.com", PASSWORD, name=name)


def make_member(organization: Organization, name: str, role: Role) -> Member:
    return Member.objects.create(organization=organization, user=make_user(name), role=role, joined_at=NOW)


def client_of(member: Member) -> Client:
    client = Client()
    assert member.user is not None
    client.force_login(member.user)
    return client


@pytest.fixture
def acme(db: None) -> Organization:
    return Organization.objects.create(name="Acme", slug="acme")


@pytest.fixture
def globex(db: None) -> Organization:
    return Organization.objects.create(name="Globex", slug="globex")


@pytest.fixture
def alice(acme: Organization) -> Member:
    return make_member(acme, "Alice", Role.OWNER)


@pytest.fixture
def bob(acme: Organization) -> Member:
    return make_member(acme, "Bob", Role.CONTRIBUTOR)


@pytest.fixture
def vera(acme: Organization) -> Member:
    return make_member(acme, "Vera", Role.VIEWER)


@pytest.fixture
def charlie(globex: Organization) -> Member:
    return make_member(globex, "Charlie", Role.OWNER)


@pytest.fixture
def as_alice(alice: Member) -> Actor:
    return Actor(member=alice)


@pytest.fixture
def in_acme(acme: Organization) -> Iterator[Organization]:
    """The test's body runs inside Acme."""
    with organization_context(acme.pk):
        yield acme


def inside(organization: Organization) -> AbstractContextManager[None]:
    return organization_context(organization.pk)
