"""Filters in force in a browser: they follow what is typed, and are dropped by keyboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bakery")]


def test_filters_follow_what_is_typed_and_are_dropped_by_keyboard(enter: Callable[..., Page], alice: Member) -> None:
    page = enter(alice, "/acme/kpis/?level=operational&q=sales", viewport={"width": 390, "height": 844})
    page.locator("a.chip", has_text="Search").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/kpis/\?level=operational$"))
    expect(page.locator(".narrowed-count")).to_have_text("24 of 25 KPIs")
    page.locator("#filter_q").fill("zeppelin")
    expect(page.locator("#kpi-list")).to_contain_text("No KPI fits all 2 filters at once.")
    page.get_by_role("link", name="Without “Search: “zeppelin”” there are 24").click()
    expect(page.locator("#filter_q")).to_have_value("")
    page.get_by_role("link", name="Drop the filter Level: Operational").click()
    expect(page.locator("#narrowed")).to_have_count(0)
