"""What people do on the pages of ``accounts``, through forms, without script."""

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts import audit
from accounts.actors import Actor
from accounts.models import ApiToken, AuditEntry, Department, Invitation, Member, Organization, Role, User
from accounts.tokens import find_token, problem_with
from tests.cast import PASSWORD, client_of, inside, make_member, make_user

pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(response.content.decode().split())


def test_strangers_see_what_ladder_is():
    shown = text_of(Client().get("/"))
    assert "Create an account" in shown
    assert "Log in" in shown


def test_a_founder_signs_up_looks_around_and_founds_an_organization(mailoutbox):
    client = Client()
    response = client.post("/accounts/signup/", {"name": "Dana", "email": "Dana@Example.com", "password1": PASSWORD})
    assert client.get(response.url).url == "/organizations/new/"
    assert [letter.subject for letter in mailoutbox] == ["Welcome to Ladder: verify your address"]
    fields = {"name": "Dana & Co", "currency": "CHF", "time_zone": "Europe/Zurich", "fiscal_year_start": "4"}
    client.post("/organizations/new/", fields)
    organization = Organization.objects.get()
    assert (organization.slug, organization.currency, organization.fiscal_year_start) == ("dana-co", "CHF", 4)
    shown = text_of(client.get("/dana-co/settings/members/"))
    assert "Send the link again" in shown
    assert "Send the invitation" not in shown


def test_the_link_in_the_mail_verifies_the_address(mailoutbox):
    client = Client()
    client.post("/accounts/signup/", {"name": "Dana", "email": "dana@example.com", "password1": PASSWORD})
    link = next(word for word in mailoutbox[0].body.split() if "/confirm-email/" in word)
    path = link.removeprefix(settings.BASE_URL)
    assert "Is <strong>dana@example.com</strong> yours?" in text_of(client.get(path))
    client.post(path)
    assert User.objects.get().has_verified_email


def test_the_link_can_be_sent_again_but_not_all_the_time(acme, mailoutbox):
    user = make_user("Uma", verified=False)
    client = client_of(Member.objects.create(organization=acme, user=user, role=Role.OWNER))
    response = client.post("/me/verification/", {"next": "/acme/settings/members/"}, follow=True)
    assert "The link is on its way to uma@example.com" in text_of(response)
    response = client.post("/me/verification/", {"next": "https://evil.example/"}, follow=True)
    assert "sent to uma@example.com a moment ago" in text_of(response)
    assert len(mailoutbox) == 1


def test_somebody_unverified_who_invites_anyway_is_refused(acme):
    user = make_user("Uma", verified=False)
    client = client_of(Member.objects.create(organization=acme, user=user, role=Role.OWNER))
    response = client.post("/acme/settings/members/invite/", {"email": "nora@example.com", "role": "viewer"})
    assert response.status_code == 403
    assert "Verify your own address first" in text_of(response)
    with inside(acme):
        assert not Invitation.objects.exists()


def test_a_wrong_password_says_so(alice):
    response = Client().post("/accounts/login/", {"login": "alice@example.com", "password": "wrong"})
    assert "do not belong together" in text_of(response)


def test_logging_in_leads_to_the_organization_visited_last(alice, globex):
    Member.objects.create(organization=globex, user=alice.user, role=Role.VIEWER, last_seen_at=timezone.now())
    client = Client()
    response = client.post("/accounts/login/", {"login": "alice@example.com", "password": PASSWORD})
    assert client.get(response.url).url.startswith("/globex/")


def test_a_forgotten_password_is_replaced(alice, mailoutbox):
    client = Client()
    client.post("/accounts/password/reset/", {"email": "alice@example.com"})
    link = next(word for word in mailoutbox[0].body.split() if "/password/reset/key/" in word)
    form = client.get(link.removeprefix(settings.BASE_URL), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "another long phrase", "password2": "another long phrase"})
    alice.user.refresh_from_db()
    assert alice.user.check_password("another long phrase")


def test_the_address_preview_follows_the_name(alice):
    client = client_of(alice)
    assert "/acme-2/" in text_of(client.get("/organizations/new/address/?name=Acme"))
    assert "made from the name" in text_of(client.get("/organizations/new/address/"))


def test_one_sees_ones_own_organizations(alice, charlie):
    shown = text_of(client_of(alice).get("/organizations/"))
    assert "Acme" in shown
    assert "Globex" not in shown


def test_a_profile_is_changed(alice):
    assert 'name="is_reminded"' in client_of(alice).get("/me/").content.decode()
    client_of(alice).post("/me/", {"name": "Alice  B.", "time_zone": "Asia/Tokyo"})
    alice.user.refresh_from_db()
    assert (alice.user.name, alice.user.time_zone) == ("Alice B.", "Asia/Tokyo")
    assert not alice.user.is_reminded
    response = client_of(alice).post("/me/", {"name": "Alice", "time_zone": "Mars/Olympus"})
    assert response.status_code == 422


def settings_of(organization, **changed):
    names = (
        "name slug about currency time_zone fiscal_year_start week_starts_on on_track_at at_risk_at grace_days".split()
    )
    return {name: getattr(organization, name) for name in names} | changed


def test_settings_are_changed_and_written_down(acme, alice):
    client_of(alice).post("/acme/settings/change/", settings_of(acme, name="Acme Foods", slug="acme-foods"))
    acme.refresh_from_db()
    assert (acme.name, acme.slug) == ("Acme Foods", "acme-foods")
    with inside(acme):
        assert AuditEntry.objects.get().changes == {"name": ["Acme", "Acme Foods"], "slug": ["acme", "acme-foods"]}


def test_an_address_that_is_taken_is_refused_beside_the_field(acme, alice, globex):
    response = client_of(alice).post("/acme/settings/change/", settings_of(acme, slug="globex"))
    assert response.status_code == 422
    assert "The address globex is taken; globex-2 is free." in text_of(response)
    acme.refresh_from_db()
    assert acme.slug == "acme"


def test_viewers_read_settings(vera):
    shown = text_of(client_of(vera).get("/acme/settings/"))
    assert "Fiscal year starts in" in shown
    assert 'name="slug"' not in shown


def test_an_admin_invites_through_the_form(alice, acme, mailoutbox):
    client = client_of(alice)
    fields = {"email": "nora@example.com", "role": "editor", "department": ""}
    shown = text_of(client.post("/acme/settings/members/invite/", fields, follow=True))
    assert "An invitation is on its way to nora@example.com" in shown
    again = client.post("/acme/settings/members/invite/", fields)
    assert again.status_code == 422
    assert "is already invited" in text_of(again)


def test_a_department_of_another_organization_is_no_choice(alice, acme, globex):
    with inside(globex):
        foreign = Department.objects.create(name="Spies")
    fields = {"email": "nora@example.com", "role": "editor", "department": str(foreign.pk)}
    assert client_of(alice).post("/acme/settings/members/invite/", fields).status_code == 422


def test_a_role_is_changed_through_the_form(alice, bob):
    client_of(alice).post(f"/acme/settings/members/{bob.pk}/", {"role": "admin", "department": ""})
    bob.refresh_from_db()
    assert bob.role == Role.ADMIN


def test_admins_are_not_offered_the_role_of_an_owner(acme, alice, bob):
    client = client_of(make_member(acme, "Erin", Role.ADMIN))
    response = client.post(f"/acme/settings/members/{bob.pk}/", {"role": "owner", "department": ""})
    assert response.status_code == 422
    assert client.post(f"/acme/settings/members/{alice.pk}/", {"role": "viewer"}).status_code == 403
    alice.refresh_from_db()
    assert alice.role == Role.OWNER


def test_the_only_owner_is_told_why_they_cannot_leave(alice):
    response = client_of(alice).post("/acme/settings/leave/", {})
    assert response.status_code == 422
    assert "Alice is the only owner and cannot leave" in text_of(response)


def test_removing_somebody_asks_who_takes_over(alice, bob, vera, acme):
    with inside(acme):
        Department.objects.create(name="Sales", lead=bob)
    client = client_of(alice)
    address = f"/acme/settings/members/{bob.pk}/remove/"
    assert "Bob has 1 department to lead" in text_of(client.get(address))
    assert "Choose who takes over." in text_of(client.post(address, {}))
    assert client.post(address, {"successor": str(vera.pk)}).status_code == 302
    assert client_of(bob).get("/acme/settings/").status_code == 404
    with inside(acme):
        assert Department.objects.get().lead == vera


def test_departments_are_added_edited_shifted_archived_and_restored(alice, bob, acme):
    client = client_of(alice)
    base = "/acme/settings/departments/"
    for name in ("Shop", "Office"):
        client.post(f"{base}add/", {"name": name, "parent": ""})
    with inside(acme):
        shop, office = Department.objects.in_order()
    client.post(f"{base}{office.pk}/", {"name": "Head office", "parent": str(shop.pk), "lead": str(bob.pk)})
    shown = text_of(client.get(base))
    assert "depth-1" in shown
    assert "led by Bob" in shown
    assert client.post(f"{base}{shop.pk}/", {"name": "Shop", "parent": str(office.pk)}).status_code == 422
    response = client.post(f"{base}{shop.pk}/archive/", {})
    assert "Shop still has departments below it: Head office" in text_of(response)
    client.post(f"{base}{office.pk}/archive/", {})
    assert "1 archived department" in text_of(client.get(base))
    client.post(f"{base}{office.pk}/restore/")
    client.post(f"{base}{office.pk}/shift/", {"direction": "up"})
    with inside(acme):
        assert Department.objects.active().count() == 2


def test_a_token_is_shown_once(alice, acme):
    client = client_of(alice)
    fields = {"name": "Nightly", "scopes": ["measurements:write"], "lifetime": "30"}
    response = client.post("/acme/settings/tokens/new/", fields)
    text = next(word.split("<")[0] for word in text_of(response).split(">") if word.startswith("ldr_"))
    assert "no-store" in response["Cache-Control"]
    token = find_token(text)
    assert (token.name, token.scopes) == ("Nightly", ["measurements:write"])
    assert text not in text_of(client.get("/acme/settings/tokens/"))
    client.post(f"/acme/settings/tokens/{token.pk}/revoke/")
    assert problem_with(find_token(text), timezone.now()).startswith("This token was revoked on")
    assert "1 revoked or expired" in text_of(client.get("/acme/settings/tokens/"))


def test_a_token_without_scopes_is_refused(alice, acme):
    response = client_of(alice).post("/acme/settings/tokens/new/", {"name": "Nightly", "lifetime": ""})
    assert "Choose at least one thing the token may do." in text_of(response)
    with inside(acme):
        assert not ApiToken.objects.exists()


def test_the_audit_log_reads_as_sentences_and_can_be_searched(alice, bob, acme):
    client = client_of(alice)
    client.post(f"/acme/settings/members/{bob.pk}/", {"role": "editor", "department": ""})
    client.post("/acme/settings/departments/add/", {"name": "Shop", "parent": ""})
    with inside(acme):
        audit.record(Actor(member=bob), "member.joined", bob, now=timezone.now())
    shown = text_of(client.get("/acme/settings/audit/"))
    assert "<strong>Alice</strong> changed the role of <strong>Bob</strong>" in shown
    assert "<strong>Bob</strong> joined </div>" in shown
    assert "role: contributor → editor" in shown
    found = text_of(client.get("/acme/settings/audit/?kind=department&q=sho"))
    assert "added the department <strong>Shop</strong>" in found
    assert "changed the role" not in found
    assert "Nothing found" in text_of(client.get("/acme/settings/audit/?q=nobody"))


def test_an_entry_of_many_changes_is_folded(alice, acme):
    few, many = ({f"field_{number}": [None, number] for number in range(count)} for count in (3, 4))
    with inside(acme):
        for changes in (few, many):
            AuditEntry.objects.create(at=timezone.now(), action="kpi.created", subject="Sales", changes=changes)
    shown = text_of(client_of(alice).get("/acme/settings/audit/"))
    assert shown.count("<summary>4 details</summary>") == 1
    assert shown.count("field 2: 2") == 2


def test_the_audit_log_is_paged(alice, acme):
    with inside(acme):
        AuditEntry.objects.bulk_create(
            AuditEntry(at=timezone.now(), action="kpi.created", subject=f"KPI {number}") for number in range(60)
        )
    client = client_of(alice)
    assert "1 to 50 of 60" in text_of(client.get("/acme/settings/audit/"))
    assert "51 to 60 of 60" in text_of(client.get("/acme/settings/audit/?page=2"))


def test_a_verified_address_shows_no_reminder(alice):
    assert "Verify your address" not in text_of(client_of(alice).get("/acme/settings/"))
    EmailAddress.objects.update(verified=False)
    assert "Verify your address" in text_of(client_of(alice).get("/acme/settings/"))
