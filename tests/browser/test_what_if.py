"""What if, as people try it: a slider moves its field, the effects follow, the address can be sent on."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Member
from tests.browser.bakery import Bakery

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_slider_shows_its_effects_under_an_address_to_send_on(
    enter: Callable[..., Page], bakery: Bakery, vera: Member
) -> None:
    page = enter(vera, "/acme/what-if/")
    page.get_by_label("KPI", exact=True).select_option("north_sales")
    value, slider = page.locator("#value-north_sales"), page.get_by_role("slider")
    expect(slider).to_be_visible()
    slider.focus()
    slider.press("Home")
    expect(value).to_have_value("0")
    expect(page.get_by_role("heading", name=re.compile("KPIs would move"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^Net sales"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"kpi=north_sales&period=[\d-]+&value=0"))
    shared = enter(vera, "/acme" + page.url.partition("/acme")[2])
    expect(shared.get_by_role("heading", name=re.compile("KPIs would move"))).to_be_visible()


def test_a_number_moves_the_slider(enter: Callable[..., Page], bakery: Bakery, vera: Member) -> None:
    page = enter(vera, "/acme/what-if/?kpi=north_sales")
    page.locator("#value-north_sales").fill("5000")
    expect(page.get_by_role("slider")).to_have_value(re.compile(r"^\d+$"))
    before = page.get_by_role("slider").input_value()
    page.locator("#value-north_sales").fill("9000")
    assert page.get_by_role("slider").input_value() > before


def test_without_script_a_button_shows_the_effects(enter: Callable[..., Page], bakery: Bakery, vera: Member) -> None:
    page = enter(vera, "/acme/what-if/?kpi=north_sales", java_script_enabled=False)
    expect(page.get_by_role("slider")).to_be_hidden()
    page.locator("#value-north_sales").fill("1000")
    page.get_by_role("button", name="Show the effects").click()
    expect(page.get_by_role("heading", name=re.compile("KPIs would move"))).to_be_visible()
    page.get_by_role("link", name=re.compile("Leave out")).click()
    expect(page.get_by_role("heading", name=re.compile("KPIs would move"))).to_be_hidden()
