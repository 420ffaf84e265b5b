"""Two admins change settings at a time: nothing that either does is undone without a word."""

import pytest
from django.test import Client

from accounts.actions.departments import update_department
from accounts.actions.organizations import update_organization
from accounts.actors import SYSTEM
from accounts.models import Department, Member, Organization
from tests.cast import NOW, client_of, inside
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
    assert refused.context["form"].errors == {
        "lead": ["This became “Bob” while you were editing. Save again to put yours in its place."]
    }
    assert alices.post(address, filled_in(refused.content.decode())).status_code == 302
    with inside(acme):
        assert Department.objects.get(pk=sales.pk).lead == vera
