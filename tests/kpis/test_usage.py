"""What stands on KPIs, whether they are good ones, and which are only looked at, as the database knows it."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM
from accounts.models import Department, Member, Organization
from kpis.actions.definitions import create_kpi
from kpis.compute import compute
from kpis.models import Action, Kpi, Review, Target
from kpis.smart import SmartFacts, criteria
from kpis.smart_facts import smart_facts
from kpis.usage import fed, steps_planned, used_by_nothing, uses_of
from kpis.vanity_facts import only_looked_at
from tests.cast import NOW, make_kpi, make_link, record

TODAY = NOW.date()
LONG_AGO = NOW - dt.timedelta(days=400)


def facts_of(organization: Organization, kpi: Kpi) -> SmartFacts:
    return smart_facts([kpi], organization, TODAY)[kpi.pk]


def make_action(kpi: Kpi, **fields: Any) -> Action:
    return Action.objects.create(kpi=kpi, **{"title": "Do it", "created_at": NOW, **fields})


def make_target(kpi: Kpi, effective_from: str, **fields: Any) -> Target:
    since = dt.date.fromisoformat(effective_from)
    return Target.objects.create(kpi=kpi, effective_from=since, **{"target": 10.0, "recorded_at": NOW, **fields})


@pytest.fixture
def shop(in_acme: Organization) -> dict[str, Kpi]:
    """A total of two parts, and a formula over one of them."""
    kpis = {key: make_kpi(in_acme, key) for key in ("north", "south", "alone")}
    kpis["total"] = make_kpi(in_acme, "total", source="rollup", rollup="sum")
    make_link(kpis["total"], kpis["north"])
    make_link(kpis["total"], kpis["south"])
    fields: dict[str, Any] = {"unit": "number", "direction": "increase", "frequency": "monthly", "source": "formula"}
    kpis["share"] = create_kpi(SYSTEM, now=NOW, name="Share", formula="north / children_sum(total)", **fields)
    return kpis


# What stands on a KPI


def test_parents_formulas_and_weights_stand_on_a_kpi(shop: dict[str, Kpi]) -> None:
    Kpi.objects.filter(key="south").update(weight_by=shop["alone"])
    uses = uses_of([kpi.pk for kpi in shop.values()], TODAY)
    assert {key: uses[kpi.pk] for key, kpi in shop.items()} == {
        "north": 2, "south": 1, "alone": 1, "total": 1, "share": 0,
    }  # fmt: skip
    assert {kpi.key for kpi in used_by_nothing(TODAY)} == {"share"}
    assert fed([kpi.pk for kpi in shop.values()], TODAY) == {shop["total"].pk}


def test_what_is_over_or_archived_stands_on_nothing(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    shop["total"].child_links.filter(child=shop["south"]).update(valid_to=TODAY - dt.timedelta(days=1))
    Kpi.objects.filter(key="share").update(archived_at=NOW)
    uses = uses_of([kpi.pk for kpi in shop.values()], TODAY)
    assert {key: uses[kpi.pk] for key, kpi in shop.items() if uses[kpi.pk]} == {"north": 1}
    assert {kpi.key for kpi in used_by_nothing(TODAY)} == {"south", "alone", "total"}


def test_a_formula_over_nothing_does_not_stand_on_itself(in_acme: Organization) -> None:
    fields: dict[str, Any] = {"unit": "number", "direction": "increase", "frequency": "monthly", "source": "formula"}
    constant = create_kpi(SYSTEM, now=NOW, name="Five", formula="5", **fields)
    assert uses_of([constant.pk], TODAY)[constant.pk] == 0
    assert list(used_by_nothing(TODAY)) == [constant]


def test_steps_count_for_all_that_they_feed_once(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    make_action(shop["north"])
    make_action(shop["south"], state="running")
    make_action(shop["south"], state="done", closed_on=TODAY)
    steps = steps_planned(in_acme, [kpi.pk for kpi in shop.values()], TODAY)
    assert {key: steps.get(kpi.pk, 0) for key, kpi in shop.items()} == {
        "north": 1, "south": 1, "total": 2, "share": 2, "alone": 0,
    }  # fmt: skip


# The SMART check


def test_the_facts_of_a_kpi_that_has_everything(in_acme: Organization, alice: Member, shop: dict[str, Kpi]) -> None:
    team = Department.objects.create(name="Shops")
    Kpi.objects.filter(key__in=["north", "south"]).update(department=team, owner=alice, description="Of the north.")
    north = Kpi.objects.get(key="north")
    record(in_acme, north, {"2026-08-01": 8.0, "2026-09-01": 11.0, "2026-10-01": 9.0, "2026-11-02": 2.0})
    compute(in_acme, now=NOW)
    make_target(north, "2026-01-01", target=10.0)
    make_target(north, "2027-01-01", target=12.0, due_on=dt.date(2027, 6, 30))
    make_action(north)
    Review.objects.create(kpi=north, held_on=dt.date(2026, 10, 1), recorded_at=NOW)
    facts = facts_of(in_acme, north)
    assert (facts.target, facts.target_from, facts.target_due_on) == (12.0, dt.date(2027, 1, 1), dt.date(2027, 6, 30))
    assert (facts.values_count, facts.lowest_value, facts.highest_value) == (3, 8.0, 11.0)
    assert (facts.latest_value_on, facts.last_reviewed_on) == (dt.date(2026, 11, 2), dt.date(2026, 10, 1))
    assert (facts.feeds_count, facts.planned_actions, facts.team_kpis) == (2, 1, 2)
    assert [one.code for one in criteria(facts) if not one.is_met] == []


def test_the_facts_of_a_kpi_that_has_nothing(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    facts = facts_of(in_acme, shop["alone"])
    assert {one.code: one.field for one in criteria(facts) if not one.is_met} == {
        "specific": "description",
        "measurable": "target",
        "achievable": "target",
        "relevant": "parents",
        "time_bound": "target",
        "actionable": "action",
    }


def test_a_target_in_force_with_a_date_ahead_is_the_goal(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    make_target(shop["alone"], "2026-01-01", due_on=dt.date(2026, 12, 31))
    make_target(shop["alone"], "2027-01-01", target=20.0)
    facts = facts_of(in_acme, shop["alone"])
    assert (facts.target, facts.target_due_on) == (10.0, dt.date(2026, 12, 31))


def test_values_are_known_without_a_target(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    record(in_acme, shop["north"], {"2026-10-05": 3.0})
    compute(in_acme, now=NOW)
    assert facts_of(in_acme, shop["north"]).latest_value_on == dt.date(2026, 10, 5)
    assert facts_of(in_acme, shop["total"]).latest_value_on == dt.date(2026, 10, 1)


def test_the_facts_of_many_take_as_many_queries_as_those_of_one(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    for kpi in shop.values():
        make_target(kpi, "2026-01-01")
    counts = []
    for kpis in ([shop["north"]], list(shop.values())):
        with CaptureQueriesContext(connection) as queries:
            smart_facts(kpis, in_acme, TODAY)
        counts.append(len(queries))
    assert counts[0] == counts[1] == 11


# The vanity list


@pytest.fixture
def idle(in_acme: Organization) -> Kpi:
    return make_kpi(in_acme, "page_views", created_at=LONG_AGO)


def listed(organization: Organization) -> list[str]:
    return [one.kpi.key for one in only_looked_at(organization, TODAY)]


def test_a_kpi_that_nothing_came_of_is_listed_with_the_reason(in_acme: Organization, idle: Kpi) -> None:
    (one,) = only_looked_at(in_acme, TODAY)
    assert (one.kpi, "feeds no other KPI" in one.why) == (idle, True)


@pytest.mark.parametrize("use", ["parent", "young", "action", "target", "decision", "archived"])
def test_use_takes_a_kpi_off_the_list(in_acme: Organization, idle: Kpi, use: str) -> None:
    match use:
        case "parent":
            make_link(make_kpi(in_acme, "goal"), idle)
        case "young":
            Kpi.objects.update(created_at=NOW - dt.timedelta(days=180))
        case "action":
            make_action(idle, created_at=LONG_AGO, state="done", closed_on=TODAY)
        case "target":
            make_target(idle, "2026-01-01", reason="Too easy")
        case "decision":
            Review.objects.create(kpi=idle, held_on=TODAY, recorded_at=NOW, decision="Ask fewer people")
        case "archived":
            Kpi.objects.update(archived_at=NOW)
    assert listed(in_acme) == []


def test_what_is_long_past_keeps_nothing_off_the_list(in_acme: Organization, idle: Kpi) -> None:
    make_action(idle, created_at=LONG_AGO, due_on=LONG_AGO.date(), state="dropped", closed_on=LONG_AGO.date())
    make_target(idle, "2026-01-01")
    Review.objects.create(kpi=idle, held_on=TODAY, recorded_at=NOW)
    assert listed(in_acme) == ["page_views"]


def test_the_top_of_a_strategic_ladder_is_no_dead_end(in_acme: Organization, idle: Kpi) -> None:
    make_link(idle, make_kpi(in_acme, "below"))
    assert listed(in_acme) == ["page_views"]
    Kpi.objects.filter(pk=idle.pk).update(level="strategic")
    assert listed(in_acme) == []
