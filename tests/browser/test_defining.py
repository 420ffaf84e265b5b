"""Defining a KPI in a browser: from the library or blank, its formula read, completed and drawn while it is typed."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.models import Member
from kpis.models import Kpi
from tests.browser.bakery import Bakery
from tests.cast import inside

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = {
    "desk": {"viewport": {"width": 1280, "height": 900}},
    "telephone": {"viewport": {"width": 390, "height": 844}},
}


def sound(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


# What is asked for comes well after the next key.
SLOW_LINE = """() => {
  const once = window.fetch;
  window.fetch = async (...asked) => {
    await new Promise((go) => setTimeout(go, 400));
    return once(...asked);
  };
}"""


def start_blank(page: Page) -> None:
    """A formula of money, as far as the field for it."""
    page.get_by_role("link", name="Start blank").click()
    page.get_by_label("Name", exact=True).fill("Sales per customer")
    page.get_by_label("Computed", exact=False).check()


def test_who_types_faster_than_the_list_comes_completes_the_whole_word(
    enter: Callable[..., Page], alice: Member, bakery: Bakery
) -> None:
    page = enter(alice, "/acme/kpis/new/")
    start_blank(page)
    formula, offered = page.locator("#id_formula"), page.locator(".completion").first
    formula.press_sequentially("net_sales / cus")
    expect(offered).to_contain_text("customers")

    page.evaluate(SLOW_LINE)
    formula.press_sequentially("to")
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "Enter"):
        formula.press(key)
    expect(formula).to_have_value("net_sales / customers")
    assert page.url.endswith("/kpis/new/blank/"), "Enter took the word and sent nothing."

    formula.fill("net_sales / cu")
    expect(offered).to_contain_text("customers")
    formula.press_sequentially("st")
    offered.click()
    expect(formula).to_have_value("net_sales / customers")

    formula.fill("net_sales / cu")
    expect(offered).to_have_attribute("data-end", str(len("net_sales / cu")))
    expect(offered).to_be_visible()
    formula.press("ArrowDown")
    expect(offered).to_have_attribute("aria-selected", "true")
    formula.press("Home")
    formula.press("Tab")
    expect(formula).not_to_be_focused()


@pytest.mark.parametrize("look", ["desk", pytest.param("telephone", marks=pytest.mark.slow)])
def test_a_formula_is_typed_with_help_and_saved(
    enter: Callable[..., Page], alice: Member, bakery: Bakery, look: str
) -> None:
    page = enter(alice, "/acme/kpis/new/", **LOOKS[look])
    start_blank(page)
    formula, panel = page.locator("#id_formula"), page.locator("#formula-panel")
    offered = page.locator(".completion").first

    formula.press_sequentially("net_sales / custmers")
    expect(panel).to_contain_text("customers")
    expect(panel.locator("mark")).to_have_text("custmers")

    formula.fill("")
    formula.press_sequentially("net_sales / custo")
    expect(offered).to_contain_text("customers")
    formula.press("ArrowDown")
    expect(offered).to_have_attribute("aria-selected", "true")
    formula.press("Enter")
    expect(formula).to_have_value("net_sales / customers")
    expect(formula).to_be_focused()

    expect(panel.locator(".formula-said")).to_be_visible()
    expect(panel.locator(".formula-preview svg:visible")).to_have_count(1)
    expect(panel.locator(".formula-values dd").first).to_contain_text(re.compile(r"\d"))
    sound(page)

    page.get_by_role("button", name="Create KPI").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sales per customer")
    with inside(bakery.organization):
        assert Kpi.objects.get(key="sales_per_customer").formula == "net_sales / customers"


def test_a_template_of_the_library_is_found_used_and_saved(
    enter: Callable[..., Page], alice: Member, bakery: Bakery
) -> None:
    page = enter(alice, "/acme/kpis/new/")
    page.get_by_label("Search", exact=True).last.press_sequentially("average basket")
    use = page.get_by_role("link", name="Use Average basket", exact=True)
    expect(use).to_be_visible()
    use.click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Average basket")
    expect(page.locator("#operands")).to_contain_text("Also makes")
    sound(page)
    page.get_by_role("button", name="Create KPI").click()
    expect(page.locator("#messages")).to_contain_text("is there")
    with inside(bakery.organization):
        assert Kpi.objects.get(key="average_basket").source == "formula"


def test_the_smart_check_names_what_is_missing_and_leads_to_what_mends_it(
    enter: Callable[..., Page], alice: Member, bakery: Bakery
) -> None:
    page = enter(alice, "/acme/kpis/turnover/edit/")
    missing = page.locator("#smart li.missing")
    expect(missing.first).to_be_visible()
    specific = missing.filter(has_text="Specific")
    specific.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"#id_description$"))
    page.get_by_label("What counts").fill(
        "People who left in the month as a share of those who were there at its start."
    )
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator("#messages")).to_contain_text("The definition is changed.")
    page.goto(page.url.split("#")[0] + "edit/")
    expect(page.locator("#smart li.met").filter(has_text="Specific")).to_be_visible()
