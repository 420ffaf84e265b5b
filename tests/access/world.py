"""An organization with one of everything that an address can name, and the seven who knock."""

import datetime as dt
from dataclasses import dataclass

from django.test import Client

from accounts.actions.invitations import invite
from accounts.actions.tokens import create_token
from accounts.actors import SYSTEM, Actor
from accounts.invitation_links import link_text
from accounts.models import Department, Member, Organization, Role, Scope
from kpis.actions.acting import create_action
from kpis.actions.annotating import annotate_kpi
from kpis.actions.versioning import keep_version
from okrs.actions.checking_in import check_in
from okrs.actions.cycles import activate_cycle, create_cycle
from okrs.actions.initiatives import create_initiative
from okrs.actions.key_results import create_key_result
from okrs.actions.milestones import MilestoneSpec
from okrs.actions.objectives import create_objective
from tests.cast import NOW, client_of, inside, make_kpi, make_member, make_standing, record

FIRST = dt.date(2026, 10, 1)
ROLES = ("owner", "admin", "editor", "contributor", "viewer", "outsider", "anonymous")


@dataclass
class World:
    """``clients`` by role; ``names`` for the placeholders of an address."""

    clients: dict[str, Client]
    names: dict[str, object]


def build(acme: Organization, globex: Organization) -> World:
    """Acme with its five roles, and an owner of Globex as the outsider."""
    members = {role: make_member(acme, role.capitalize(), Role(role)) for role in ROLES[:5]}
    members["outsider"] = make_member(globex, "Outsider", Role.OWNER)
    clients = {role: client_of(member) for role, member in members.items()}
    clients["anonymous"] = Client()
    for client in clients.values():
        client.raise_request_exception = False
    with inside(acme):
        return World(clients, _contents(acme, members))


def _contents(acme: Organization, members: dict[str, Member]) -> dict[str, object]:
    department = Department.objects.create(name="Fresh")
    archived = Department.objects.create(name="Closed", archived_at=NOW)
    total = make_kpi(acme, "total", source="rollup", rollup="sum")
    visits = make_kpi(acme, "visits", owner=members["owner"], department=department)
    own = make_kpi(acme, "own", owner=members["contributor"])
    make_kpi(acme, "gone", archived_at=NOW)
    keep_version(SYSTEM, total, now=NOW)
    make_standing(total, period=dt.date(2026, 10, 1), value=1.0)
    for kpi in (visits, own):
        record(acme, kpi, {"2026-10-05": 1.0})
    action = create_action(SYSTEM, visits, now=NOW, title="Call the growers")
    moved = create_action(SYSTEM, visits, now=NOW, title="Visit them", owner=members["contributor"])
    annotation = annotate_kpi(Actor(member=members["editor"]), own, now=NOW, on=NOW.date(), text="Strike")
    objectives = _objectives(members)
    invitation = invite(SYSTEM, now=NOW, email="invited@example.com")
    token, _ = create_token(SYSTEM, now=NOW, name="Warehouse", scopes=[Scope.READ])
    return {
        "department": department.pk,
        "archived_department": archived.pk,
        "total": total.pk,
        "visits": visits.pk,
        "member": members["viewer"].pk,
        "invited": invitation.member.pk,
        "invitation": invitation.pk,
        "link": link_text(invitation),
        "token": token.pk,
        "action": action.pk,
        "contributors_action": moved.pk,
        "annotation": annotation.pk,
        **objectives,
    }


def _objectives(members: dict[str, Member]) -> dict[str, object]:
    """A running quarter with an objective of the owner's and one of the contributor's, and a cycle that is planned."""
    quarter = create_cycle(SYSTEM, now=NOW, name="Q4 2026", starts_on=FIRST, ends_on=dt.date(2026, 12, 31))
    activate_cycle(SYSTEM, quarter, now=NOW)
    year = create_cycle(SYSTEM, now=NOW, name="2027", starts_on=dt.date(2027, 1, 1), ends_on=dt.date(2027, 12, 31))
    objective = create_objective(SYSTEM, quarter, now=NOW, title="Win the region", owner=members["owner"])
    own = create_objective(SYSTEM, quarter, now=NOW, title="Open shops", owner=members["contributor"])
    result = create_key_result(SYSTEM, objective, now=NOW, title="Shops", start=0, target=9)
    steps = [MilestoneSpec("Sign")]
    mine = create_key_result(SYSTEM, own, now=NOW, title="Contracts", kind="milestones", milestones=steps)
    initiative = create_initiative(SYSTEM, result, now=NOW, title="Call the chains")
    moved = create_initiative(SYSTEM, result, now=NOW, title="Visit them", owner=members["contributor"])
    return {
        "cycle": quarter.pk,
        "planned_cycle": year.pk,
        "objective": objective.pk,
        "own_objective": own.pk,
        "key_result": result.pk,
        "own_key_result": mine.pk,
        "check_in": check_in(SYSTEM, result, now=NOW, value=1.0, confidence="on_track").pk,
        "own_check_in": check_in(SYSTEM, mine, now=NOW, confidence="on_track").pk,
        "milestone": mine.milestones.get().pk,
        "initiative": initiative.pk,
        "contributors_initiative": moved.pk,
    }
