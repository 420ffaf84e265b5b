"""Loading and removing the demo."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import Member, Organization, Role
from accounts.tenancy.context import organization_context
from kpis.compute import compute
from reports.demo import grocery, software
from reports.demo.blueprint import Blueprint
from reports.demo.building import build
from reports.demo.grocery_people import PEOPLE
from reports.demo.pursuing import pursue
from reports.demo.pushing import push_missing
from reports.demo.removing import remove_organization, remove_people

PASSWORD = "ladder-demo"  # noqa: S105 - everybody is to know it
FOUNDER = PEOPLE[0]
LOG_IN = FOUNDER.email
EMPTY = Blueprint("Blank Slate Studio", "blank-slate", {"about": "An organization on its first day."}, (FOUNDER,))
SLUGS = (grocery.SLUG, software.SLUG, EMPTY.slug)


class SlugTakenError(RuntimeError):
    """Somebody's own organization has the address of a demo one."""


def load(*, now: dt.datetime) -> list[str]:
    """Make what is missing of the three organizations; answers what was done, in words.

    Killed at any line and run again it goes on. A second time it changes nothing, whatever day it is by then.
    """
    organizations = {slug: _existing(slug) for slug in SLUGS}
    return [done for slug, existing in organizations.items() for done in _complete(slug, existing, now)]


def remove() -> list[str]:
    """Remove the three organizations and their people; answers the names of what was removed."""
    removed = [organization for slug in SLUGS if (organization := _existing(slug))]
    for organization in removed:
        remove_organization(organization)
    remove_people(person.email for person in (*PEOPLE, *software.PEOPLE))
    return [organization.name for organization in removed]


def _existing(slug: str) -> Organization | None:
    """The demo organization at an address: the one that the demo's founder owns."""
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None:
        return None
    members = Member.objects.of_organization(organization.pk)
    if not members.filter(user__email=LOG_IN, role=Role.OWNER).exists():
        raise SlugTakenError(f"The address {slug} belongs to {organization}, which is no demo. Nothing was changed.")
    return organization


def _complete(slug: str, existing: Organization | None, now: dt.datetime) -> Iterator[str]:
    plan = _plan(slug, existing.created_at if existing else now)
    organization = existing
    if organization is None:
        with transaction.atomic():
            organization = build(plan, password=PASSWORD, now=now)
        yield f"{plan.name}: founded with {len(plan.kpis)} KPIs"
    pushed = push_missing(organization, plan.series, now=now)
    if pushed:
        yield f"{plan.name}: {pushed:,} {'value' if pushed == 1 else 'values'} pushed"
    _compute(organization, now)
    set_now = pursue(organization, plan.cycles, now=now)
    if set_now:
        yield f"{plan.name}: objectives of {set_now} cycles set"


def _plan(slug: str, founded_at: dt.datetime) -> Blueprint:
    """The same at every run, because its dates are counted from the day of the first."""
    if slug == grocery.SLUG:
        return grocery.blueprint(founded_at.astimezone(ZoneInfo(grocery.TIME_ZONE)).date())
    if slug == software.SLUG:
        return software.blueprint(founded_at.astimezone(ZoneInfo(software.TIME_ZONE)).date())
    return EMPTY


def _compute(organization: Organization, now: dt.datetime) -> None:
    """At once, so that the first page shows scores; where a worker is at it already, that one does it."""
    with organization_context(organization.pk):
        organization.refresh_from_db()
        compute(organization, now=now)
