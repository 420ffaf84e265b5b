"""The endpoints about people and settings."""

import pytest

from accounts.models import ApiToken, AuditEntry, Department, Invitation, Role
from tests.api.conftest import Api, errors_of, session_api
from tests.cast import inside, make_kpi, make_member

pytestmark = pytest.mark.django_db


def test_the_organization_is_shown_and_changed(acme, admin):
    shown = admin.get("organization/").json()
    assert (shown["slug"], shown["currency"], shown["timezone"], shown["fiscal_year_start"]) == (
        "acme",
        "EUR",
        "UTC",
        1,
    )
    assert (shown["week_starts_on"], shown["on_track_at"], shown["scores_stale"]) == (0, 0.9, False)
    assert shown["grace_days"] == 0
    changed = admin.patch("organization/", {"timezone": "Europe/Berlin", "fiscal_year_start": 4, "grace_days": 3})
    assert changed.status_code == 200
    assert (changed.json()["timezone"], changed.json()["fiscal_year_start"]) == ("Europe/Berlin", 4)
    assert changed.json()["grace_days"] == 3
    with inside(acme):
        assert AuditEntry.objects.filter(action="organization.updated").count() == 1


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"timezone": "Mars/Olympus"}, ("/timezone", "time_zone")),
        ({"currency": "euro"}, ("/currency", "max_length")),
        ({"currency": "eur"}, ("/currency", "invalid")),
        ({"fiscal_year_start": 13}, ("/fiscal_year_start", "max_value")),
        ({"week_starts_on": "monday"}, ("/week_starts_on", "invalid")),
        ({"grace_days": 15}, ("/grace_days", "max_value")),
        ({"on_track_at": -1}, ("/on_track_at", "thresholds")),
        ({"slug": "admin"}, ("/slug", "reserved")),
        ({"slug": "globex"}, ("/slug", "taken")),
        ({"slug": "Über uns"}, ("/slug", "invalid")),
        ({"name": ""}, ("/name", "blank")),
    ],
)
def test_settings_that_make_no_sense_are_refused(acme, globex, admin, body, error):
    assert errors_of(admin.patch("organization/", body)) == [error]
    acme.refresh_from_db()
    assert (acme.slug, acme.time_zone, acme.currency) == ("acme", "UTC", "EUR")


def test_scores_are_stale_after_a_push_and_not_after_waiting(acme, admin):
    with inside(acme):
        make_kpi(acme, "orders")
    push = [{"kpi": "orders", "date": "2026-10-02", "value": 1}]
    admin.post("measurements/", push)
    assert admin.get("organization/").json()["scores_stale"] is True
    admin.post("measurements/?wait=true", push)
    assert admin.get("organization/").json()["scores_stale"] is False


def test_departments_are_made_moved_and_archived(acme, alice, admin):
    company = admin.post("departments/", {"name": "Company"}).json()
    sales = admin.post("departments/", {"name": "Sales", "parent": company["id"], "lead": str(alice.pk)})
    assert sales.status_code == 201
    address = f"departments/{sales.json()['id']}/"
    assert (sales.json()["parent"], sales.json()["lead"]) == (company["id"], str(alice.pk))
    changed = admin.patch(address, {"name": "Selling", "parent": None, "lead": None}).json()
    assert (changed["name"], changed["parent"], changed["lead"]) == ("Selling", None, None)
    assert admin.delete(address).status_code == 204
    assert admin.get(address).json()["archived_at"] is not None
    assert [row["name"] for row in admin.get("departments/").json()["results"]] == ["Company"]
    assert [row["name"] for row in admin.get("departments/?archived=true").json()["results"]] == ["Selling"]


def test_a_department_cannot_lie_below_itself(admin):
    top = admin.post("departments/", {"name": "Top"}).json()
    below = admin.post("departments/", {"name": "Below", "parent": top["id"]}).json()
    assert errors_of(admin.patch(f"departments/{top['id']}/", {"parent": below["id"]}))[0][0] == "/parent"
    assert admin.delete(f"departments/{top['id']}/").status_code in (400, 409)


def test_a_department_that_owns_something_asks_for_a_successor(acme, admin):
    sales, other = (admin.post("departments/", {"name": name}).json() for name in ("Sales", "Other"))
    with inside(acme):
        make_member(acme, "Dora", Role.VIEWER)
        acme.members.update(department=Department.objects.get(pk=sales["id"]))
    address = f"departments/{sales['id']}/"
    assert errors_of(admin.delete(address)) == [("/successor", "required")]
    assert errors_of(admin.delete(f"{address}?successor=01a20a6b-52ee-77ba-a112-fa093c68aa85")) == [
        ("/successor", "unknown")
    ]
    assert admin.delete(f"{address}?successor={other['id']}").status_code == 204
    assert {row["department"] for row in admin.get("members/").json()["results"]} == {other["id"]}


def test_members_change_role_and_department(acme, alice, bob):
    api = session_api(alice)
    sales = api.post("departments/", {"name": "Sales"}).json()
    changed = api.patch(f"members/{bob.pk}/", {"role": "editor", "department": sales["id"]}).json()
    assert (changed["name"], changed["role"], changed["department"]) == ("Bob", "editor", sales["id"])
    assert errors_of(api.patch(f"members/{bob.pk}/", {"role": "king"})) == [("/role", "invalid_choice")]


def test_the_last_owner_stays(alice):
    api = session_api(alice)
    assert api.patch(f"members/{alice.pk}/", {"role": "viewer"}).status_code == 409
    assert api.delete(f"members/{alice.pk}/").status_code == 409


def test_only_owners_make_owners(acme, bob, admin):
    assert admin.patch(f"members/{bob.pk}/", {"role": "owner"}).status_code == 403


def test_a_member_who_owns_something_is_removed_with_a_successor(acme, alice, bob, charlie):
    with inside(acme):
        make_kpi(acme, "orders", owner=bob)
    api = session_api(alice)
    assert errors_of(api.delete(f"members/{bob.pk}/")) == [("/successor", "required")]
    assert errors_of(api.delete(f"members/{bob.pk}/?successor={charlie.pk}")) == [("/successor", "unknown")]
    assert api.get("kpis/orders/").json()["owner"] == str(bob.pk)
    assert api.delete(f"members/{bob.pk}/?successor={alice.pk}").status_code == 204
    assert api.get("kpis/orders/").json()["owner"] == str(alice.pk)
    assert api.get(f"members/{bob.pk}/").status_code == 404


def test_people_are_invited_and_invitations_taken_back(acme, alice):
    api = session_api(alice)
    made = api.post("invitations/", {"email": "Dora@Example.com", "role": "editor"})
    assert (made.status_code, made.json()["email"]) == (201, "dora@example.com")
    member = api.get(f"members/{made.json()['member']}/").json()
    assert (member["email"], member["role"], member["joined_at"]) == ("dora@example.com", "editor", None)
    with inside(acme):
        assert Invitation.objects.get().secret_hash not in made.content.decode()
    assert [row["id"] for row in api.get("invitations/").json()["results"]] == [made.json()["id"]]
    assert api.delete(f"invitations/{made.json()['id']}/").status_code == 204
    assert api.get("invitations/").json()["results"] == []
    assert api.delete(f"invitations/{made.json()['id']}/").status_code == 404


def test_an_address_that_is_none_cannot_be_invited(alice):
    assert errors_of(session_api(alice).post("invitations/", {"email": "dora"})) == [("/email", "invalid")]


def test_somebody_whose_own_address_is_not_verified_cannot_invite(alice):
    alice.user.emailaddress_set.update(verified=False)
    response = session_api(alice).post("invitations/", {"email": "dora@example.com"})
    assert response.status_code == 403
    assert "Verify your own address first" in response.json()["detail"]


def test_a_token_is_shown_once_used_and_revoked(acme, alice):
    api = session_api(alice)
    made = api.post("tokens/", {"name": "Nightly", "scopes": ["measurements:write", "read"]})
    assert made.status_code == 201
    text = made.json()["token"]
    program = Api(headers={"Authorization": f"Bearer {text}"})
    assert program.get("me/").json()["token"]["scopes"] == ["read", "measurements:write"]
    listed = api.get("tokens/").content.decode()
    assert (text in listed, text[-4:] in listed, "secret_hash" in listed) == (False, True, False)
    address = f"tokens/{made.json()['id']}/"
    assert "token" not in api.get(address).json()
    assert api.get(address).json()["last_used_at"] is not None
    assert api.delete(address).status_code == 204
    assert program.get("me/").status_code == 401
    assert api.get(address).json()["revoked_at"] is not None


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/name", "/scopes"]),
        ({"name": "Job", "scopes": []}, ["/scopes"]),
        ({"name": "Job", "scopes": ["root"]}, ["/scopes/0"]),
        ({"name": "Job", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z"}, ["/expires_at"]),
        ({"name": "Job", "scopes": ["read"], "expires_at": "tomorrow"}, ["/expires_at"]),
        ({"name": "Job", "scopes": ["read"], "expires_at": "9999-12-31T23:59:59-23:59"}, ["/expires_at"]),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(acme, admin, body, pointers):
    assert [pointer for pointer, _ in errors_of(admin.post("tokens/", body))] == pointers
    with inside(acme):
        assert ApiToken.objects.count() == 1


def test_every_write_is_in_the_audit_log_with_who_did_it(acme, alice, admin):
    session_api(alice).post("departments/", {"name": "Sales"})
    admin.post("departments/", {"name": "Marketing"})
    by_token, by_person = admin.get("audit/?action=department.created").json()["results"]
    assert (by_person["member"], by_person["token"], by_person["subject"]) == (str(alice.pk), None, "Sales")
    assert (by_token["member"], by_token["token"] is None, by_token["subject"]) == (None, False, "Marketing")
