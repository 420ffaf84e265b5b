"""Organizations: create, change, and tell pages that something changed."""

import datetime as dt
import re
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.text import slugify

from accounts import audit, consequences
from accounts.actors import Actor
from accounts.errors import refusal
from accounts.models import Member, Organization, Role, SettingsVersion, User
from accounts.models.organizations import RESERVED_SLUGS
from accounts.models.settings_versions import VERSIONED
from accounts.tenancy.context import organization_context

SLUG_LENGTH = 50  # leaves room for "-2" in the column's 60
EDITABLE = frozenset(
    "name slug currency time_zone fiscal_year_start week_starts_on on_track_at at_risk_at grace_days about".split()
)


def create_organization(owner: User, *, now: dt.datetime, name: str, slug: str = "", **fields: Any) -> Organization:
    """Found an organization with one owner. Without a slug the first free one made from the name is taken.

    ``fields`` are further columns, such as ``currency``, ``time_zone``, ``fiscal_year_start``, ``is_sample``.
    """
    organization = Organization(name=_one_line(name), slug=slug or free_slug(name), **fields)
    _check(organization)
    with transaction.atomic():
        _insert(organization)
        with organization_context(organization.pk):
            member = Member.objects.create(organization=organization, user=owner, role=Role.OWNER, joined_at=now)
            _keep_settings(organization, now=now)
            owner.settle_in(organization.time_zone)
            audit.record(Actor(member=member), "organization.created", organization, now=now)
            consequences.arrived(organization.pk, now=now)
    return organization


def update_organization(actor: Actor, organization: Organization, *, now: dt.datetime, **changed: Any) -> Organization:
    """Change settings; ``changed`` holds the fields of ``EDITABLE`` to assign."""
    if unknown := changed.keys() - EDITABLE:
        raise TypeError(f"These cannot be changed: {', '.join(sorted(unknown))}.")
    if "name" in changed:
        changed["name"] = _one_line(changed["name"])
    changes = audit.differences(organization, changed)
    if not changes:
        return organization
    for field, (_, value) in changes.items():
        setattr(organization, field, value)
    _check(organization)
    organization.save(update_fields=list(changes))
    _keep_settings(organization, now=now)
    audit.record(actor, "organization.updated", organization, now=now, changes=changes)
    bump_version(organization.pk)
    consequences.settings_changed(organization, frozenset(changes), now=now)
    return organization


def _keep_settings(organization: Organization, *, now: dt.datetime) -> None:
    """Keep what the settings were, so that numbers can be read as they were known."""
    settings = {name: getattr(organization, name) for name in VERSIONED}
    current = SettingsVersion.objects.filter(replaced_at=None).first()
    if current and current.settings == settings:
        return
    SettingsVersion.objects.filter(replaced_at=None).update(replaced_at=now)
    SettingsVersion.objects.create(recorded_at=now, settings=settings)


def bump_version(organization_id: UUID) -> None:
    """Let pages know that something they show has changed. Shared by all writers, so call it late."""
    Organization.objects.filter(pk=organization_id).update(version=F("version") + 1)


def one_writer_at_a_time(organization_id: UUID) -> Organization:
    """Hold the organization's row until commit, for rules that span rows: the tree of departments, the last owner."""
    return Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


def free_slug(name: str) -> str:
    """The first address made from a name that nobody has: ``acme-foods``, then ``acme-foods-2``."""
    base = slugify(name).replace("_", "-")
    base = re.sub(r"-+", "-", base)[:SLUG_LENGTH].strip("-") or "organization"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | RESERVED_SLUGS
    number = 1
    candidate = base
    while candidate in taken:
        number += 1
        candidate = f"{base}-{number}"
    return candidate


def check_slug(slug: str, *, own: UUID | None = None) -> None:
    """Refuse an address that is the site's own or somebody else's, naming one that is free."""
    if slug in RESERVED_SLUGS:
        raise refusal("slug", f"The address {slug} is used by Ladder itself; {free_slug(slug)} is free.", "reserved")
    others = Organization.objects.exclude(pk=own) if own else Organization.objects.all()
    if others.filter(slug=slug).exists():
        raise refusal("slug", f"The address {slug} is taken; {free_slug(slug)} is free.", "taken")


def _one_line(name: str) -> str:
    """Names stand in mails, where further lines would be somebody else's letter."""
    return " ".join(name.split())


def _check(organization: Organization) -> None:
    organization.clean_fields(exclude=["is_sample", "created_at"])
    if organization.on_track_at <= organization.at_risk_at:
        raise refusal("on_track_at", "On track must begin above at risk.", "thresholds")
    check_slug(organization.slug, own=organization.pk)


def _insert(organization: Organization) -> None:
    try:
        with transaction.atomic():
            organization.save(force_insert=True)
    except IntegrityError:  # somebody took the address a moment ago
        check_slug(organization.slug)
        raise
