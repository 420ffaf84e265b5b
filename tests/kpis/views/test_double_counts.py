"""The advice about what a sum counts more than once: on its page, and beside the form that makes it so."""

import datetime as dt
from html import unescape

import pytest
from django.test import Client

from accounts.models import Organization
from kpis.models import Kpi, KpiLink
from tests.cast import NOW, inside, make_kpi, make_link

TWICE = (
    "“Net sales” counts “Bread” more than once: as a part of “North” and as a part of “Bakery”. "
    "Unless that is meant, let it ladder up by one way only."
)
NET, BREAD = "/acme/kpis/net_sales/", "/acme/kpis/bread/parents/"


@pytest.fixture
def kpis(acme: Organization) -> dict[str, Kpi]:
    """Net sales is the sum of North and Bakery, which are sums too; Bread feeds North."""
    sums = {"source": "rollup", "rollup": "sum"}
    with inside(acme):
        made = {key: make_kpi(acme, key, **sums) for key in ("net_sales", "north", "bakery")}
        made["bread"] = make_kpi(acme, "bread")
        for child, parent in (("north", "net_sales"), ("bakery", "net_sales"), ("bread", "north")):
            make_link(made[parent], made[child])
    return made


def shown(client: Client, address: str) -> str:
    return unescape(client.get(address).content.decode())


def row(parent: Kpi) -> dict[str, str]:
    return {"parent": str(parent.pk), "contribution": "1", "weight": "1"}


def saved(client: Client, *parents: Kpi) -> str:
    """The page after these were made the parents of Bread."""
    rows = {f"rows-{at}-{name}": value for at, one in enumerate(parents) for name, value in row(one).items()}
    form = {"rows-TOTAL_FORMS": len(parents), "rows-INITIAL_FORMS": 1, "when": "restate", "since": ""}
    return unescape(client.post(BREAD, rows | form, follow=True).content.decode())


def test_a_sum_says_what_it_counts_twice(acme: Organization, kpis: dict[str, Kpi], alices: Client) -> None:
    assert "more than once" not in shown(alices, NET)
    with inside(acme):
        make_link(kpis["bakery"], kpis["bread"])
    assert TWICE in shown(alices, NET)
    assert "more than once" not in shown(alices, "/acme/kpis/north/")


def test_who_makes_it_so_is_told_when_it_is_saved_and_beside_the_form(kpis: dict[str, Kpi], alices: Client) -> None:
    assert "more than once" not in shown(alices, BREAD)
    assert TWICE in saved(alices, kpis["north"], kpis["bakery"])
    assert TWICE in shown(alices, BREAD)
    assert "more than once" not in saved(alices, kpis["bakery"])


def test_a_kpi_that_would_be_counted_twice_by_a_move_of_what_it_feeds_is_told_there(
    acme: Organization, kpis: dict[str, Kpi], alices: Client
) -> None:
    with inside(acme):
        make_link(kpis["bakery"], kpis["bread"])
    assert TWICE in shown(alices, "/acme/kpis/north/parents/")


def test_it_is_told_where_the_ways_meet_and_not_again_above(
    acme: Organization, kpis: dict[str, Kpi], alices: Client
) -> None:
    with inside(acme):
        profit = make_kpi(acme, "profit", source="rollup", rollup="sum")
        make_link(profit, kpis["net_sales"])
        make_link(kpis["bakery"], kpis["bread"])
    assert shown(alices, BREAD).count("more than once") == 1
    assert "“Profit” counts “Bread” more than once" in shown(alices, "/acme/kpis/profit/")


def test_only_sums_count(acme: Organization, kpis: dict[str, Kpi], alices: Client) -> None:
    with inside(acme):
        make_link(kpis["bakery"], kpis["bread"])
        Kpi.objects.filter(key="bakery").update(rollup="mean")
    assert "more than once" not in shown(alices, NET)


def test_what_is_archived_or_over_is_not_told(acme: Organization, kpis: dict[str, Kpi], alices: Client) -> None:
    with inside(acme):
        make_link(kpis["bakery"], kpis["bread"], valid_to=dt.date(2026, 10, 31))
    assert "more than once" not in shown(alices, NET)
    with inside(acme):
        KpiLink.objects.update(valid_to=None)
    assert TWICE in shown(alices, NET)
    with inside(acme):
        Kpi.objects.filter(key="bakery").update(archived_at=NOW)
    assert "more than once" not in shown(alices, NET)


def test_many_are_counted_rather_than_listed(acme: Organization, kpis: dict[str, Kpi], alices: Client) -> None:
    with inside(acme):
        for number in range(5):
            kpi = make_kpi(acme, f"kind_{number}")
            for parent in ("north", "bakery"):
                make_link(kpis[parent], kpi)
    page = shown(alices, NET)
    assert page.count("Unless that is meant") == 3
    assert "2 more KPIs are counted more than once in it." in page
