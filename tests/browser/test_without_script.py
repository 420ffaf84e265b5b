"""Without JavaScript everything can still be done."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import Member
from tests.browser.bakery import Bakery, compute_scores
from tests.browser.conftest import log_in
from tests.cast import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def page(site: str, browser: Browser, bakery: Bakery, alice: Member) -> Iterator[Page]:
    """Alice's browser, in which no script runs."""
    context = browser.new_context(java_script_enabled=False)
    log_in(context, site, alice)
    yield context.new_page()
    context.close()


def test_one_logs_in_and_arrives_where_one_wanted(page: Page, site: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{site}/accounts/login/?next=/acme/")
    page.get_by_label("E-mail").fill("alice@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(f"{site}/acme/")


def test_a_value_is_entered_and_changes_what_it_feeds(page: Page, site: str, bakery: Bakery) -> None:
    page.goto(f"{site}/acme/kpis/gift_cards/")
    page.get_by_label("Date").fill(str(bakery.measured_on))
    page.get_by_label("Value in EUR").fill("4321")
    page.get_by_role("button", name="Save value").click()
    expect(page).to_have_url(f"{site}/acme/kpis/gift_cards/#measurements")
    expect(page.locator("#measurements tbody tr").first).to_contain_text("4,321")
    compute_scores(bakery.organization)
    page.goto(f"{site}/acme/kpis/online_sales/")
    expect(page.locator("#fed-by").get_by_role("link", name="Gift cards")).to_contain_text("4.3")


def test_a_wrong_value_is_explained_beside_its_field(page: Page, site: str) -> None:
    page.goto(f"{site}/acme/kpis/gift_cards/")
    page.get_by_label("Value in EUR").fill("a lot")
    page.get_by_role("button", name="Save value").click()
    expect(page.get_by_label("Value in EUR")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Value in EUR")).to_have_value("a lot")


def test_an_action_is_planned_and_done(page: Page, site: str) -> None:
    page.goto(f"{site}/acme/kpis/gift_cards/")
    page.get_by_text("Plan an action").click()
    page.get_by_label("What is to be done").fill("Sell them at the till")
    page.get_by_label("Who does it").select_option(label="Bob")
    page.get_by_role("button", name="Add action").click()
    expect(page).to_have_url(f"{site}/acme/kpis/gift_cards/#actions")
    action = page.locator(".act", has_text="Sell them at the till")
    expect(action).to_contain_text("To do · Bob")
    action.get_by_role("button", name="Done").click()
    expect(action).to_contain_text("Done on")


def test_the_ladder_unfolds_level_by_level(page: Page, site: str) -> None:
    page.goto(f"{site}/acme/ladder/?levels=3")
    harbour = page.get_by_role("link", name="Sales at the harbour", exact=True)
    expect(harbour).to_have_count(0)
    page.locator("#fold-shop_sales").click()
    expect(harbour).to_be_visible()


def test_the_list_is_filtered(page: Page, site: str) -> None:
    page.goto(f"{site}/acme/kpis/")
    page.get_by_role("search", name="Filter KPIs").get_by_label("Department").select_option("Bakery")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".kpi-table tbody th a")).to_have_text(
        ["Energy", "Waste", "Oven hours", "Share sold on the day"]
    )


def test_the_theme_is_changed_and_kept(page: Page, site: str) -> None:
    page.goto(f"{site}/acme/")
    page.locator("summary[aria-label^='You']").click()
    page.get_by_role("button", name="Dark").first.click()
    expect(page).to_have_url(f"{site}/acme/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.goto(f"{site}/acme/kpis/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_nothing_is_shown_that_needs_script(page: Page, site: str) -> None:
    for path in ("", "kpis/", "kpis/waste/", "ladder/", "my-ladder/"):
        page.goto(f"{site}/acme/{path}")
        assert [node for node in page.locator(".needs-script").all() if node.is_visible()] == []
