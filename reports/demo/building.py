"""From a blueprint to rows, by the same verbs as pages and the API."""

import datetime as dt
from collections.abc import Mapping
from functools import cache

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts import audit
from accounts.actions.departments import create_department
from accounts.actions.organizations import create_organization
from accounts.actors import Actor
from accounts.models import Department, Member, Organization, User
from accounts.tenancy.context import organization_context
from kpis.actions.acting import create_action
from kpis.actions.annotating import annotate_kpi
from kpis.actions.definitions import create_kpi
from kpis.actions.links import LinkSpec
from kpis.actions.reviewing import review_kpi
from kpis.actions.targets import set_targets
from kpis.calendars import calendar_of
from kpis.models import Kpi
from kpis.models.followups import ActionKind
from reports.demo import targets
from reports.demo.blueprint import Blueprint, KpiPlan, PersonPlan
from reports.demo.values import values_by_key

People = Mapping[str, Member]
Departments = Mapping[str, Department]


def build(plan: Blueprint, *, password: str, now: dt.datetime) -> Organization:
    """Found the organization with all it consists of, except its measurements. The caller's transaction."""
    founder, *others = plan.people
    organization = create_organization(
        _user(founder, password), now=now, name=plan.name, slug=plan.slug, **plan.settings
    )
    # The demo's dates are counted from this day.
    Organization.objects.filter(pk=organization.pk).update(created_at=now)
    with organization_context(organization.pk):
        owner = Member.objects.of_organization(organization.pk).get()
        actor = Actor(member=owner)
        people = {founder.email: owner}
        people |= {person.email: _member(actor, organization, person, password, now) for person in others}
        departments = _departments(actor, plan, people, now)
        kpis = _kpis(actor, plan, organization, people, departments, now)
        _work(actor, plan, kpis, people, now)
    return organization


def _user(person: PersonPlan, password: str) -> User:
    """Somebody who can log in, and whose address counts as verified."""
    known = User.objects.filter(email=person.email).first()
    if known:
        return known
    user = User.objects.create(email=person.email, name=person.name, password=_hashed(password))
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@cache
def _hashed(password: str) -> str:
    """Hashing is slow by intention, and all people of a demo have the same password."""
    return make_password(password)


def _member(actor: Actor, organization: Organization, person: PersonPlan, password: str, now: dt.datetime) -> Member:
    """Without letters: nobody reads the mail of ``ladder.example``."""
    if person.name:
        member = Member(organization=organization, user=_user(person, password), role=person.role, joined_at=now)
    else:
        member = Member(organization=organization, invited_email=person.email, role=person.role)
    member.save(force_insert=True)
    if person.name:
        audit.record(Actor(member=member), "member.joined", member, now=now)
    else:
        audit.record(actor, "member.invited", member, now=now)
    return member


def _departments(actor: Actor, plan: Blueprint, people: People, now: dt.datetime) -> Departments:
    """Who leads a department works in it."""
    made: dict[str, Department] = {}
    for one in plan.departments:
        lead = people.get(one.lead)
        made[one.name] = create_department(actor, now=now, name=one.name, parent=made.get(one.parent), lead=lead)
        if lead:
            Member.objects.filter(pk=lead.pk).update(department=made[one.name])
    return made


def _kpis(
    actor: Actor,
    plan: Blueprint,
    organization: Organization,
    people: People,
    departments: Departments,
    now: dt.datetime,
) -> dict[str, Kpi]:
    made: dict[str, Kpi] = {}
    calendar = calendar_of(organization)
    values = values_by_key(plan.kpis, plan.series, calendar)
    for one in plan.kpis:
        made[one.key] = _kpi(actor, one, made, people, departments, now)
        if rows := targets.rows(one, values[one.key], calendar):
            set_targets(actor, made[one.key], rows, now=now)
    return made


def _work(actor: Actor, plan: Blueprint, kpis: Mapping[str, Kpi], people: People, now: dt.datetime) -> None:
    for step in plan.actions:
        create_action(
            actor,
            kpis[step.key],
            now=now,
            title=step.title,
            kind=ActionKind.CORRECTIVE if step.cause else ActionKind.PLANNED,
            cause=step.cause,
            owner=people[step.owner],
            due_on=step.due_on,
            state=step.state,
            closed_on=step.closed_on,
        )
    for note in plan.notes:
        annotate_kpi(actor, kpis[note.key], now=now, on=note.on, text=note.text)
    for held in plan.reviews:
        review_kpi(actor, kpis[held.key], now=now, held_on=held.held_on, decision=held.decision, note=held.note)


def _kpi(
    actor: Actor,
    plan: KpiPlan,
    made: Mapping[str, Kpi],
    people: People,
    departments: Departments,
    now: dt.datetime,
) -> Kpi:
    return create_kpi(
        actor,
        now=now,
        key=plan.key,
        name=plan.name,
        description=plan.description,
        unit=plan.unit,
        direction=plan.direction,
        frequency=plan.frequency,
        source=plan.source,
        formula=plan.formula,
        links=[LinkSpec(made[key], contribution=contribution) for key, contribution in plan.parents.items()],
        owner=people.get(plan.owner),
        department=departments.get(plan.department),
        **plan.fields,
    )
