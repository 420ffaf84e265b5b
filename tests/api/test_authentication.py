"""Who may call: tokens and sessions, and what either may do."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions.tokens import create_token, revoke_token
from accounts.actors import SYSTEM
from accounts.models import ApiToken, Member, Role
from tests.api.conftest import Api, errors_of, session_api
from tests.cast import PASSWORD, inside

pytestmark = pytest.mark.django_db
CSRF = "X-CSRFToken"


def test_without_a_token_or_session_everything_is_401(acme):
    response = Api().get("me/")
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="Ladder"'
    assert response.json()["type"] == "urn:ladder:problem:not_authenticated"


@pytest.mark.parametrize("text", ["", "ldr_", "ldr_x", "x" * 5000, "ldr_" + "A" * 54, "ldr_ a", "ldr_é"])
def test_what_is_no_token_is_401(acme, text):
    assert Api(headers={"Authorization": f"Bearer {text}"}).get("me/").status_code == 401


def test_a_revoked_token_says_so(acme, reader):
    with inside(acme):
        revoke_token(SYSTEM, ApiToken.objects.get(), now=timezone.now())
    response = reader.get("me/")
    assert response.status_code == 401
    assert "was revoked on" in response.json()["detail"]


def test_an_expired_token_says_so(acme):
    made_at = timezone.now() - dt.timedelta(days=2)
    with inside(acme):
        _, text = create_token(
            SYSTEM, now=made_at, name="Old", scopes=["read"], expires_at=made_at + dt.timedelta(days=1)
        )
    response = Api(headers={"Authorization": f"Bearer {text}"}).get("me/")
    assert response.status_code == 401
    assert "expired on" in response.json()["detail"]


def test_the_use_of_a_token_is_noted(acme, reader):
    reader.get("me/")
    with inside(acme):
        assert ApiToken.objects.get().last_used_at is not None


def test_a_token_says_who_it_is(acme, pusher):
    me = pusher.get("me/").json()
    assert me["organization"] == {"id": str(acme.pk), "slug": "acme", "name": "Acme"}
    assert (me["member"], me["token"]["scopes"]) == (None, ["measurements:write"])


def test_a_token_cannot_speak_for_another_organization(acme, globex, reader):
    assert reader.get("me/", **{"Ladder-Organization": "acme"}).status_code == 200
    assert reader.get("me/", **{"Ladder-Organization": str(acme.pk)}).status_code == 200
    assert reader.get("me/", **{"Ladder-Organization": "globex"}).status_code == 404


def test_a_member_of_one_organization_need_not_name_it(alice):
    me = session_api(alice).get("me/").json()
    assert (me["member"]["email"], me["member"]["role"], me["token"]) == ("alice@example.com", "owner", None)


def test_a_member_of_two_organizations_names_one(acme, globex, alice):
    Member.objects.create(organization=globex, user=alice.user, role=Role.VIEWER, joined_at=timezone.now())
    api = session_api(alice)
    assert errors_of(api.get("me/")) == [("", "organization_required")]
    for name in ("globex", str(globex.pk), "GLOBEX"):
        me = api.get("me/", **{"Ladder-Organization": name}).json()
        assert (me["organization"]["slug"], me["member"]["role"]) == ("globex", "viewer")


@pytest.mark.parametrize("name", ["acme", "nowhere", "01a20a6b-52ee-77ba-a112-fa093c68aa85"])
def test_an_outsider_gets_the_same_404_as_for_an_organization_that_does_not_exist(acme, charlie, name):
    response = session_api(charlie).get("me/", **{"Ladder-Organization": name})
    assert (response.status_code, response.json()["detail"]) == (404, "There is no such organization.")


def test_a_removed_member_is_an_outsider(acme, bob):
    Member.objects.filter(pk=bob.pk).update(removed_at=timezone.now())
    assert session_api(bob).get("me/").status_code == 403
    assert session_api(bob).get("me/", **{"Ladder-Organization": "acme"}).status_code == 404


def test_a_session_writes_only_with_its_csrf_token(alice):
    client = Client(enforce_csrf_checks=True)
    assert client.login(email=alice.email, password=PASSWORD)
    api = Api(client)
    assert api.get("me/").status_code == 200
    refused = api.post("departments/", {"name": "Sales"})
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    client.cookies["csrftoken"] = secret = "a" * 32
    assert api.post("departments/", {"name": "Sales"}, **{CSRF: secret}).status_code == 201


def test_a_token_needs_no_csrf_token(acme, admin):
    api = Api(Client(enforce_csrf_checks=True), admin.headers)
    assert api.post("departments/", {"name": "Sales"}).status_code == 201
