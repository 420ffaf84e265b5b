"""Pages show new numbers by themselves, without disturbing who reads or writes."""

import re
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from accounts.actions.organizations import bump_version
from accounts.models import Member
from tests.browser.bakery import Bakery, push
from tests.cast import inside

pytestmark = pytest.mark.django_db(transaction=True)

Enter = Callable[..., Page]
# Marks the part that is shown now, so that a replaced one is told from it.
MARK = "node => node.dataset.marked = 'yes'"
# Pages ask for news so often, in milliseconds; their clocks are put forward, so that nobody waits for them.
PAUSE = 5_000


@pytest.fixture
def enter(enter: Enter) -> Enter:
    return partial(enter, clock=True)


def let_ask(*pages: Page) -> None:
    for page in pages:
        page.clock.fast_forward(PAUSE)


def test_a_pushed_number_arrives_on_every_open_page_and_lights_up(enter: Enter, bakery: Bakery, alice: Member) -> None:
    kpi, ladder = enter(alice, "/acme/kpis/gift_cards/"), enter(alice, "/acme/ladder/?open=all")
    value = kpi.locator("[data-watch=value]")
    rung = ladder.locator("[data-watch=gift_cards]").first
    for page in (kpi, ladder):
        page.locator("[data-live]").evaluate(MARK)
    push(bakery, "gift_cards", 9876)
    let_ask(kpi, ladder)
    expect(value).to_contain_text("9,876")
    expect(value).to_have_class(re.compile("changed"))
    expect(rung).to_contain_text("9.9")
    expect(rung).to_have_class(re.compile("changed"))
    for page in (kpi, ladder):
        expect(page.locator("[data-live]")).not_to_have_attribute("data-marked", "yes")


def test_only_figures_that_changed_light_up(enter: Enter, bakery: Bakery, alice: Member) -> None:
    page = enter(alice, "/acme/ladder/?open=all")
    push(bakery, "gift_cards", 9876)
    let_ask(page)
    expect(page.locator("[data-watch=gift_cards]").first).to_have_class(re.compile("changed"))
    expect(page.locator("[data-watch=rent]").first).not_to_have_class(re.compile("changed"))


def test_who_is_typing_keeps_what_was_typed(enter: Enter, bakery: Bakery, alice: Member) -> None:
    page = enter(alice, "/acme/kpis/gift_cards/")
    note = page.get_by_role("textbox", name="Note")
    note.click()
    page.keyboard.type("half a thou")
    with page.expect_response(re.compile("/acme/kpis/gift_cards/$")):
        push(bakery, "gift_cards", 9876)
        let_ask(page)
    page.keyboard.type("ght")
    expect(note).to_be_focused()
    expect(note).to_have_value("half a thought")
    expect(page.locator("[data-watch=value]")).not_to_contain_text("9,876")


def test_a_half_filled_form_is_kept_wherever_one_stands_until_it_is_sent(
    enter: Enter, bakery: Bakery, alice: Member
) -> None:
    page = enter(alice, "/acme/kpis/gift_cards/")
    page.get_by_text("Plan an action").click()
    page.get_by_label("What is to be done").fill("Sell them at the till")
    page.get_by_label("Until when").focus()
    with page.expect_response(re.compile("/acme/kpis/gift_cards/$")):
        push(bakery, "gift_cards", 9876)
        let_ask(page)
    expect(page.get_by_label("What is to be done")).to_have_value("Sell them at the till")
    page.get_by_role("button", name="Add action").click()
    expect(page.locator("#actions")).to_contain_text("Sell them at the till")
    expect(page.locator("[data-watch=value]")).to_contain_text("9,876")


def test_the_focus_stays_where_it_was(enter: Enter, bakery: Bakery, alice: Member) -> None:
    page = enter(alice, "/acme/kpis/gift_cards/")
    page.get_by_role("textbox", name="Note").focus()
    push(bakery, "gift_cards", 9876)
    let_ask(page)
    expect(page.locator("[data-watch=value]")).to_contain_text("9,876")
    expect(page.get_by_role("textbox", name="Note")).to_be_focused()


def test_nothing_is_swapped_when_nothing_changed(enter: Enter, bakery: Bakery, alice: Member) -> None:
    page = enter(alice, "/acme/kpis/gift_cards/")
    page.locator("[data-live]").evaluate(MARK)
    for _ in range(2):
        with page.expect_response(re.compile("/acme/kpis/gift_cards/$")):
            with inside(bakery.organization):
                bump_version(bakery.organization.pk)
            let_ask(page)
    page.wait_for_timeout(300)
    expect(page.locator("[data-live]")).to_have_attribute("data-marked", "yes")


def test_a_page_without_news_asks_for_the_stamp_alone(enter: Enter, bakery: Bakery, alice: Member) -> None:
    page = enter(alice, "/acme/kpis/gift_cards/")
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(page.url.split("/acme")[0])))
    for _ in range(2):
        with page.expect_response(re.compile("/acme/version/$")):
            let_ask(page)
    # The icon in the tab comes when the browser has time for it.
    assert {path for path in asked if "/logo." not in path} == {"/acme/version/"}
