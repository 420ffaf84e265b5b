"""The page of a KPI in a browser: layers of its chart at once, why it moved, and how it was known."""

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
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
}


@pytest.fixture
def rolled_up(bakery: Bakery, alice: Member) -> Kpi:
    with inside(alice.organization):
        found = Kpi.objects.filter(source="rollup").first()
    assert found is not None
    return found


@pytest.mark.parametrize("look", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_layers_are_shown_at_once_and_kept_in_the_address(
    enter: Callable[..., Page], alice: Member, rolled_up: Kpi, look: str
) -> None:
    page = enter(alice, f"/acme/kpis/{rolled_up.key}/", **LOOKS[look])
    page.get_by_label("Ordinary range").check()
    expect(page.locator(".chart-said")).to_be_visible()
    assert "show=notes&show=limits" in page.url or "show=limits" in page.url
    page.reload()
    expect(page.get_by_label("Ordinary range")).to_be_checked()
    assert Axe().run(page).violations_count == 0, Axe().run(page).generate_report()


def test_a_change_is_compared_unfolded_and_followed(enter: Callable[..., Page], alice: Member, rolled_up: Kpi) -> None:
    page = enter(alice, f"/acme/kpis/{rolled_up.key}/")
    why = page.locator("#why")
    expect(why.locator(".waterfall-wide")).to_be_visible()
    why.get_by_label("compared with").select_option("target")
    why.get_by_role("button", name="Compare").click()
    expect(page.locator("#why-base")).to_have_value("target")
    assert "base=target" in page.url


def test_the_past_says_so_and_leads_back(enter: Callable[..., Page], alice: Member, rolled_up: Kpi) -> None:
    page = enter(alice, f"/acme/kpis/{rolled_up.key}/")
    page.get_by_label("As it was known on").fill("2001-02-03")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("On 3 February 2001")
