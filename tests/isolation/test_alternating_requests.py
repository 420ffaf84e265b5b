"""One connection serves two organizations in turn, and never shows one the rows of the other."""

import random
import re

import pytest
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.test import override_settings
from django.urls import path

from accounts.access import MemberRequest, member_required
from accounts.models import Department, Member, Organization
from config.views import set_theme
from tests.cast import client_of, inside

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_statement]


@member_required()
def names(request: MemberRequest) -> HttpResponse:
    """Asks the database without any predicate of its own, after writing something; then perhaps fails."""
    Department.objects.update(position=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, position FROM accounts_department")
        rows = cursor.fetchall()
    if request.GET.get("fail") == "python":
        raise ZeroDivisionError
    if request.GET.get("fail") == "database":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
    return JsonResponse({"rows": rows})


urlpatterns = [path("<slug:slug>/names/", names), path("theme/", set_theme, name="theme")]


@override_settings(ROOT_URLCONF=__name__)
def test_a_thousand_alternating_requests_show_no_foreign_row(
    acme: Organization, globex: Organization, alice: Member, charlie: Member
) -> None:
    for organization in (acme, globex):
        with inside(organization):
            Department.objects.create(name=f"{organization.slug} only")
    clients = {"acme": client_of(alice), "globex": client_of(charlie)}
    for client in clients.values():
        client.raise_request_exception = False
    backend = _backend_id()
    chance = random.Random(20261123)
    failures = 0
    for number in range(1000):
        slug = ("acme", "globex")[number % 2]
        failing = chance.random() < 0.2
        query = f"?fail={chance.choice(['python', 'database'])}" if failing else ""
        response = clients[slug].get(f"/{slug}/names/{query}")
        failures += failing
        if failing:
            assert response.status_code == 500
        else:
            assert response.json() == {"rows": [[f"{slug} only", 1]]}
    assert 150 < failures < 250
    assert _backend_id() == backend, "all of it went over one connection"
    assert _rows_without_organization() == []


@override_settings(ROOT_URLCONF=__name__)
def test_an_outsider_gets_what_a_slug_that_does_not_exist_gets(acme: Organization, charlie: Member) -> None:
    client = client_of(charlie)
    foreign, unknown = client.get("/acme/names/"), client.get("/nowhere/names/")
    assert foreign.status_code == unknown.status_code == 404
    assert _without_its_address(foreign) == _without_its_address(unknown)


@override_settings(ROOT_URLCONF=__name__)
def test_a_removed_member_is_an_outsider(acme: Organization, alice: Member) -> None:
    client = client_of(alice)
    alice.removed_at = alice.joined_at
    alice.save()
    assert client.get("/acme/names/").status_code == 404


def _without_its_address(response: HttpResponse) -> str:
    """A page without the address asked for and the token of its forms, which is another each time."""
    return re.sub(r'value="[^"]*"|/(acme|nowhere)/', "", response.content.decode())


def _backend_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
        return int(pid)


def _rows_without_organization() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM accounts_department")
        return list(cursor.fetchall())
