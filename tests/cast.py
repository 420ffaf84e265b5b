"""The cast of all tests: Alice owns Acme, Bob contributes to it, Vera views it; Charlie of Globex is an outsider."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.crypto import get_random_string

from accounts.actors import SYSTEM, Actor
from accounts.models import Member, Organization, Role, User
from accounts.tenancy.context import organization_context
from kpis.actions.measurements import Recorded, record_measurements
from kpis.ingest import Batch
from kpis.models import Kpi, KpiLink, Standing
from kpis.models.measurements import Via

NOW = dt.datetime(2026, 11, 18, 9, 30, tzinfo=dt.UTC)
PASSWORD = "correct horse battery"


def make_user(name: str, *, verified: bool = True) -> User:
    """A person whose address is verified, unless the test is about that."""
    user = User.objects.create_user(f"{name.lower()}@example.com", PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
    return user


def make_member(organization: Organization, name: str, role: Role) -> Member:
    return Member.objects.create(organization=organization, user=make_user(name), role=role, joined_at=NOW)


def client_of(member: Member) -> Client:
    """A browser with the session that logging in leaves, made in one statement: logging in itself takes fifteen."""
    user, store, key = member.user, SessionStore(), get_random_string(32)
    assert user is not None
    logged_in = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    Session.objects.create(session_key=key, session_data=store.encode(logged_in), expire_date=store.get_expiry_date())
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
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
def alices(alice: Member) -> Client:
    return client_of(alice)


@pytest.fixture
def bobs(bob: Member) -> Client:
    return client_of(bob)


@pytest.fixture
def veras(vera: Member) -> Client:
    return client_of(vera)


@pytest.fixture
def charlies(charlie: Member) -> Client:
    return client_of(charlie)


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


def make_kpi(organization: Organization, key: str, **fields: Any) -> Kpi:
    """A KPI as it is stored, without going through ``create_kpi``; call it inside the organization."""
    defaults = {
        "name": key.replace("_", " ").capitalize(),
        "unit": "number",
        "direction": "increase",
        "frequency": "monthly",
        "created_at": NOW,
    }
    return Kpi.objects.create(organization=organization, key=key, **{**defaults, **fields})


def record(organization: Organization, kpi: Kpi, values: Mapping[str, float], *, actor: Actor = SYSTEM) -> Recorded:
    """Record values by date (``{"2026-11-01": 12.5}``) through the one path of measurements."""
    dates = [dt.date.fromisoformat(date) for date in values]
    batch = Batch([kpi.pk] * len(values), dates, list(values.values()), [""] * len(values), received=len(values))
    return record_measurements(actor, batch, organization=organization, via=Via.API, now=NOW)


def make_link(parent: Kpi, child: Kpi, **fields: Any) -> KpiLink:
    """A link as it is stored, without going through ``set_parents``; call it inside the organization."""
    return KpiLink.objects.create(parent=parent, child=child, **{"recorded_at": NOW, **fields})


def make_standing(kpi: Kpi, status: str = "on_track", **fields: Any) -> Standing:
    """Where a KPI stands, as computing its scores would store it; call it inside the organization."""
    return Standing.objects.create(kpi_id=kpi.pk, status=status, **fields)
