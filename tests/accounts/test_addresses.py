"""Mails and the addresses people log in with: what a hostile stranger could make of them."""

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client

from accounts.models import Organization, User
from tests.cast import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def links(letter):
    return [word for word in letter.body.split() if word.startswith("http")]


def change_address(client, email):
    return client.post("/accounts/email/", {"action_add": "", "email": email})


def follow(client, letter):
    return client.post(links(letter)[0].removeprefix(settings.BASE_URL), follow=True)


@pytest.fixture
def uma():
    """Somebody who signed up and never verified the address."""
    return make_user("Uma", verified=False)


@pytest.fixture
def as_uma(uma):
    client = Client(raise_request_exception=False)
    client.force_login(uma)
    return client


@pytest.mark.parametrize("email", ["alice@example.com", "nobody@example.com"])
def test_links_in_mails_lead_to_the_product_whatever_host_was_asked(alice, mailoutbox, email):
    Client().post("/accounts/password/reset/", {"email": email}, headers={"host": "localhost:6666"})
    assert links(mailoutbox[0])[0].startswith(f"{settings.BASE_URL}/accounts/")


def test_a_name_smuggles_no_lines_into_a_mail_to_a_stranger(mailoutbox):
    name = "Dana\r\nYour account is blocked:\nhttp://evil.example"
    Client().post("/accounts/signup/", {"name": name, "email": "victim@example.com", "password1": PASSWORD})
    assert "evil" not in mailoutbox[0].body
    assert User.objects.get().name == "Dana Your account is blocked: http://evil.example"


def test_names_of_people_and_organizations_are_one_line(alice):
    client = Client()
    client.force_login(alice.user)
    client.post("/me/", {"name": "Alice\nof Acme", "time_zone": "UTC"})
    assert User.objects.get().name == "Alice of Acme"
    fields = {"name": "Acme\n\nTwo", "currency": "EUR", "time_zone": "UTC", "fiscal_year_start": "1"}
    client.post("/organizations/new/", fields)
    assert Organization.objects.get(slug="acme-two").name == "Acme Two"


def test_who_never_verified_keeps_the_address_until_the_new_one_is_verified(uma, as_uma, mailoutbox):
    change_address(as_uma, "first@example.com")
    change_address(as_uma, "second@example.com")
    assert User.objects.get().email == "uma@example.com"
    assert sorted(EmailAddress.objects.values_list("email", flat=True)) == ["second@example.com", "uma@example.com"]
    follow(as_uma, mailoutbox[1])
    assert User.objects.get().email == "second@example.com"
    assert [(address.email, address.verified) for address in EmailAddress.objects.all()] == [
        ("second@example.com", True)
    ]


def test_an_address_another_account_logs_in_with_is_not_taken_over(alice, uma, mailoutbox):
    client = Client(raise_request_exception=False)
    client.force_login(alice.user)
    change_address(client, uma.email)
    response = follow(client, mailoutbox[0])
    assert response.status_code == 200
    assert "uma@example.com" in response.content.decode()
    assert sorted(User.objects.values_list("email", flat=True)) == ["alice@example.com", "uma@example.com"]
    assert not EmailAddress.objects.filter(email=uma.email, verified=True).exists()
