"""Everything by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Member
from tests.browser.bakery import Bakery

pytestmark = pytest.mark.django_db(transaction=True)

Enter = Callable[..., Page]


def test_the_first_stop_skips_to_the_content(enter: Enter, bakery: Bakery, alice: Member) -> None:
    page = enter(alice, "/acme/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("keys", ["/", "Control+k"])
def test_the_search_is_one_key_away(enter: Enter, bakery: Bakery, alice: Member, keys: str) -> None:
    page = enter(alice, "/acme/ladder/")
    page.keyboard.press(keys)
    page.keyboard.type("harbour")
    page.keyboard.press("Enter")
    found = page.get_by_role("region", name="KPIs").get_by_role("listitem")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Sales at the harbour")


def test_a_slash_within_a_field_is_a_slash(enter: Enter, bakery: Bakery, alice: Member) -> None:
    page = enter(alice, "/acme/kpis/waste/")
    page.get_by_role("textbox", name="Note", exact=True).focus()
    page.keyboard.type("1/2")
    expect(page.get_by_role("textbox", name="Note", exact=True)).to_have_value("1/2")


def test_a_menu_opens_walks_and_closes_by_keys(enter: Enter, bakery: Bakery, alice: Member) -> None:
    page = enter(alice, "/acme/")
    opener = page.locator("summary[aria-label^='You']")
    opener.focus()
    page.keyboard.press("Enter")
    profile = page.get_by_role("link", name="Your profile")
    expect(profile).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(profile).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("button", name="Log out")).to_be_focused()
    page.keyboard.press("Escape")
    expect(profile).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_ladder_unfolds_and_folds_by_keys(enter: Enter, bakery: Bakery, alice: Member) -> None:
    page = enter(alice, "/acme/ladder/?levels=3")
    hidden = page.get_by_role("link", name="Sales at the harbour", exact=True)
    expect(hidden).to_be_hidden()
    page.locator("#fold-shop_sales").focus()
    page.keyboard.press("Enter")
    expect(hidden).to_be_visible()
    page.locator("#fold-shop_sales").focus()
    page.keyboard.press("Enter")
    expect(hidden).to_be_hidden()


def test_what_has_the_focus_shows_it(enter: Enter, bakery: Bakery, alice: Member) -> None:
    page = enter(alice, "/acme/kpis/waste/")
    ringless = []
    for _ in range(40):
        page.keyboard.press("Tab")
        element, ring = page.evaluate(
            "() => { const node = document.activeElement, style = getComputedStyle(node);"
            "return [node.outerHTML.slice(0, 80), node.type === 'date' /* rings its own parts */ ||"
            "style.outlineStyle !== 'none' || style.boxShadow !== 'none'] }"
        )
        if not ring:
            ringless.append(element)
    assert ringless == []
