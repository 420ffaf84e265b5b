"""Who was taken in without a letter: when the letter follows by itself, and when it does not."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.actions.invitations import SEND, WRITE, expect, invite, resend_invitation, revoke_invitation
from accounts.actors import Actor
from accounts.models import AuditEntry, Invitation, Member, Role, Wakeup
from accounts.tasks import send_invitations, write_to_expected
from tests.cast import inside, make_user

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1, minutes=1)


@pytest.fixture
def uma(acme):
    """The founder of Acme, who has not verified her address."""
    user = make_user("Uma", verified=False)
    return Member.objects.create(organization=acme, user=user, role=Role.OWNER, joined_at=timezone.now())


def take_in(host, *emails):
    with inside(host.organization):
        return [expect(Actor(member=host), now=timezone.now(), email=email) for email in emails]


def verify(member, mailoutbox):
    """Follow the link in the mail, as a person does."""
    client = Client()
    client.force_login(member.user)
    client.post("/me/verification/")
    link = next(word for word in mailoutbox.pop().body.split() if word.startswith("http"))
    return client.post(link.removeprefix(settings.BASE_URL), follow=True)


def work(organization, now=None):
    """What the workers do once they are told."""
    write_to_expected(str(organization.pk), now)
    send_invitations(str(organization.pk), now)


def due(organization):
    return set(
        Wakeup.objects.filter(organization=organization, due_at__lte=timezone.now()).values_list("kind", flat=True)
    )


def test_letters_go_out_by_themselves_once_the_address_is_verified(acme, uma, mailoutbox):
    take_in(uma, "ben@example.com", "kim@example.com")
    work(acme)
    assert mailoutbox == []

    verify(uma, mailoutbox)
    assert due(acme) == {WRITE}
    work(acme)

    assert [(letter.to, letter.subject) for letter in mailoutbox] == [
        (["ben@example.com"], "Uma invites you to Acme"),
        (["kim@example.com"], "Uma invites you to Acme"),
    ]
    assert not Wakeup.objects.filter(kind__in=[WRITE, SEND]).exists()
    with inside(acme):
        assert AuditEntry.objects.filter(action="invitation.sent", member=uma).count() == 2


def test_letters_go_out_once_however_often_the_workers_are_told(acme, uma, mailoutbox):
    take_in(uma, "ben@example.com")
    verify(uma, mailoutbox)
    for _ in range(3):
        work(acme)
    assert [letter.to for letter in mailoutbox] == [["ben@example.com"]]


def test_in_each_organization_of_hers_and_in_no_other(acme, globex, uma, mailoutbox):
    elsewhere = Member.objects.create(organization=globex, user=uma.user, role=Role.ADMIN, joined_at=timezone.now())
    take_in(uma, "ben@example.com")
    take_in(elsewhere, "kim@example.com")
    verify(uma, mailoutbox)
    for organization in (acme, globex):
        assert due(organization) == {WRITE}
        work(organization)
    assert [letter.to for letter in mailoutbox] == [["ben@example.com"], ["kim@example.com"]]


def test_what_exceeds_the_letters_of_a_day_waits_for_the_next(acme, uma, mailoutbox, monkeypatch):
    monkeypatch.setattr("accounts.actions.invitations.MOST_LETTERS", 1)
    take_in(uma, "ben@example.com", "kim@example.com")
    verify(uma, mailoutbox)
    now = timezone.now()
    work(acme, now)
    assert [letter.to for letter in mailoutbox] == [["ben@example.com"]]
    assert Wakeup.objects.get(kind=WRITE).due_at > now

    work(acme, now + DAY)
    assert [letter.to for letter in mailoutbox] == [["ben@example.com"], ["kim@example.com"]]


def test_who_was_taken_in_after_too_many_letters_is_written_to_a_day_later(acme, alice, mailoutbox):
    take_in(alice, "ben@example.com")
    (wakeup,) = Wakeup.objects.filter(kind=WRITE)
    assert wakeup.due_at > timezone.now()
    work(acme, timezone.now() + DAY)
    assert [letter.to for letter in mailoutbox] == [["ben@example.com"]]


def test_somebody_elses_verified_address_sends_nothing_in_her_name(acme, alice, uma, mailoutbox):
    take_in(uma, "ben@example.com")
    EmailAddress.objects.filter(user=alice.user).update(verified=False)
    verify(alice, mailoutbox)
    work(acme)
    assert mailoutbox == []


def test_who_left_or_may_not_invite_any_more_sends_nothing(acme, uma, mailoutbox):
    take_in(uma, "ben@example.com")
    Member.objects.filter(pk=uma.pk).update(role=Role.EDITOR)
    verify(uma, mailoutbox)
    work(acme)
    Member.objects.filter(pk=uma.pk).update(role=Role.OWNER, removed_at=timezone.now())
    work(acme)
    assert mailoutbox == []


def test_who_has_a_letter_or_is_gone_gets_none(acme, uma, as_alice, mailoutbox):
    ben, kim = take_in(uma, "ben@example.com", "kim@example.com")
    with inside(acme):
        resend_invitation(as_alice, ben, now=timezone.now())
        revoke_invitation(as_alice, kim, now=timezone.now())
    verify(uma, mailoutbox)
    work(acme)
    assert [letter.subject for letter in mailoutbox] == ["Alice invites you to Acme"]


def test_who_was_invited_once_and_is_taken_in_again_is_written_to(acme, uma, as_alice, mailoutbox):
    with inside(acme):
        revoke_invitation(
            as_alice, invite(as_alice, now=timezone.now(), email="ben@example.com").member, now=timezone.now()
        )
    take_in(uma, "ben@example.com")
    verify(uma, mailoutbox)
    work(acme)
    assert [letter.to for letter in mailoutbox] == [["ben@example.com"]]
    with inside(acme):
        assert Invitation.objects.filter(revoked_at=None).count() == 1
    assert SEND not in due(acme)
