"""Names that are long and without a space stay within their pages."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import Member, Organization, User
from kpis.models import Kpi
from okrs.models import KeyResult
from tests.browser.bakery import Bakery
from tests.browser.bakery_objectives import BakeryObjectives
from tests.browser.looking import DESK, TELEPHONE
from tests.cast import inside

pytestmark = pytest.mark.slow


def test_long_names_widen_no_page(
    enter: Callable[..., Page], acme: Organization, alice: Member, bakery: Bakery, objectives: BakeryObjectives
) -> None:
    with inside(acme):
        User.objects.filter(pk=alice.user_id).update(name="Wolfeschlegelsteinhausenbergerdorff" * 3)
        KeyResult.objects.update(title="Donaudampfschifffahrtsgesellschaft" * 5, owner=alice)
        Kpi.objects.update(name="Rindfleischetikettierungsgesetz" * 3, owner=alice)
    cycle = objectives.quarter.pk
    named = {
        "kpis:detail": "north_sales",
        "okrs:objective": objectives.waste.pk,
        "okrs:key-result": objectives.shelves.pk,
        "okrs:close": cycle,
        "okrs:check-in-flow": None,
        "okrs:team": None,
        "reports:my-ladder": None,
        "reports:home": None,
    }
    page = enter(alice, "/acme/")
    for name, of in named.items():
        page.goto(page.url.split("/acme/")[0] + reverse(name, args=[acme.slug, *([of] if of else [])]))
        for size in (DESK, TELEPHONE):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
        page.set_viewport_size(DESK)
