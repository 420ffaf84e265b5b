"""Acme as a bakery in full swing: 26 KPIs in four levels, six departments, two years of months, and every status."""

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from accounts.actions.departments import archive_department, create_department
from accounts.actions.invitations import invite
from accounts.actions.tokens import create_token
from accounts.actors import SYSTEM, Actor
from accounts.invitation_links import link_text
from accounts.models import ApiToken, Department, Invitation, Member, Organization, Scope
from kpis.actions.acting import create_action
from kpis.actions.annotating import annotate_kpi
from kpis.actions.benchmarking import BenchmarkRow, set_benchmarks
from kpis.actions.definitions import archive_kpi, create_kpi
from kpis.actions.influencing import set_influences
from kpis.actions.links import LinkSpec
from kpis.actions.measurements import record_measurements
from kpis.actions.reviewing import review_kpi
from kpis.actions.targets import TargetRow, set_targets
from kpis.compute import compute
from kpis.ingest import Batch
from kpis.models import Action, Annotation, Kpi
from kpis.models.measurements import Via
from tests.cast import inside

EURO, SHARE, HOURS, COUNT = "currency:EUR", "percent", "duration:h", "number"
MONTHS = 24


@dataclass(frozen=True)
class Plan:
    """A KPI: the last months' course from ``start`` by ``growth`` a month, the target as a share of its last value.

    ``ends`` months before now the values stop. Without ``start`` it is a roll-up, or has no value at all if measured.
    """

    name: str
    unit: str = EURO
    parent: str = ""
    department: str = ""
    owner: str = "alice"
    start: float | None = None
    growth: float = 0.01
    target: float | None = 1.0
    ends: int = 0
    fields: Mapping[str, Any] = field(default_factory=dict)


ROLLED = {"source": "rollup", "rollup": "sum"}
LOWER = {"direction": "decrease"}
MINUS = {"contribution": -1}
MEAN = {"aggregation": "mean"}
LEADING = {"kind": "metric", "indicator": "leading"}
PLANS = {
    "profit": Plan("Profit", fields={**ROLLED, "level": "strategic", "category": "financial"}),
    "net_sales": Plan("Net sales", parent="profit", fields=ROLLED),
    "shop_sales": Plan("Shop sales", parent="net_sales", department="Shops", owner="bob", fields=ROLLED),
    "north_sales": Plan("Sales at North Gate", parent="shop_sales", department="North Gate", owner="bob", start=41_000),
    "harbour_sales": Plan("Sales at the harbour", parent="shop_sales", department="Harbour", start=28_500, target=1.3),
    "station_sales": Plan("Sales at the station", parent="shop_sales", department="Shops", start=52_250, target=1.08),
    "online_sales": Plan("Online sales", parent="net_sales", department="Web shop", owner="nora", fields=ROLLED),
    "bread_boxes": Plan("Bread boxes", parent="online_sales", department="Web shop", start=6_400, growth=0.03),
    "gift_cards": Plan("Gift cards", parent="online_sales", department="Web shop", start=1_250, ends=3),
    "wholesale": Plan("Wholesale to cafés and restaurants", parent="net_sales", owner="", start=17_300, target=None),
    "costs": Plan("Costs", parent="profit", fields={**ROLLED, **LOWER, **MINUS}),
    "wages": Plan("Wages", parent="costs", department="People", start=48_900, fields=LOWER),
    "flour": Plan("Flour, butter and other ingredients", parent="costs", start=31_700, target=0.8, fields=LOWER),
    "rent": Plan("Rent", parent="costs", start=9_800, growth=0, fields=LOWER),
    "energy": Plan("Energy", parent="costs", department="Bakery", start=6_150, target=0.95, fields=LOWER),
    "waste": Plan("Waste", SHARE, "flour", "Bakery", "bob", 0.061, -0.01, 1.05, fields={**LOWER, **MEAN}),
    "oven_hours": Plan("Oven hours", HOURS, "energy", "Bakery", "bob", 610, 0, fields=LOWER),
    "freshness": Plan("Share sold on the day", SHARE, "waste", "Bakery", start=0.82, growth=0.002, fields=MEAN),
    "customers": Plan("Customers served", COUNT, "north_sales", "Shops", start=18_400, target=1.02),
    "regulars": Plan("Regular customers", COUNT, "customers", "Shops", start=2_150, target=1.4),
    "satisfaction": Plan("Customer satisfaction", "custom:points", "customers", start=8.1, growth=0.001, fields=MEAN),
    "complaints": Plan("Complaints", COUNT, "satisfaction", "Shops", start=31, growth=0, target=0.4, fields=LOWER),
    "queue": Plan("Minutes in the queue", "duration:min", "satisfaction", "Shops", start=3.4, fields={**LOWER, **MEAN}),
    "turnover": Plan("Staff turnover", SHARE, "", "People", "nora", fields={**LOWER, "description": ""}),
    "visits": Plan("Visits to the web shop", COUNT, "bread_boxes", start=9_150, fields=LEADING, target=None),
    "closed_shop": Plan("Sales at the old market", start=12_000, ends=4, target=None, owner="bob"),
}
DEPARTMENTS = {"Shops": "", "North Gate": "Shops", "Harbour": "Shops", "Web shop": "", "Bakery": "", "People": ""}


@dataclass(frozen=True)
class Bakery:
    """What its pages' addresses name."""

    organization: Organization
    cast: Mapping[str, Organization | Member]  # by the names of their fixtures
    departments: Mapping[str, Department]
    kpis: Mapping[str, Kpi]
    invited: Member
    invitation: Invitation
    token: ApiToken
    measured_on: dt.date
    action: Action
    annotation: Annotation

    @property
    def invitation_link(self) -> str:
        return link_text(self.invitation)


def open_bakery(acme: Organization, alice: Member, bob: Member, vera: Member) -> Bakery:
    """Build it by the same verbs as pages and the API, and compute its scores."""
    now = timezone.now()
    actor = Actor(member=alice)
    with inside(acme):
        departments: dict[str, Department] = {}
        for name, parent in DEPARTMENTS.items():
            departments[name] = create_department(actor, now=now, name=name, parent=departments.get(parent), lead=bob)
        invitation = invite(
            actor, now=now, email="nora.von.hohenstein@bakery.example", department=departments["People"]
        )
        owners = {"alice": alice, "bob": bob, "nora": invitation.member}
        closed = create_department(actor, now=now, name="Old market")
        archive_department(actor, closed, now=now)
        kpis: dict[str, Kpi] = {}
        for key, plan in PLANS.items():
            kpis[key] = _define(actor, key, plan, kpis, departments, owners, now)
        months = list(_months(now.date()))
        _measure(acme, kpis, months)
        archive_kpi(actor, kpis["closed_shop"], now=now)
        token, _ = create_token(actor, now=now, name="Till", scopes=[Scope.READ])
        action, annotation = _act(actor, kpis, months, bob, now)
    compute_scores(acme)
    cast = {"acme": acme, "alice": alice, "bob": bob, "vera": vera}
    return Bakery(acme, cast, departments, kpis, invitation.member, invitation, token, months[-1], action, annotation)


def compute_scores(organization: Organization) -> None:
    """What the worker would do."""
    organization.refresh_from_db()
    with inside(organization):
        compute(organization, now=timezone.now())


def push(bakery: Bakery, key: str, value: float) -> None:
    """A value of the last complete month, as from the till."""
    kpi = bakery.kpis[key]
    with inside(bakery.organization):
        _record(bakery.organization, Batch([kpi.pk], [bakery.measured_on], [value], [""], received=1))
    compute_scores(bakery.organization)


def _define(
    actor: Actor,
    key: str,
    plan: Plan,
    kpis: Mapping[str, Kpi],
    departments: Mapping[str, Department],
    owners: Mapping[str, Member],
    now: dt.datetime,
) -> Kpi:
    fields = {"source": "measured", "direction": "increase", "description": f"{plan.name} of a month.", **plan.fields}
    contribution = fields.pop("contribution", 1)
    kpi = create_kpi(
        actor,
        now=now,
        key=key,
        name=plan.name,
        unit=plan.unit,
        frequency="monthly",
        links=[LinkSpec(kpis[plan.parent], contribution=contribution)] if plan.parent else [],
        department=departments.get(plan.department),
        owner=owners.get(plan.owner),
        **fields,
    )
    if plan.target and plan.start:
        goal = round(plan.start * (1 + plan.growth) ** MONTHS * plan.target, 3)
        floor = round(goal * (1.15 if fields["direction"] == "decrease" else 0.85), 4)
        row = TargetRow(next(_months(now.date())), target=goal, floor=floor, reason="A little better than last year")
        set_targets(actor, kpi, [row], now=now)
    return kpi


def _act(
    actor: Actor, kpis: Mapping[str, Kpi], months: list[dt.date], bob: Member, now: dt.datetime
) -> tuple[Action, Annotation]:
    """Everything that people can do about a KPI, on one of them."""
    sales = kpis["north_sales"]
    done = {"state": "done", "closed_on": months[-6]}
    create_action(actor, sales, now=now, title="Put the bread at the entrance", owner=bob, **done)
    create_action(actor, sales, now=now, title="Sell cakes by the slice", state="dropped")
    late = {"kind": "corrective", "cause": "The oven is too small on Saturdays", "due_on": months[-1]}
    action = create_action(actor, sales, now=now, title="Bake twice on Saturdays", owner=bob, **late)
    annotation = annotate_kpi(actor, sales, now=now, on=months[-9], text="The roadworks ended", is_process_change=True)
    review_kpi(actor, sales, now=now, held_on=months[-8], decision="Keep the target", note="Ask again in spring")
    review_kpi(actor, sales, now=now, held_on=months[-5])
    dated = BenchmarkRow(38_000, "Bakeries", months[0].year - 3, "https://guild.example/figures")
    set_benchmarks(
        actor, sales, [BenchmarkRow(45_500, "Bakeries", months[0].year, "Guild", 31_000, 60_000), dated], now=now
    )
    set_influences(actor, kpis["visits"], [kpis["bread_boxes"], sales], now=now)
    return action, annotation


def _measure(acme: Organization, kpis: Mapping[str, Kpi], months: list[dt.date]) -> None:
    batch = Batch()
    for key, plan in PLANS.items():
        for month, date in enumerate(months[: MONTHS - plan.ends] if plan.start else []):
            season = 1 + 0.04 * math.sin(month * math.pi / 6 + len(key))
            batch.kpi_ids.append(kpis[key].pk)
            batch.dates.append(date)
            batch.values.append(round(plan.start * (1 + plan.growth) ** month * season, 4))
            batch.notes.append("Two weeks of roadworks" if month == MONTHS - 2 and key == "harbour_sales" else "")
    _record(acme, batch)
    revised = kpis["north_sales"].pk
    _record(acme, Batch([revised], [months[-2]], [49_125.5], ["The till counted twice"], received=1))


def _record(acme: Organization, batch: Batch) -> None:
    batch.received = len(batch)
    record_measurements(SYSTEM, batch, organization=acme, via=Via.API, now=timezone.now())


def _months(today: dt.date) -> Iterator[dt.date]:
    """The first days of the months before this one, oldest first."""
    this = today.year * 12 + today.month - 1
    for month in range(this - MONTHS, this):
        yield dt.date(month // 12, month % 12 + 1, 1)
