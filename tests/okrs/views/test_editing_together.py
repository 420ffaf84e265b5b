"""Two people change one objective or key result at a time: nothing that either does is undone without a word."""

import datetime as dt

from django.test import Client

from accounts.actors import SYSTEM
from accounts.models import Member, Organization
from okrs.actions.cycles import update_cycle
from okrs.actions.key_results import create_key_result, update_key_result
from okrs.actions.milestones import MilestoneSpec, mark_milestone, set_milestones
from okrs.actions.objectives import update_objective
from okrs.models import Cycle, KeyResult, Milestone, Objective
from tests.cast import NOW, inside
from tests.okrs.views.conftest import BEGAN
from tests.pages import filled_in


def test_what_one_leaves_alone_of_an_objective_stays_as_the_other_has_put_it(
    acme: Organization, objective: Objective, alices: Client, alice: Member
) -> None:
    address = f"/acme/objectives/{objective.pk}/edit/"
    page = alices.get(address).content.decode()
    with inside(acme):
        update_objective(SYSTEM, objective, now=NOW, owner=alice, weight=2.0, kind="committed")
    assert alices.post(address, filled_in(page, title="Win the country")).status_code == 302
    with inside(acme):
        now = Objective.objects.with_people().get(pk=objective.pk)
    assert (now.title, now.owner, now.weight, now.kind) == ("Win the country", alice, 2.0, "committed")


def test_a_target_that_both_changed_is_refused_once(acme: Organization, shops: KeyResult, alices: Client) -> None:
    address = f"/acme/key-results/{shops.pk}/edit/"
    sent = filled_in(alices.get(address).content.decode(), target="80", title="Shops")
    with inside(acme):
        update_key_result(SYSTEM, shops, now=NOW, target=120, cadence="monthly")
    refused = alices.post(address, sent)
    assert refused.status_code == 422
    assert "“Target” became “120” while you were editing." in refused.content.decode()
    assert alices.post(address, filled_in(refused.content.decode())).status_code == 302
    with inside(acme):
        now = KeyResult.objects.get(pk=shops.pk)
    assert (now.target, now.title, now.cadence) == (80, "Shops", "monthly")


def test_a_milestone_that_was_reached_meanwhile_is_said_before_it_is_lost(
    acme: Organization, objective: Objective, alices: Client
) -> None:
    with inside(acme):
        steps = [MilestoneSpec("Choose a grower"), MilestoneSpec("Sign", 2.0)]
        berries = create_key_result(SYSTEM, objective, now=BEGAN, title="Berries", kind="milestones", milestones=steps)
    address = f"/acme/key-results/{berries.pk}/edit/"
    sent = filled_in(alices.get(address).content.decode(), title="Red berries")
    with inside(acme):
        first = Milestone.objects.get(title="Choose a grower")
        mark_milestone(SYSTEM, first, now=NOW, done_on=dt.date(2026, 11, 17))
    refused = alices.post(address, sent)
    assert refused.status_code == 422
    assert refused.context["form"].non_field_errors() == [
        "Its milestones became “Choose a grower, done on 17 November 2026; Sign, weight 2” while you were editing. Save"
        " again to put yours in their place."
    ]
    assert filled_in(refused.content.decode())["title"] == "Red berries"


def test_a_cycle_keeps_the_day_that_another_gave_it(acme: Organization, quarter: Cycle, alices: Client) -> None:
    address = f"/acme/cycles/{quarter.pk}/edit/"
    page = alices.get(address).content.decode()
    with inside(acme):
        update_cycle(SYSTEM, quarter, now=NOW, ends_on=dt.date(2027, 1, 15), length="custom")
    assert alices.post(address, filled_in(page, name="Autumn")).status_code == 302
    with inside(acme):
        now = Cycle.objects.get(pk=quarter.pk)
    assert (now.name, now.ends_on) == ("Autumn", dt.date(2027, 1, 15))


def test_a_milestone_that_was_removed_meanwhile_is_made_again_by_who_saves_again(
    acme: Organization, objective: Objective, alices: Client
) -> None:
    with inside(acme):
        steps = [MilestoneSpec("Choose a grower"), MilestoneSpec("Sign")]
        berries = create_key_result(SYSTEM, objective, now=BEGAN, title="Berries", kind="milestones", milestones=steps)
    address = f"/acme/key-results/{berries.pk}/edit/"
    sent = filled_in(alices.get(address).content.decode())
    with inside(acme):
        kept = Milestone.objects.get(title="Sign")
        set_milestones(SYSTEM, berries, [MilestoneSpec("Sign", id=kept.pk)], now=NOW)
    refused = alices.post(address, sent)
    assert "Its milestones became “Sign” while you were editing." in refused.content.decode()
    assert alices.post(address, filled_in(refused.content.decode())).status_code == 302
    with inside(acme):
        stored = {row.title: row.pk for row in Milestone.objects.filter(key_result=berries)}
    assert stored.keys() == {"Choose a grower", "Sign"}
    assert stored["Sign"] == kept.pk


def test_lessons_that_another_wrote_meanwhile_are_not_lost(acme: Organization, quarter: Cycle, alices: Client) -> None:
    address = f"/acme/cycles/{quarter.pk}/"
    page = alices.get(address).content.decode()
    with inside(acme):
        update_cycle(SYSTEM, quarter, now=NOW, learned="Ask\r\nearlier")
    assert alices.post(address, filled_in(page, carry_on="Mondays")).status_code == 302
    with inside(acme):
        now = Cycle.objects.get(pk=quarter.pk)
    assert (now.learned, now.carry_on) == ("Ask\r\nearlier", "Mondays")
