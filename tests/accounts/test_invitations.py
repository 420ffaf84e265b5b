"""The life of an invitation: sent, accepted, expired, taken back, tampered with, opened by somebody else."""

import datetime as dt
from smtplib import SMTPRecipientsRefused

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from accounts import tasks
from accounts.actions.invitations import SEND, accept_invitation, invite, resend_invitation, revoke_invitation
from accounts.actions.members import change_role, remove_member
from accounts.actors import SYSTEM, Actor
from accounts.errors import ConflictError, UnverifiedAddressError
from accounts.invitation_links import link_text
from accounts.models import AuditEntry, Department, Invitation, Member, Role, User, Wakeup
from accounts.models.invitations import VALID_FOR
from accounts.tasks import send_invitations
from accounts.tokens import pack, unpack
from tests.cast import NOW, PASSWORD, client_of, inside, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(as_alice, acme):
    """An invitation of Nora, sent."""
    with inside(acme):
        invitation = invite(as_alice, now=timezone.now(), email=" Nora@Example.com ", role=Role.EDITOR)
        Invitation.objects.filter(pk=invitation.pk).update(sent_at=timezone.now())
    return invitation


def page(invitation, end=""):
    return f"/invitations/{link_text(invitation)}/{end}"


def test_inviting_makes_a_member_who_has_not_arrived(nora, in_acme):
    member = Member.objects.of_organization(in_acme.pk).get(user=None)
    assert (member.invited_email, member.role, member.joined_at) == ("nora@example.com", Role.EDITOR, None)
    assert nora.expires_at == nora.created_at + VALID_FOR
    assert AuditEntry.objects.get().action == "member.invited"


def test_the_secret_is_not_in_the_database(nora, in_acme):
    stored = str(Invitation.objects.values().get())
    assert link_text(nora) not in stored
    assert link_text(nora)[22:] not in stored


def test_an_address_that_belongs_to_a_member_is_refused(nora, as_alice, bob, in_acme):
    with pytest.raises(ValidationError, match=r"bob@example\.com is already a member"):
        invite(as_alice, now=NOW, email="BOB@example.com")
    with pytest.raises(ValidationError, match=r"nora@example\.com is already invited"):
        invite(as_alice, now=NOW, email="nora@example.com")


@pytest.mark.parametrize("email", ["", "nora", "nora@", "a b@example.com", "nora\0@example.com"])
def test_what_is_no_address_is_refused(as_alice, in_acme, email):
    with pytest.raises(ValidationError) as refused:
        invite(as_alice, now=NOW, email=email)
    assert list(refused.value.message_dict) == ["email"]
    assert not Invitation.objects.exists()


def test_only_people_with_a_verified_address_invite(acme, in_acme):
    user = make_user("Uma", verified=False)
    uma = Actor(member=Member.objects.create(organization=acme, user=user, role=Role.OWNER, joined_at=NOW))
    with pytest.raises(UnverifiedAddressError, match=r"follow the link in the mail to uma@example\.com"):
        invite(uma, now=NOW, email="nora@example.com")
    EmailAddress.objects.update(verified=True)
    assert invite(uma, now=NOW, email="nora@example.com")


def test_an_admin_cannot_invite_an_owner(acme, in_acme):
    erin = Actor(member=make_member(acme, "Erin", Role.ADMIN))
    with pytest.raises(PermissionDenied, match="Only an owner"):
        invite(erin, now=NOW, email="nora@example.com", role=Role.OWNER)


def test_the_letter_goes_out_once(acme, as_alice, mailoutbox):
    with inside(acme):
        invitation = invite(as_alice, now=timezone.now(), email="nora@example.com")
    assert Wakeup.objects.get().kind == SEND
    send_invitations(str(acme.pk))
    send_invitations(str(acme.pk))
    assert not Wakeup.objects.exists()
    (letter,) = mailoutbox
    assert (letter.to, letter.subject) == (["nora@example.com"], "Alice invites you to Acme")
    html = letter.alternatives[0][0]
    assert page(invitation) in letter.body
    assert page(invitation) in html
    assert "style=" not in html


def test_a_letter_interrupted_before_it_was_noted_goes_out_again_with_the_same_link(acme, as_alice, mailoutbox):
    with inside(acme):
        invitation = invite(as_alice, now=timezone.now(), email="nora@example.com")
    send_invitations(str(acme.pk))
    with inside(acme):
        Invitation.objects.update(sent_at=None)
    send_invitations(str(acme.pk))
    assert [page(invitation) in letter.body for letter in mailoutbox] == [True, True]


def test_an_address_the_mail_server_refuses_does_not_hold_up_the_others(acme, as_alice, mailoutbox, monkeypatch):
    def send(template, to, context):
        if to == "bad@example.com":
            raise SMTPRecipientsRefused({})
        return deliver(template, to, context)

    deliver = tasks.send_letter
    monkeypatch.setattr(tasks, "send_letter", send)
    now = timezone.now()
    with inside(acme):
        invite(as_alice, now=now, email="bad@example.com")
        invite(as_alice, now=now, email="good@example.com")
    send_invitations(str(acme.pk), now)
    assert [letter.to for letter in mailoutbox] == [["good@example.com"]]
    assert Wakeup.objects.get().due_at == now + tasks.RETRY_AFTER
    monkeypatch.setattr(tasks, "send_letter", deliver)
    send_invitations(str(acme.pk))
    assert [letter.to for letter in mailoutbox] == [["good@example.com"], ["bad@example.com"]]


def test_the_invited_person_signs_up_and_lands_in_the_organization(nora, acme):
    client = Client()
    shown = client.get(page(nora)).content.decode()
    assert "Join Acme" in shown
    assert "Create your account" in shown
    fields = {"name": "Nora", "email": "nora@example.com", "password1": PASSWORD}
    response = client.post("/accounts/signup/", fields)
    assert response.url == page(nora)
    assert User.objects.get(name="Nora").has_verified_email
    assert "Accept and go on" in client.get(page(nora)).content.decode()
    client.post(page(nora, "accept/"))
    member = Member.objects.get(user__email="nora@example.com")
    assert (member.pk, member.organization, member.role) == (nora.member_id, acme, Role.EDITOR)
    assert client.get("/acme/settings/").status_code == 200


def test_signing_up_with_another_address_proves_nothing(nora, mailoutbox):
    client = Client()
    client.get(page(nora))
    client.post("/accounts/signup/", {"name": "Eve", "email": "eve@example.com", "password1": PASSWORD})
    eve = User.objects.get(name="Eve")
    assert eve.email == "eve@example.com"
    assert not eve.has_verified_email
    assert [letter.to for letter in mailoutbox] == [["eve@example.com"]]
    assert client.post(page(nora, "accept/")).status_code == 409
    assert not Member.objects.filter(user=eve).exists()


def test_logging_in_leads_back_to_the_invitation(nora):
    make_user("Nora")
    client = Client()
    assert "Log in to accept" in client.get(page(nora)).content.decode()
    response = client.post("/accounts/login/", {"login": "nora@example.com", "password": PASSWORD})
    assert response.url == page(nora)


def test_somebody_else_is_told_and_can_switch(nora, charlie):
    client = client_of(charlie)
    shown = client.get(page(nora)).content.decode()
    assert "You are logged in as <strong>charlie@example.com</strong>" in shown
    assert client.post(page(nora, "accept/")).status_code == 409
    assert client.post(page(nora, "switch/")).url == page(nora)
    assert "Create your account" in client.get(page(nora)).content.decode()


def test_accepting_by_somebody_else_is_refused(nora, charlie, in_acme):
    with pytest.raises(PermissionDenied, match=r"is for nora@example\.com, and you are logged in as charlie"):
        accept_invitation(charlie.user, nora, now=timezone.now())


def test_an_invitation_works_once(nora, in_acme):
    user = make_user("Nora")
    accept_invitation(user, nora, now=timezone.now())
    with pytest.raises(ConflictError, match="used already"):
        accept_invitation(user, nora, now=timezone.now())
    response = Client().get(page(nora))
    assert response.status_code == 409
    assert "used already" in response.content.decode()


def test_who_joined_with_an_invitation_is_led_on_by_it(nora, in_acme):
    member = accept_invitation(make_user("Nora"), nora, now=timezone.now())
    response = client_of(member).get(page(nora), follow=True)
    assert response.redirect_chain == [("/acme/my-ladder/", 302)]
    assert "You have joined Acme with this invitation." in response.content.decode()
    Member.objects.filter(pk=member.pk).update(removed_at=timezone.now())
    assert client_of(member).get(page(nora)).status_code == 409


def test_an_expired_invitation_says_so(nora, in_acme):
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(days=1))
    response = Client().get(page(nora))
    assert response.status_code == 409
    assert "This invitation expired on" in response.content.decode()
    with pytest.raises(ConflictError, match="expired"):
        accept_invitation(make_user("Nora"), nora, now=timezone.now())


def test_an_invitation_taken_back_says_so_and_the_member_is_gone(nora, as_alice, in_acme):
    revoke_invitation(as_alice, nora.member, now=timezone.now())
    assert "taken back" in Client().get(page(nora)).content.decode()
    assert not Member.objects.of_organization(in_acme.pk).filter(invited_email="nora@example.com").exists()


def test_what_the_invited_own_needs_a_successor_when_taken_back(nora, as_alice, alice, hats, in_acme):
    hats[nora.member_id] = 3
    with pytest.raises(ValidationError, match=r"nora@example\.com has 3 hats"):
        revoke_invitation(as_alice, nora.member, now=timezone.now())
    revoke_invitation(as_alice, nora.member, now=timezone.now(), successor=alice)
    assert hats == {alice.pk: 3}


def test_a_new_letter_replaces_the_former(nora, as_alice, in_acme):
    again = resend_invitation(as_alice, nora.member, now=timezone.now())
    assert "replaced by a newer one" in Client().get(page(nora)).content.decode()
    assert Client().get(page(again)).status_code == 200


def test_nobody_is_written_to_over_and_over(nora, as_alice, in_acme):
    now = timezone.now()
    for _ in range(4):
        resend_invitation(as_alice, nora.member, now=now)
    with pytest.raises(ConflictError, match="wait until tomorrow"):
        resend_invitation(as_alice, nora.member, now=now)
    revoke_invitation(as_alice, nora.member, now=now)
    with pytest.raises(ConflictError, match="wait until tomorrow"):
        invite(as_alice, now=now, email="nora@example.com")
    assert invite(as_alice, now=now + dt.timedelta(days=1, minutes=1), email="nora@example.com")


def test_an_organization_writes_a_bounded_number_of_letters_a_day(nora, as_alice, in_acme, monkeypatch):
    monkeypatch.setattr("accounts.actions.invitations.MOST_LETTERS", 2)
    invite(as_alice, now=timezone.now(), email="olga@example.com")
    with pytest.raises(ConflictError, match="go on tomorrow"):
        invite(as_alice, now=timezone.now(), email="pia@example.com")


def test_a_link_tampered_with_leads_nowhere(nora):
    text = link_text(nora)
    for tampered in (text[:-1], text[:-2] + "AA", "x", "A" * 54):
        response = Client().get(f"/invitations/{tampered}/")
        assert response.status_code == 404
        assert "leads to no invitation" in response.content.decode()


def test_the_secret_opens_no_other_organization(nora, globex):
    unpacked = unpack(link_text(nora))
    assert unpacked is not None
    assert Client().get(f"/invitations/{pack(globex.pk, unpacked[1])}/").status_code == 404


def test_a_removed_member_comes_back_with_their_history(as_alice, bob, in_acme):
    change_role(as_alice, bob, now=NOW, role=Role.EDITOR)
    remove_member(as_alice, bob, now=NOW)
    invitation = invite(as_alice, now=timezone.now(), email="bob@example.com", role=Role.VIEWER)
    user = User.objects.get(name="Bob")
    member = accept_invitation(user, invitation, now=timezone.now())
    assert (member.pk, member.user, member.role, member.removed_at) == (bob.pk, user, Role.VIEWER, None)
    assert AuditEntry.objects.filter(subject_id=bob.pk).count() == 4


def test_somebody_back_under_another_address_gets_what_the_invited_own(as_alice, bob, hats, in_acme):
    remove_member(as_alice, bob, now=NOW)
    EmailAddress.objects.create(user=bob.user, email="robert@example.com", verified=True)
    invitation = invite(as_alice, now=timezone.now(), email="robert@example.com", role=Role.EDITOR)
    hats[invitation.member_id] = 1
    member = accept_invitation(bob.user, invitation, now=timezone.now())
    assert (member.pk, member.role) == (bob.pk, Role.EDITOR)
    assert hats == {bob.pk: 1}
    assert Member.objects.of_organization(bob.organization_id).count() == 2


def test_a_member_cannot_join_a_second_time(as_alice, bob, in_acme):
    EmailAddress.objects.create(user=bob.user, email="robert@example.com", verified=True)
    invitation = invite(as_alice, now=timezone.now(), email="robert@example.com")
    with pytest.raises(ConflictError, match="already a member, as bob"):
        accept_invitation(bob.user, invitation, now=timezone.now())


def test_the_invited_keep_their_department(as_alice, sales):
    invitation = invite(as_alice, now=timezone.now(), email="nora@example.com", department=sales)
    member = accept_invitation(make_user("Nora"), invitation, now=timezone.now())
    assert member.department == Department.objects.get(name="Sales")


def test_the_system_may_invite(in_acme):
    assert invite(SYSTEM, now=NOW, email="nora@example.com", role=Role.OWNER).invited_by is None
