import pytest
from django.core.exceptions import ValidationError

from accounts import consequences
from accounts.actions.organizations import bump_version, create_organization, free_slug, update_organization
from accounts.models import AuditEntry, Member, Organization, Role
from tests.cast import NOW, inside, make_user

pytestmark = pytest.mark.django_db


def test_the_founder_owns_the_new_organization():
    organization = create_organization(make_user("Dana"), now=NOW, name="  Café Größe & Co ", currency="CHF")
    assert (organization.name, organization.slug, organization.currency) == ("Café Größe & Co", "cafe-groe-co", "CHF")
    member = Member.objects.get(organization=organization)
    assert (member.user.name, member.role, member.joined_at) == ("Dana", Role.OWNER, NOW)
    with inside(organization):
        entry = AuditEntry.objects.get()
    assert (entry.action, entry.member_id, entry.at) == ("organization.created", member.pk, NOW)


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Acme", "acme-2"), ("Admin", "admin-2"), ("株式会社", "organization"), ("--A__b--", "a-b"), ("x" * 90, "x" * 50)],
)
def test_an_address_is_made_from_the_name(acme, name, slug):
    assert free_slug(name) == slug


def test_an_address_that_is_taken_is_refused_with_one_that_is_free(acme):
    with pytest.raises(ValidationError) as refused:
        create_organization(make_user("Dana"), now=NOW, name="Acme two", slug="acme")
    assert refused.value.message_dict == {"slug": ["The address acme is taken; acme-2 is free."]}
    assert Organization.objects.count() == 1


def test_an_address_of_the_site_itself_is_refused():
    with pytest.raises(ValidationError, match="used by Ladder itself; organizations-2 is free"):
        create_organization(make_user("Dana"), now=NOW, name="Us", slug="organizations")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "Not A Slug"),
        ("currency", "euro"),
        ("time_zone", "Mars/Olympus"),
        ("fiscal_year_start", 13),
        ("name", ""),
    ],
)
def test_settings_that_cannot_be_are_refused_and_nothing_is_stored(field, value):
    fields = {"name": "Acme", field: value}
    with pytest.raises(ValidationError) as refused:
        create_organization(make_user("Dana"), now=NOW, **fields)
    assert list(refused.value.message_dict) == [field]
    assert not Organization.objects.exists()


def test_a_change_is_written_down_and_told_to_pages_and_apps(acme, as_alice, in_acme, monkeypatch):
    told = []

    def follow(organization, changed, *, now):
        told.append((organization, changed, now))

    monkeypatch.setattr(consequences, "_consequences", [follow])
    update_organization(as_alice, acme, now=NOW, name="Acme", fiscal_year_start=4, currency="USD")
    acme.refresh_from_db()
    assert (acme.fiscal_year_start, acme.currency, acme.version) == (4, "USD", 1)
    assert AuditEntry.objects.get().changes == {"fiscal_year_start": [1, 4], "currency": ["EUR", "USD"]}
    assert told == [(acme, {"fiscal_year_start", "currency"}, NOW)]


def test_no_change_leaves_no_trace(acme, as_alice, in_acme):
    update_organization(as_alice, acme, now=NOW, name="Acme")
    assert not AuditEntry.objects.exists()


def test_on_track_must_begin_above_at_risk(acme, as_alice, in_acme):
    with pytest.raises(ValidationError, match="On track must begin above at risk"):
        update_organization(as_alice, acme, now=NOW, on_track_at=0.1, at_risk_at=0.5)


def test_versions_count_up(acme):
    bump_version(acme.pk)
    bump_version(acme.pk)
    acme.refresh_from_db()
    assert acme.version == 2
