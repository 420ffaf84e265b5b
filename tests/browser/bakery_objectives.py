"""The bakery's objectives: a running quarter in every status, its year, one being planned and one that was closed."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from accounts.actors import Actor
from accounts.models import Department, Member
from kpis.models import Kpi
from okrs.actions.checking_in import check_in
from okrs.actions.cycles import activate_cycle, create_cycle
from okrs.actions.initiatives import create_initiative
from okrs.actions.key_results import create_key_result, update_key_result
from okrs.actions.milestones import MilestoneSpec, mark_milestone
from okrs.actions.objectives import create_objective, update_objective
from okrs.models import CheckIn, Cycle, Initiative, KeyResult, Objective
from tests.browser.bakery_closed import close_last_quarter

DAYS = 92
GONE = 60  # days of the quarter that have passed


@dataclass(frozen=True)
class BakeryObjectives:
    """What addresses of objectives name."""

    year: Cycle
    quarter: Cycle
    planned: Cycle
    company: Objective
    waste: Objective
    shelves: KeyResult
    leftover: KeyResult
    programme: KeyResult
    kept: KeyResult
    check_in: CheckIn
    initiative: Initiative
    closed: Cycle


def set_objectives(
    actor: Actor,
    departments: Mapping[str, Department],
    kpis: Mapping[str, Kpi],
    bob: Member,
    *,
    now: dt.datetime,
) -> BakeryObjectives:
    """Set them by the same verbs as pages and the API; the quarter began ``GONE`` days ago."""
    first = now.date() - dt.timedelta(days=GONE - 1)
    began = now - dt.timedelta(days=GONE - 1)
    last = first + dt.timedelta(days=DAYS - 1)
    year = create_cycle(actor, now=began, name="This year", starts_on=first, ends_on=first + dt.timedelta(days=364))
    quarter = create_cycle(actor, now=began, name="This quarter", starts_on=first, ends_on=last)
    planned = create_cycle(
        actor,
        now=began,
        name="Next quarter",
        starts_on=last + dt.timedelta(days=1),
        ends_on=last + dt.timedelta(days=DAYS),
    )
    for cycle in (year, quarter):
        activate_cycle(actor, cycle, now=began)
    alice = actor.member
    company = create_objective(
        actor,
        year,
        now=began,
        title="Bread that people cross the town for",
        owner=alice,
        kind="committed",
        progress_from="both",
        description="Supermarkets sell cheaper. We want to be where one goes on purpose.",
    )
    regulars = create_key_result(actor, company, now=began, title="Regular customers", kpi=kpis["regulars"], target=9e5)
    waste = create_objective(
        actor,
        quarter,
        now=began,
        title="Throw nothing good away",
        owner=bob,
        parent=company,
        department=departments["Bakery"],
    )
    shelves = create_key_result(
        actor,
        waste,
        now=began,
        title="Loaves left at closing time",
        owner=bob,
        start=120,
        target=40,
        unit="custom:loaves",
    )
    leftover = create_key_result(
        actor, waste, now=began, title="Share of flour wasted", kpi=kpis["waste"], target=0.001
    )
    programme = create_key_result(
        actor,
        waste,
        now=began,
        title="Evening boxes in every shop",
        kind="milestones",
        owner=bob,
        milestones=[
            MilestoneSpec("Agree on a price"),
            MilestoneSpec("Try it at the harbour", 2.0),
            MilestoneSpec("All shops"),
        ],
    )
    fresh = create_objective(
        actor,
        quarter,
        now=began,
        title="Fresh until the evening",
        parent_key_result=regulars,
        department=departments["Shops"],
    )
    kept = create_key_result(
        actor, fresh, now=began, title="Shelves filled at five", kind="at_least", low=0.9, unit="percent", owner=bob
    )
    create_objective(actor, quarter, now=began, title="Hire two bakers", department=departments["People"])
    said = _say(
        actor, shelves, began, [(9, 118, "on_track", ""), (23, 108, "at_risk", "Rain"), (44, 104, "on_track", "Better")]
    )
    _say(
        actor,
        kept,
        began,
        [(6, 0.93, "on_track", ""), (13, 0.85, "at_risk", "Two ovens down"), (20, 0.95, "on_track", "")],
    )
    mark_milestone(actor, programme.milestones.in_order()[0], now=began + dt.timedelta(days=20))
    update_objective(actor, waste, now=now, title="Throw nothing good away any more")
    update_key_result(actor, shelves, now=now, target=45, reason="The station closes later now")
    initiative = create_initiative(
        actor,
        shelves,
        now=now,
        title="Bake the last batch at three",
        owner=bob,
        due_on=now.date() - dt.timedelta(days=2),
    )
    closed = close_last_quarter(actor, bob, planned, now=now)
    return BakeryObjectives(
        year, quarter, planned, company, waste, shelves, leftover, programme, kept, said, initiative, closed
    )


def _say(actor: Actor, key_result: KeyResult, began: dt.datetime, told: list[tuple[int, float, str, str]]) -> CheckIn:
    """Check in on days of the cycle, the last of them corrected."""
    for place, value, confidence, comment in told:
        now = began + dt.timedelta(days=place)
        said = check_in(actor, key_result, now=now, value=value, confidence=confidence, comment=comment)
    corrected = {"value": told[-1][1] - 1, "confidence": told[-1][2], "comment": told[-1][3]}
    return check_in(actor, key_result, now=now + dt.timedelta(hours=1), on=said.on, **corrected)
