"""Two admins change settings at a time: nothing that either does is undone without a word."""

import pytest
from django.test import Client

from accounts.actions.departments import update_department
from accounts.actions.members import update_member
from accounts.actions.organizations import update_organization
from accounts.actors import SYSTEM
from accounts.models import Department, Member, Organization, Role
from tests.cast import NOW, client_of, inside, make_member
from tests.pages import filled_in


@pytest.fixture
def alices(alice: Member) -> Client:
    return client_of(alice)


pytestmark = pytest.mark.django_db


def test_settings_that_one_leaves_alone_stay_as_the_other_has_put_them(acme: Organization, alices: Client) -> None:
    sent = filled_in(alices.get("/acme/settings/").content.decode(), name="Acme Foods", on_track_at="0.9")
    with inside(acme):
        update_organization(SYSTEM, acme, now=NOW, currency="SEK", grace_days=3, at_risk_at=0.5)
    assert alices.post("/acme/settings/change/", sent).status_code == 302
    acme.refresh_from_db()
    assert (acme.name, acme.on_track_at, acme.currency, acme.grace_days, acme.at_risk_at) == (
        "Acme Foods", 0.9, "SEK", 3, 0.5,
    )  # fmt: skip


def test_a_role_that_another_took_away_is_not_given_back(acme: Organization, alices: Client, bob: Member) -> None:
    with inside(acme):
        sales = Department.objects.create(name="Sales")
    address = f"/acme/settings/members/{bob.pk}/"
    sent = filled_in(alices.get(address).content.decode(), department=str(sales.pk))
    with inside(acme):
        update_member(SYSTEM, bob, now=NOW, role=Role.VIEWER)
    assert alices.post(address, sent).status_code == 302
    with inside(acme):
        now = Member.objects.get(pk=bob.pk)
    assert (now.role, now.department_id) == (Role.VIEWER, sales.pk)


def test_an_admin_changes_the_department_of_an_owner(acme: Organization, alice: Member) -> None:
    with inside(acme):
        sales = Department.objects.create(name="Sales")
        admin = make_member(acme, "Ada", Role.ADMIN)
    client, address = client_of(admin), f"/acme/settings/members/{alice.pk}/"
    sent = filled_in(client.get(address).content.decode(), department=str(sales.pk))
    assert client.post(address, sent).status_code == 302
    with inside(acme):
        now = Member.objects.get(pk=alice.pk)
    assert (now.role, now.department_id) == (Role.OWNER, sales.pk)


def test_a_lead_that_both_chose_is_refused_once(
    acme: Organization, alices: Client, alice: Member, bob: Member, vera: Member
) -> None:
    with inside(acme):
        sales = Department.objects.create(name="Sales")
    address = f"/acme/settings/departments/{sales.pk}/"
    sent = filled_in(alices.get(address).content.decode(), lead=str(vera.pk))
    with inside(acme):
        update_department(SYSTEM, sales, now=NOW, lead=bob)
    refused = alices.post(address, sent)
    assert refused.status_code == 422
    assert refused.context["form"].non_field_errors() == [
        "“Lead” became “Bob” while you were editing. Save again to put yours in its place."
    ]
    assert alices.post(address, filled_in(refused.content.decode())).status_code == 302
    with inside(acme):
        assert Department.objects.get(pk=sales.pk).lead == vera
