"""A quarter from its plan to its retrospective, as people live it: plan, align, check in week by week, watch the pace,
close, grade, carry over."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import time_machine
from playwright.sync_api import Page, expect

from accounts.actors import Actor
from accounts.models import Department, Member, Organization
from okrs.actions.cycles import activate_cycle, create_cycle
from okrs.actions.key_results import create_key_result
from okrs.actions.milestones import MilestoneSpec
from okrs.actions.objectives import create_objective
from okrs.models import CheckIn, Cycle, KeyResult
from tests.cast import inside

pytestmark = pytest.mark.django_db(transaction=True)

Enter = Callable[..., Page]


@contextmanager
def on(day: str) -> Iterator[dt.datetime]:
    """A morning; the clock goes on from there."""
    morning = dt.datetime.fromisoformat(f"{day}T09:30:00+00:00")
    with time_machine.travel(morning, tick=True):
        yield morning


@pytest.fixture
def plan(acme: Organization, alice: Member, bob: Member) -> Cycle:
    """Alice's objective for the company, and Bob's for the bakery, which hangs on her key result."""
    with on("2026-09-24") as now, inside(acme):
        actor = Actor(member=alice)
        bakery = Department.objects.create(name="Bakery", lead=alice)
        Member.objects.filter(pk=bob.pk).update(department=bakery)
        cycle = create_cycle(
            actor,
            now=now,
            name="Q4 2026",
            starts_on=dt.date(2026, 10, 1),
            ends_on=dt.date(2026, 12, 31),
            length="quarter",
        )
        top = create_objective(actor, cycle, now=now, title="Bread for every day", owner=alice, kind="committed")
        shops = create_key_result(actor, top, now=now, title="Shops from 10 to 20", start=10, target=20, owner=alice)
        own = create_objective(
            actor, cycle, now=now, title="Open five ovens", owner=bob, department=bakery, parent_key_result=shops
        )
        create_key_result(actor, own, now=now, title="Ovens from 0 to 5", start=0, target=5, owner=bob)
        steps = [MilestoneSpec("Train the bakers"), MilestoneSpec("Bake at six")]
        create_key_result(actor, own, now=now, title="A first morning", kind="milestones", milestones=steps, owner=bob)
    with on("2026-10-01") as now, inside(acme):
        return activate_cycle(Actor(member=alice), cycle, now=now)


def test_five_check_ins_by_keyboard_alone(enter: Enter, acme: Organization, plan: Cycle, bob: Member) -> None:
    """Under a minute: a number, a key, Enter; words where they help; one is skipped."""
    with on("2026-10-09") as now, inside(acme):
        own = KeyResult.objects.get(title="Ovens from 0 to 5").objective
        for name in ("Flour ordered", "Doors painted", "Keys cut"):
            create_key_result(Actor(member=bob), own, now=now, title=name, start=0, target=10, owner=bob)
    with on("2026-10-09"):
        page = enter(bob, "/acme/", clock=True)
        expect(page.get_by_text("5 check-ins, about 4 minutes")).to_be_visible()
        page.get_by_role("link", name="Go through them").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/check-ins/**")
        page.clock.pause_at(page.evaluate("Date.now() + 1000"))  # what a key does never hangs on a timer
        for place in range(1, 6):
            expect(page.locator(".check-in-place")).to_have_text(f"{place} of 5")
            title = page.locator("#step-title").inner_text()
            if title == "Keys cut":
                page.keyboard.press("s")
            elif title == "A first morning":  # no number: the cursor stands where the keys choose
                page.keyboard.press("2")
                page.keyboard.press("Enter")
            else:
                expect(page.get_by_role("textbox", name="Value now")).to_be_focused()
                page.keyboard.type("3")
                page.keyboard.press("Tab")
                page.keyboard.press("1")
                page.keyboard.press("Tab")
                page.keyboard.type("All as planned")
                page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Nothing else is left.").or_(page.get_by_text("Done."))).to_be_visible()
        expect(page.get_by_text("1 was skipped and still waits.")).to_be_visible()
    with inside(acme):
        said = CheckIn.objects.order_by("id").values_list("key_result__title", "value", "confidence", "comment")
        told = {title: rest for title, *rest in said}
    assert len(told) == 4
    assert told["A first morning"] == [None, "at_risk", ""]
    assert told["Ovens from 0 to 5"] == [3.0, "on_track", "All as planned"]


def check_in(enter: Enter, bob: Member, value: str, confidence: str, comment: str) -> Page:
    """Bob goes through what he owes; his milestones he skips."""
    page = enter(bob, "/acme/check-ins/")
    while page.locator("#step-title").inner_text() != "Ovens from 0 to 5":
        before = page.locator(".check-in-place").inner_text()
        page.get_by_role("link", name="Skip", exact=True).click()
        expect(page.locator(".check-in-place")).not_to_have_text(before)
    page.get_by_role("textbox", name="Value now").fill(value)
    page.get_by_role("radio", name=confidence).check(force=True)
    page.get_by_role("textbox", name=re.compile("What moved")).fill(comment)
    page.get_by_role("button", name=re.compile("^Save")).click()
    page.wait_for_url("**did=**")
    return page


def test_a_quarter_from_plan_to_retrospective(
    enter: Enter, acme: Organization, plan: Cycle, alice: Member, bob: Member
) -> None:
    with on("2026-10-02"):
        page = enter(alice, "/acme/objectives/tree/?view=list")
        expect(page.get_by_role("link", name="Open five ovens", exact=True)).to_be_visible()
        expect(page.locator(".rung-status").filter(has_text="Too early to tell").first).to_be_visible()
    with on("2026-10-16"):
        check_in(enter, bob, "1", "On track", "The first one bakes.")
    with on("2026-11-13"):
        page = check_in(enter, bob, "1", "On track", "")
        expect(page.get_by_text("You say on track, the numbers say off track")).to_be_visible()
        page = enter(alice, "/acme/check-ins/team/")
        row = page.get_by_role("row", name="Ovens from 0 to 5")
        expect(row).to_contain_text("Checked in today")
        expect(row).to_contain_text("Off track")
        expect(row.get_by_text("23 October 2026: missed")).to_be_attached()
    with on("2026-12-11"):
        check_in(enter, bob, "4", "On track", "Three in a month.")
        page = enter(bob, "/acme/my-ladder/")
        way = "Ovens from 0 to 5 → Open five ovens → Shops from 10 to 20 → Bread for every day"
        expect(page.get_by_role("heading", name=way)).to_be_visible()
    with on("2026-12-31"):
        page = enter(alice, f"/acme/cycles/{plan.pk}/close/")
        card = page.locator(".graded", has_text="Open five ovens")
        expect(card).to_contain_text("proposed 0.80")
        grade = page.get_by_role("textbox", name="Grade").nth(1)
        expect(grade).to_have_value("0.80")
        grade.fill("0.9")
        page.get_by_role("button", name="Keep and go on").click()
        expect(page.get_by_text("say in a few words why it is another grade")).to_be_visible()
        page.get_by_role("textbox", name="Reason").nth(1).fill("The fifth one is delivered.")
        page.get_by_role("button", name="Keep and go on").click()
        page.get_by_role("textbox", name=re.compile("What did we learn")).fill("Order ovens before the cycle begins.")
        page.get_by_role("button", name="Keep and go on").click()
        page.get_by_role("checkbox", name=re.compile("A first morning")).uncheck()
        page.get_by_role("checkbox", name=re.compile("Ovens from 0 to 5")).uncheck()
        page.get_by_role("button", name="Go on to the end").click()
        expect(page.get_by_text("1 key result goes on in Q1 2027 (new)")).to_be_visible()
        page.get_by_role("button", name="Close Q4 2026").click()
        expect(page.get_by_role("heading", name="How Q4 2026 went")).to_be_visible()
        expect(page.get_by_role("region", name="What we learned")).to_contain_text(
            "Order ovens before the cycle begins."
        )
        expect(page.get_by_text("proposed 0.80: “The fifth one is delivered.”")).to_be_visible()
        expect(page.get_by_text("goes on in Q1 2027")).to_be_visible()
        page = enter(alice, f"/acme/cycles/{plan.pk}/close/")
        expect(page.locator("#messages")).to_contain_text("was closed by Alice on 31 December 2026")
        page = enter(bob, "/acme/cycles/archive/?q=ovens")
        expect(page.get_by_role("row", name=re.compile("Ovens from 0 to 5"))).to_contain_text("0.9")
    with inside(acme):
        following = KeyResult.objects.get(carried_from__title="Shops from 10 to 20")
        assert (following.start, following.target) == (10, 20)
        assert following.objective.cycle.name == "Q1 2027"
