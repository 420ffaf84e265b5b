"""Who sees which page, and that lists ask the same number of queries however long they are."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.departments import create_department
from accounts.actions.invitations import invite
from accounts.actions.tokens import create_token
from accounts.actors import SYSTEM
from accounts.models import Member, Role
from tests.cast import client_of, inside, make_member

pytestmark = pytest.mark.django_db

FOR_EVERYBODY = ["settings/", "settings/members/", "settings/departments/", "settings/leave/"]
FOR_ADMINS = ["settings/tokens/", "settings/tokens/new/", "settings/audit/"]


@pytest.mark.parametrize("page", FOR_EVERYBODY)
def test_every_member_sees_settings_members_and_departments(page, alice, bob, vera):
    for member in (alice, bob, vera):
        assert client_of(member).get(f"/acme/{page}").status_code == 200


@pytest.mark.parametrize("page", FOR_ADMINS)
def test_tokens_and_the_audit_log_are_for_admins(page, alice, bob, vera, acme):
    assert client_of(alice).get(f"/acme/{page}").status_code == 200
    assert client_of(make_member(acme, "Erin", Role.ADMIN)).get(f"/acme/{page}").status_code == 200
    for member in (bob, vera):
        assert client_of(member).get(f"/acme/{page}").status_code == 403


@pytest.mark.parametrize("page", FOR_EVERYBODY + FOR_ADMINS)
def test_an_outsider_sees_what_a_wrong_address_shows(page, alice, charlie):
    client = client_of(charlie)
    assert client.get(f"/acme/{page}").status_code == 404
    assert client.get(f"/nowhere/{page}").status_code == 404


@pytest.mark.parametrize("page", [*(f"/acme/{page}" for page in FOR_EVERYBODY), "/organizations/", "/me/"])
def test_strangers_are_asked_to_log_in(page, alice):
    response = Client().get(page)
    assert response.status_code == 302
    assert response.url == f"/accounts/login/?next={page}"


@pytest.mark.parametrize(
    "page",
    [
        "change/",
        "members/invite/",
        "members/{m}/resend/",
        "departments/add/",
        "departments/{d}/shift/",
        "tokens/{t}/revoke/",
    ],
)
def test_only_admins_write_settings(page, acme, alice, bob):
    with inside(acme):
        department = create_department(SYSTEM, now=timezone.now(), name="Sales")
        token, _ = create_token(SYSTEM, now=timezone.now(), name="Job", scopes=["read"])
    address = f"/acme/settings/{page.format(m=alice.pk, d=department.pk, t=token.pk)}"
    assert client_of(bob).post(address).status_code == 403
    assert client_of(alice).get(address).status_code == 405


@pytest.mark.parametrize(
    "page", ["members/{m}/", "members/{m}/remove/", "departments/{d}/", "departments/{d}/archive/"]
)
def test_things_of_another_organization_do_not_exist(page, acme, globex, alice, charlie):
    with inside(globex):
        department = create_department(SYSTEM, now=timezone.now(), name="Spies")
    address = f"/acme/settings/{page.format(m=charlie.pk, d=department.pk)}"
    assert client_of(alice).get(address).status_code == 404
    assert client_of(alice).post(address).status_code == 404


@pytest.mark.parametrize("page", ["members/", "departments/", "tokens/", "audit/"])
def test_lists_ask_the_same_number_of_queries_however_long_they_are(page, acme, alice):
    fill(acme, "a")
    client = client_of(alice)
    client.get(f"/acme/settings/{page}")
    few = count_queries(client, page)
    for name in "bcdefghi":
        fill(acme, name)
    assert count_queries(client, page) == few


def fill(acme, name):
    """One more of everything that the lists show."""
    member = make_member(acme, f"Member {name}".replace(" ", "-"), Role.EDITOR)
    with inside(acme):
        department = create_department(SYSTEM, now=timezone.now(), name=name, lead=member)
        Member.objects.filter(pk=member.pk).update(department=department)
        invite(SYSTEM, now=timezone.now(), email=f"invited-{name}@example.com", department=department)
        create_token(SYSTEM, now=timezone.now(), name=name, scopes=["read"])


def count_queries(client, page):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/acme/settings/{page}").status_code == 200
    return len(queries)


def test_a_visit_is_noted_every_few_minutes_and_a_pause_begins_a_new_one(alice):
    start = dt.datetime(2026, 11, 18, 9, 0, tzinfo=dt.UTC)
    seen = []
    for minutes in (0, 2, 4, 60, 61):
        alice.note_visit(start + dt.timedelta(minutes=minutes))
        alice.refresh_from_db()
        seen.append((alice.last_seen_at, alice.previous_visit_at))

    def at(minutes):
        return start + dt.timedelta(minutes=minutes)

    assert seen == [(at(0), None), (at(0), None), (at(4), None), (at(60), at(4)), (at(60), at(4))]


@pytest.mark.parametrize(
    "address",
    ["settings/audit/?kind=%00", "settings/audit/?q=a%00", "kpis/new/?parent=%00", "kpis/new/blank/?parent=%00"],
)
def test_an_address_with_nul_is_refused_rather_than_asked_of_the_database(alice, address):
    assert client_of(alice).get(f"/acme/{address}").status_code == 400
