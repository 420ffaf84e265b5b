import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Member, Organization, Role, User
from accounts.tokens import find_token
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def run(capsys, *arguments):
    call_command("create_organization", *arguments)
    (line,) = capsys.readouterr().out.splitlines()
    return json.loads(line)


def test_it_makes_an_organization_its_owner_and_a_token(capsys):
    printed = run(
        capsys, "Acme Foods", "--owner", "Dana@example.com", "--password", PASSWORD, "--token-scopes", "read,write"
    )
    organization = Organization.objects.get(pk=printed["id"])
    assert (organization.name, printed["slug"]) == ("Acme Foods", "acme-foods")
    assert find_token(printed["token"]).scopes == ["read", "write"]
    member = Member.objects.get(organization=organization)
    assert (member.email, member.role) == ("dana@example.com", Role.OWNER)
    assert member.user.has_verified_email
    assert member.user.check_password(PASSWORD)


def test_without_scopes_there_is_no_token(capsys):
    assert run(capsys, "Acme", "--owner", "dana@example.com")["token"] is None
    assert not User.objects.get().has_usable_password()


def test_somebody_who_has_an_account_is_used(capsys, alice):
    assert run(capsys, "Acme", "--owner", "ALICE@example.com")["slug"] == "acme-2"
    assert Member.objects.filter(user=alice.user).count() == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Acme", "--owner", "nobody"], "valid email address"),
        (["Acme", "--owner", "a@example.com", "--password", "short"], "too short"),
        (["Acme", "--owner", "a@example.com", "--token-scopes", "fly"], "There is no scope fly"),
        ([" ", "--owner", "a@example.com"], "name: This field cannot be blank"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_stored(arguments, message):
    with pytest.raises(CommandError, match=message):
        call_command("create_organization", *arguments)
    assert not User.objects.exists()
    assert not Organization.objects.exists()
