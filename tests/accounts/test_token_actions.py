import base64
import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.actions.tokens import create_token, revoke_token
from accounts.models import ApiToken, AuditEntry, Scope
from accounts.tokens import find_token, note_use, problem_with
from tests.cast import NOW, inside

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def made(as_alice, in_acme):
    return create_token(as_alice, now=NOW, name="Nightly job", scopes=[Scope.MEASUREMENTS, Scope.READ])


def test_a_token_carries_its_organization_and_is_stored_hashed(made, acme):
    token, text = made
    assert text.startswith("ldr_")
    raw = base64.urlsafe_b64decode(text[4:] + "==")
    assert (raw[:16], len(raw)) == (acme.pk.bytes, 40)
    assert (token.hint, token.scopes) == (text[-4:], ["read", "measurements:write"])
    stored = ApiToken.objects.values().get()
    assert text not in str(stored)
    assert raw[16:].hex() not in str(stored)
    assert text not in str(AuditEntry.objects.values().get())


def test_a_token_is_found_by_its_text(made, acme):
    token, text = made
    assert find_token(text) == token


@pytest.mark.parametrize(
    "text", ["", "ldr_", "ldr_x", "ldr_" + "é" * 54, "ldr_" + "A" * 54, "A" * 58, "ldr_\0", "ldr_" + "=" * 54]
)
def test_a_text_that_is_no_token_finds_nothing(acme, text):
    assert find_token(text) is None


def test_a_token_of_another_organization_is_not_found_by_swapping_the_id(made, acme, globex):
    _, text = made
    raw = base64.urlsafe_b64decode(text[4:] + "==")
    forged = "ldr_" + base64.urlsafe_b64encode(globex.pk.bytes + raw[16:]).rstrip(b"=").decode()
    with pytest.raises(RuntimeError, match="another organization"):
        find_token(forged)  # the test itself is inside Acme


def test_neither_here_nor_there(as_alice, acme, globex):
    with inside(acme):
        _, text = create_token(as_alice, now=NOW, name="Job", scopes=[Scope.READ])
    raw = base64.urlsafe_b64decode(text[4:] + "==")
    forged = "ldr_" + base64.urlsafe_b64encode(globex.pk.bytes + raw[16:]).rstrip(b"=").decode()
    assert find_token(forged) is None
    assert find_token(text).name == "Job"


def test_a_revoked_token_says_so(made, as_alice):
    token, text = made
    revoke_token(as_alice, token, now=NOW)
    revoke_token(as_alice, token, now=NOW)
    assert problem_with(find_token(text), NOW) == "This token was revoked on 18 November 2026."
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "token.created",
        "token.revoked",
    ]


def test_an_expired_token_says_so(as_alice, in_acme):
    _, text = create_token(as_alice, now=NOW, name="Job", scopes=["read"], expires_at=NOW + HOUR)
    assert problem_with(find_token(text), NOW) == ""
    assert problem_with(find_token(text), NOW + HOUR) == "This token expired on 18 November 2026; make a new one."


def test_use_is_noted_at_most_once_a_minute(made):
    token, _ = made
    for seconds in (0, 30, 59):
        note_use(token, NOW + dt.timedelta(seconds=seconds))
        token.refresh_from_db()
    assert token.last_used_at == NOW
    note_use(token, NOW + dt.timedelta(seconds=60))
    token.refresh_from_db()
    assert token.last_used_at == NOW + dt.timedelta(seconds=60)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["fly"]}, "scopes"),
        ({"expires_at": NOW}, "expires_at"),
        ({"name": " "}, "name"),
    ],
)
def test_a_token_that_cannot_be_is_refused(as_alice, in_acme, fields, field):
    with pytest.raises(ValidationError) as refused:
        create_token(as_alice, now=NOW, **{"name": "Job", "scopes": ["read"], **fields})
    assert list(refused.value.message_dict) == [field]
    assert not ApiToken.objects.exists()
