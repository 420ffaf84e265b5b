"""Parents: what is refused, what is kept as history, how a child moves."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actors import Actor
from accounts.models import AuditEntry, Member, Organization
from kpis.actions.links import LinkSpec, add_children, links_of, moved, set_parents
from kpis.models import Kpi, KpiLink, StaleMark
from tests.cast import NOW, make_kpi

pytestmark = pytest.mark.usefixtures("in_acme")

JANUARY, OCTOBER, NOVEMBER = dt.date(2026, 1, 1), dt.date(2026, 10, 31), dt.date(2026, 11, 1)


@pytest.fixture
def total(in_acme: Organization) -> Kpi:
    return make_kpi(in_acme, "total", source="rollup", rollup="sum")


@pytest.fixture
def north(in_acme: Organization) -> Kpi:
    return make_kpi(in_acme, "north")


def refused(actor: Actor, child: Kpi, *links: LinkSpec) -> list[tuple[str, Any]]:
    """The messages, each with the index of its row; and nothing was stored."""
    before = list(KpiLink.objects.values_list("id", "replaced_at")), AuditEntry.objects.count()
    with pytest.raises(ValidationError) as raised:
        set_parents(actor, child, links, now=NOW)
    assert (list(KpiLink.objects.values_list("id", "replaced_at")), AuditEntry.objects.count()) == before
    errors = raised.value.error_dict["parents"]
    return [(error.messages[0], (error.params or {}).get("index")) for error in errors]


def test_a_link_marks_child_and_parent_stale_and_is_audited(as_alice: Actor, north: Kpi, total: Kpi) -> None:
    set_parents(as_alice, north, [LinkSpec(total, contribution=-1)], now=NOW)
    row = KpiLink.objects.get()
    assert (row.parent, row.contribution, row.weight, row.recorded_at, row.replaced_at) == (total, -1, 1, NOW, None)
    assert set(StaleMark.objects.values_list("kpi_id", flat=True)) == {north.pk, total.pk}
    assert AuditEntry.objects.get().changes == {"parents": [[], ["total (-1)"]]}


def test_replaced_links_stay_as_history(as_alice: Actor, north: Kpi, total: Kpi) -> None:
    set_parents(as_alice, north, [LinkSpec(total)], now=NOW)
    later = NOW + dt.timedelta(days=1)
    set_parents(as_alice, north, [LinkSpec(total, weight=2)], now=later)
    assert [(row.weight, row.replaced_at) for row in KpiLink.objects.order_by("recorded_at")] == [(1, later), (2, None)]
    assert [row.weight for row in links_of(north)] == [2]


def test_the_same_parents_again_write_nothing(as_alice: Actor, north: Kpi, total: Kpi) -> None:
    set_parents(as_alice, north, [LinkSpec(total)], now=NOW)
    set_parents(as_alice, north, [LinkSpec(total)], now=NOW)
    assert (KpiLink.objects.count(), AuditEntry.objects.count()) == (1, 1)


def test_a_cycle_is_refused_with_its_path(in_acme: Organization, as_alice: Actor) -> None:
    mrr, arpa = make_kpi(in_acme, "mrr"), make_kpi(in_acme, "arpa")
    set_parents(as_alice, arpa, [LinkSpec(mrr)], now=NOW)
    message = "These KPIs would depend on themselves: mrr -> arpa -> mrr. Choose another parent."
    assert refused(as_alice, mrr, LinkSpec(arpa)) == [(message, None)]


def test_a_cycle_through_a_weight_is_refused(in_acme: Organization, as_alice: Actor) -> None:
    visits = make_kpi(in_acme, "visits", source="rollup", rollup="sum")
    rate = make_kpi(in_acme, "rate", weight_by=visits)
    mean = make_kpi(in_acme, "mean", source="rollup", rollup="weighted_mean")
    set_parents(as_alice, rate, [LinkSpec(mean)], now=NOW)
    [(message, _)] = refused(as_alice, mean, LinkSpec(visits))
    assert message == "These KPIs would depend on themselves: mean -> visits -> mean. Choose another parent."


def test_children_of_a_roll_up_share_its_unit(in_acme: Organization, as_alice: Actor, total: Kpi) -> None:
    euros = make_kpi(in_acme, "euros", unit="currency:EUR")
    message = "“euros” is in currency:EUR and “total” in number; a roll-up needs one unit."
    assert refused(as_alice, euros, LinkSpec(total)) == [(message, 0)]


def test_children_of_a_measured_kpi_may_be_in_any_unit(in_acme: Organization, as_alice: Actor, north: Kpi) -> None:
    euros = make_kpi(in_acme, "euros", unit="currency:EUR", frequency="yearly")
    set_parents(as_alice, euros, [LinkSpec(north)], now=NOW)
    assert KpiLink.objects.get().parent == north


@pytest.mark.parametrize("weight", [0, -1, float("nan"), float("inf")])
def test_a_weight_is_above_zero(as_alice: Actor, north: Kpi, total: Kpi, weight: float) -> None:
    assert refused(as_alice, north, LinkSpec(total, weight=weight)) == [
        (f"A weight is a number above 0, not {weight:g}.", 0)
    ]


def test_a_child_is_no_coarser_than_its_roll_up(in_acme: Organization, as_alice: Actor, total: Kpi) -> None:
    survey = make_kpi(in_acme, "survey", frequency="yearly")
    message = "“survey” is yearly and “total” monthly; a child cannot be coarser."
    assert refused(as_alice, survey, LinkSpec(total)) == [(message, 0)]


@pytest.mark.parametrize("rollup", ["mean", "weighted_mean", "min", "max"])
def test_only_sums_subtract(in_acme: Organization, as_alice: Actor, north: Kpi, rollup: str) -> None:
    parent = make_kpi(in_acme, "overall", source="rollup", rollup=rollup)
    [(message, index)] = refused(as_alice, north, LinkSpec(parent), LinkSpec(parent, contribution=-1))[:1]
    assert ("only a sum can subtract a child" in message, index) == (True, 1)


def test_one_pair_is_linked_once_at_a_time(as_alice: Actor, north: Kpi, total: Kpi) -> None:
    until = LinkSpec(total, valid_to=NOVEMBER)
    message = "“Total” is a parent twice at the same time; let one end before."
    assert refused(as_alice, north, until, LinkSpec(total, weight=2, valid_from=NOVEMBER)) == [(message, 1)]
    set_parents(as_alice, north, [LinkSpec(total, valid_to=OCTOBER), LinkSpec(total, 2, valid_from=NOVEMBER)], now=NOW)
    assert KpiLink.objects.count() == 2


def test_an_archived_parent_takes_no_new_child(in_acme: Organization, as_alice: Actor, north: Kpi) -> None:
    old = make_kpi(in_acme, "old", archived_at=NOW)
    message = "“Old” is archived; restore it first or choose another."
    assert refused(as_alice, north, LinkSpec(old)) == [(message, 0)]


def test_who_owns_a_child_does_not_decide_what_a_roll_up_adds_up(
    in_acme: Organization, bob: Member, total: Kpi
) -> None:
    own, goal = make_kpi(in_acme, "own", owner=bob), make_kpi(in_acme, "goal")
    with pytest.raises(PermissionDenied, match="“Total” is computed from what ladders up to it"):
        set_parents(Actor(member=bob), own, [LinkSpec(total)], now=NOW)
    set_parents(Actor(member=bob), own, [LinkSpec(goal)], now=NOW)
    assert [row.parent for row in KpiLink.objects.all()] == [goal]


def test_a_move_ends_the_old_link_and_begins_the_new_one(in_acme: Organization, total: Kpi) -> None:
    other, earlier = make_kpi(in_acme, "other"), make_kpi(in_acme, "earlier")
    current = [LinkSpec(earlier, valid_to=dt.date(2025, 12, 31)), LinkSpec(total, valid_from=JANUARY)]
    assert moved(current, [LinkSpec(other)], NOVEMBER) == [
        LinkSpec(earlier, valid_to=dt.date(2025, 12, 31)),
        LinkSpec(total, valid_from=JANUARY, valid_to=OCTOBER),
        LinkSpec(other, valid_from=NOVEMBER),
    ]


def test_a_move_leaves_alone_what_stays(in_acme: Organization, total: Kpi) -> None:
    other = make_kpi(in_acme, "other")
    staying = LinkSpec(total, valid_from=JANUARY)
    assert moved([staying], [LinkSpec(total), LinkSpec(other)], NOVEMBER) == [
        staying,
        LinkSpec(other, valid_from=NOVEMBER),
    ]


def test_restating_history_forgets_when_a_child_joined(in_acme: Organization, total: Kpi) -> None:
    other = make_kpi(in_acme, "other")
    assert moved([LinkSpec(total, valid_from=JANUARY)], [LinkSpec(other)], None) == [LinkSpec(other)]


def test_children_are_added_all_or_none(as_alice: Actor, in_acme: Organization, north: Kpi, total: Kpi) -> None:
    goal, south = make_kpi(in_acme, "goal"), make_kpi(in_acme, "south", unit="percent")
    set_parents(as_alice, north, [LinkSpec(goal)], now=NOW)
    with pytest.raises(ValidationError) as raised:
        add_children(as_alice, total, [north, south], now=NOW, contribution=-1, since=NOVEMBER)
    (error,) = raised.value.error_dict["children"]
    assert error.messages[0].startswith("“South”: “south” is in percent and “total” in number")
    assert [row.parent for row in links_of(north)] == [goal]
    Kpi.objects.filter(pk=south.pk).update(unit="number")
    south.refresh_from_db()
    add_children(as_alice, total, [north, south], now=NOW, contribution=-1, since=NOVEMBER)
    added = KpiLink.objects.filter(parent=total).order_by("child__key")
    assert [(row.child, row.contribution, row.valid_from) for row in added] == [
        (north, -1, NOVEMBER),
        (south, -1, NOVEMBER),
    ]
    assert [row.parent for row in links_of(north)] == [goal, total]


def test_a_contributor_adds_only_their_own(bob: Member, in_acme: Organization, north: Kpi) -> None:
    own = make_kpi(in_acme, "own", owner=bob, source="rollup", rollup="sum")
    with pytest.raises(PermissionDenied):
        add_children(Actor(member=bob), own, [north], now=NOW)
    assert not KpiLink.objects.exists()
