"""From plans to objectives, by the same verbs as pages and the API, each at the time when it would have been done."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Department, Member, Organization, Role
from accounts.tenancy.context import organization_context
from kpis.models import Kpi
from kpis.readings import Window, scored_values, values_before
from okrs.actions.carrying import carry_over
from okrs.actions.checking_in import check_in
from okrs.actions.closing import Grade, close_cycle
from okrs.actions.cycles import activate_cycle, create_cycle
from okrs.actions.initiatives import create_initiative, update_initiative
from okrs.actions.key_results import create_key_result
from okrs.actions.milestones import MilestoneSpec, mark_milestone
from okrs.actions.objectives import align_objective, create_objective, reorder_objectives
from okrs.following.rebuild import rebuild
from okrs.models import Cycle, Initiative, KeyResult, Objective
from okrs.models.choices import CycleLength, InitiativeState, Reads
from reports.demo.blueprint import CyclePlan, InitiativePlan, KeyResultPlan, ObjectivePlan
from reports.demo.targets import readable

FRIDAY = 4
MORNING, AFTERNOON = dt.time(9), dt.time(16)
OVER = (InitiativeState.DONE, InitiativeState.DROPPED)


@dataclass
class Scene:
    """Who and what is there, and what was set so far in the cycle at hand, by title."""

    organization: Organization
    founder: Actor
    people: Mapping[str, Member]
    departments: Mapping[str, Department]
    kpis: Mapping[str, Kpi]
    objectives: dict[str, Objective] = field(default_factory=dict)
    key_results: dict[str, KeyResult] = field(default_factory=dict)

    def at(self, date: dt.date, time: dt.time) -> dt.datetime:
        return dt.datetime.combine(date, time, ZoneInfo(self.organization.time_zone)).astimezone(dt.UTC)

    def actor(self, email: str) -> Actor:
        """Who has left meanwhile is spoken for by the founder."""
        member = self.people.get(email)
        return Actor(member=member) if member else self.founder


def pursue(organization: Organization, plans: tuple[CyclePlan, ...], *, now: dt.datetime) -> int:
    """Set the cycles, unless there is one already; answers how many. The scores must be there: targets and grades
    follow from them."""
    with transaction.atomic(), organization_context(organization.pk):
        if not plans or Cycle.objects.exists():
            return 0
        scene = _scene(organization)
        cycle = _begin(scene, plans[0])
        _fill(scene, plans[0], cycle, {})
        for before, plan in pairwise(plan for plan in plans if plan.objectives):
            cycle = _follow_on(scene, before, cycle, plan)
        for plan in plans:
            if not plan.objectives:
                _create(scene, plan, now)
        # The last thing that happened lies days back, and data came in since.
        rebuild(organization, now=now)
    return len(plans)


def _scene(organization: Organization) -> Scene:
    members = Member.objects.of_organization(organization.pk).select_related("user")
    owner = members.filter(role=Role.OWNER).order_by("pk")[0]
    return Scene(
        organization,
        Actor(member=owner),
        {member.email: member for member in members},
        {row.name: row for row in Department.objects.filter(archived_at=None)},
        {row.key: row for row in Kpi.objects.active()},
    )


def _follow_on(scene: Scene, before: CyclePlan, closing: Cycle, plan: CyclePlan) -> Cycle:
    """On the Monday after: close the one, begin the other, and go on with what is carried over."""
    grades = {
        scene.key_results[one.title].pk: Grade(*one.grade)
        for objective in before.objectives
        for one in objective.key_results
        if one.grade and one.title in scene.key_results
    }
    close_cycle(
        scene.founder,
        closing,
        now=scene.at(plan.starts_on, MORNING),
        grades=grades,
        learned=before.learned,
        carry_on=before.carry_on,
    )
    cycle = _begin(scene, plan)
    titles = {one.title for objective in plan.objectives for one in objective.key_results if one.carried}
    rows = [row for title, row in scene.key_results.items() if title in titles]
    carried = carry_over(scene.founder, rows, cycle, now=scene.at(plan.starts_on, MORNING))
    _fill(scene, plan, cycle, {row.title: row for row in carried})
    return cycle


def _begin(scene: Scene, plan: CyclePlan) -> Cycle:
    now = scene.at(plan.starts_on, MORNING)
    return activate_cycle(scene.founder, _create(scene, plan, now), now=now)


def _create(scene: Scene, plan: CyclePlan, now: dt.datetime) -> Cycle:
    name = f"{plan.weeks} weeks to {plan.ends_on.day} {plan.ends_on:%B %Y}"
    dates: Any = {"starts_on": plan.starts_on, "ends_on": plan.ends_on, "length": CycleLength.CUSTOM}
    return create_cycle(scene.founder, now=now, name=name, **dates)


def _fill(scene: Scene, plan: CyclePlan, cycle: Cycle, carried: Mapping[str, KeyResult]) -> None:
    """Everything of a cycle up to its end, in the order in which it would have happened."""
    now = scene.at(plan.starts_on, MORNING)
    scene.objectives, scene.key_results = (
        {row.objective.title: row.objective for row in carried.values()},
        dict(carried),
    )
    happenings: list[tuple[dt.datetime, Callable[[dt.datetime], object]]] = []
    for wanted in plan.objectives:
        objective = _objective(scene, wanted, cycle, now)
        for one in wanted.key_results:
            if one.kpi and one.kpi not in scene.kpis:
                continue
            if one.title not in carried:
                scene.key_results[one.title] = _key_result(scene, one, objective, plan, now)
            happenings += _happenings(scene, one, plan, now)
    reorder_objectives(scene.founder, [scene.objectives[wanted.title] for wanted in plan.objectives], now=now)
    for at, happen in sorted(happenings, key=lambda pair: pair[0]):
        happen(at)


def _objective(scene: Scene, plan: ObjectivePlan, cycle: Cycle, now: dt.datetime) -> Objective:
    made = scene.objectives.get(plan.title)
    if made is None:
        owner, department = scene.people.get(plan.owner), scene.departments.get(plan.department)
        fields = {**plan.fields, "owner": owner, "department": department}
        made = create_objective(scene.founder, cycle, now=now, title=plan.title, **fields)
        scene.objectives[plan.title] = made
    if plan.serves:
        served = scene.objectives.get(plan.serves) or scene.key_results.get(plan.serves)
        made = align_objective(scene.founder, made, now=now, to=served)
    return made


def _key_result(
    scene: Scene, plan: KeyResultPlan, objective: Objective, cycle: CyclePlan, now: dt.datetime
) -> KeyResult:
    fields = {**plan.fields, "kind": plan.kind, "owner": scene.people.get(plan.owner)}
    if plan.kpi:
        number = readable(plan.factor * _basis(scene, plan, cycle))
        fields |= {"kpi": scene.kpis[plan.kpi], ("high" if plan.kind == "at_most" else "target"): number}
        fields |= {"reads": plan.reads} if plan.reads else {}
    steps = [MilestoneSpec(title, weight) for title, weight, _ in plan.milestones]
    return create_key_result(scene.founder, objective, now=now, title=plan.title, milestones=steps, **fields)


def _basis(scene: Scene, plan: KeyResultPlan, cycle: CyclePlan) -> float:
    """The KPI's value before the cycle, or the sum of as many weeks before it."""
    kpi = scene.kpis[plan.kpi]
    if plan.reads != Reads.CYCLE_TO_DATE:
        return values_before(scene.organization, [(kpi.pk, cycle.starts_on)])[kpi.pk, cycle.starts_on]
    first = cycle.starts_on - dt.timedelta(weeks=cycle.weeks)
    window = Window(kpi.pk, first, cycle.starts_on - dt.timedelta(days=1))
    return sum(value for _, value in scored_values(scene.organization, [window])[window])


def _happenings(
    scene: Scene, plan: KeyResultPlan, cycle: CyclePlan, now: dt.datetime
) -> Iterator[tuple[dt.datetime, Callable[[dt.datetime], object]]]:
    """When, and what: check-ins and milestones on Fridays, and how initiatives went."""
    key_result, actor = scene.key_results[plan.title], scene.actor(plan.owner)

    def friday(week: int) -> dt.datetime:
        return scene.at(cycle.starts_on + dt.timedelta(weeks=week - 1, days=FRIDAY), AFTERNOON)

    for week, value, confidence, comment in plan.said:
        said = {"value": value, "confidence": confidence, "comment": comment}
        yield friday(week), lambda at, said=said: check_in(actor, key_result, now=at, **said)  # type: ignore[misc]
    for title, _, week_done in plan.milestones:
        if week_done:
            yield friday(week_done), lambda at, title=title: _mark(actor, key_result, title, at)  # type: ignore[misc]
    for work in plan.initiatives:
        made = _initiative(scene, work, key_result, friday(work.due_week).date(), now)
        moved_at = friday(work.due_week) if work.state in OVER else friday(2)
        if work.state != InitiativeState.PLANNED:
            yield (
                moved_at,
                lambda at, made=made, work=work: update_initiative(  # type: ignore[misc]
                    actor, made, now=at, state=work.state
                ),
            )


def _mark(actor: Actor, key_result: KeyResult, title: str, at: dt.datetime) -> None:
    mark_milestone(actor, key_result.milestones.get(title=title), now=at)


def _initiative(
    scene: Scene, plan: InitiativePlan, key_result: KeyResult, due_on: dt.date, now: dt.datetime
) -> Initiative:
    owner = scene.people.get(plan.owner)
    return create_initiative(scene.founder, key_result, now=now, title=plan.title, owner=owner, due_on=due_on)
