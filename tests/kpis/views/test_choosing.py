"""New KPIs from the library: finding one, and making it with what it is worked out from."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Member, Organization
from kpis.forms.operands import OperandsForm
from kpis.library import template, templates
from kpis.models import Kpi, KpiLink
from kpis.presenting.formula import Draft, FormulaPanel
from tests.cast import NOW, inside, make_kpi
from tests.kpis.views.conftest import Measured

NEW = "/acme/kpis/new/"
BASKET = f"{NEW}from/average_basket/"


def cards(client: Client, query: str = "") -> list[str]:
    found = client.get(f"{NEW}?{query}").context["shelves"]
    return [card.slug for shelf in found for card in shelf.cards]


def filled_in(client: Client, address: str, **changed: Any) -> dict[str, Any]:
    """What the form sends when nothing but ``changed`` is touched."""
    context = client.get(address).context
    sent = {name: context["form"][name].value() for name in context["form"].fields}
    if context["operands"]:
        sent |= {row.field.html_name: row.field.value() for row in context["operands"].rows}
    return {name: value for name, value in sent.items() if value not in (None, "")} | changed


def kpis(organization: Organization) -> dict[str, Kpi]:
    with inside(organization):
        return {kpi.key: kpi for kpi in Kpi.objects.with_people()}


# Finding


def test_the_library_offers_every_kpi_and_a_blank_form(alices: Client, acme: Organization) -> None:
    assert sorted(cards(alices)) == sorted(one.slug for one in templates() if one.kind == "kpi")
    page = alices.get(NEW).content.decode()
    assert "/acme/kpis/new/blank/" in page
    assert "/acme/kpis/new/from/average_basket/" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=basket", {"average_basket", "items_per_basket", "baskets"}),
        ("q=churn&category=customer", {"customer_churn_rate"}),
        ("q=zeppelin", set()),
    ],
)
def test_the_library_is_searched_and_narrowed(alices: Client, query: str, expected: set[str]) -> None:
    found = set(cards(alices, query))
    assert expected <= found if expected else not found


def test_filters_narrow_to_what_they_say(alices: Client) -> None:
    known = {one.slug: one for one in templates()}
    found = [known[slug] for slug in cards(alices, "category=people&indicator=leading&level=operational")]
    assert found
    assert {(one.category, one.indicator, one.level) for one in found} == {("people", "leading", "operational")}


def test_a_card_says_how_it_is_counted_and_what_it_needs(alices: Client, acme: Organization) -> None:
    with inside(acme):
        make_kpi(acme, "baskets")
    (card,) = [
        card for shelf in alices.get(f"{NEW}?q=average basket").context["shelves"] for card in shelf.cards
        if card.slug == "average_basket"
    ]  # fmt: skip
    assert card.formula == "Net sales ÷ Baskets"
    assert [(need.name, need.is_here) for need in card.needs] == [("Net sales", False), ("Baskets", True)]
    assert "EUR" in card.facts


def test_searching_while_typing_answers_the_list_alone(alices: Client) -> None:
    answer = alices.get(f"{NEW}?q=margin", headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith('<div id="library"')


def test_what_is_made_below_another_ladders_up_to_it(alices: Client, acme: Organization) -> None:
    with inside(acme):
        make_kpi(acme, "total")
    assert "from/cash_balance/?parent=total" in alices.get(f"{NEW}?parent=total").content.decode()
    address = f"{NEW}from/cash_balance/?parent=total"
    alices.post(address, filled_in(alices, address))
    with inside(acme):
        link = KpiLink.objects.select_related("parent", "child").get()
        assert (link.parent.key, link.child.key) == ("total", "cash_balance")


# Making


def test_a_template_fills_in_the_form(alices: Client, acme: Organization, alice: Member) -> None:
    form = alices.get(f"{NEW}from/cash_balance/").context["form"]
    shown = {name: form[name].value() for name in ("name", "unit_choice", "aggregation", "category", "key", "owner")}
    assert shown == {
        "name": "Cash balance",
        "unit_choice": "currency:EUR",
        "aggregation": "last",
        "category": "financial",
        "key": "cash_balance",
        "owner": alice.pk,
    }


@pytest.mark.parametrize("slug", ["cash_balance", "net_promoter_score", "cac_payback", "oee"])
def test_a_template_can_be_made_as_it_is(alices: Client, acme: Organization, slug: str) -> None:
    address, one = f"{NEW}from/{slug}/", template(slug)
    answer = alices.post(address, filled_in(alices, address))
    assert (answer.status_code, answer.headers.get("Location")) == (302, f"/acme/kpis/{slug}/")
    made = kpis(acme)
    assert made[slug].formula == one.formula
    assert set(made) == {slug, *one.operands}


def test_no_formula_of_the_library_is_warned_about(in_acme: Organization) -> None:
    for one in (one for one in templates() if one.formula):
        offered = OperandsForm(one, in_acme).offered(one.frequency)
        draft = Draft(one.formula, one.frequency, unit=one.unit_in("EUR"), offered=offered)
        panel = FormulaPanel(draft, in_acme, NOW.date())
        assert (panel.mistakes, panel.warnings) == ([], []), one.slug


def test_what_is_missing_is_made_along_with_it(alices: Client, acme: Organization, alice: Member) -> None:
    page = alices.get(BASKET)
    assert page.context["made"] == "Net sales and Baskets as numbers you enter, paste or push"
    answer = alices.post(BASKET, filled_in(alices, BASKET))
    made = kpis(acme)
    assert answer["Location"] == "/acme/kpis/average_basket/"
    assert (made["average_basket"].formula, made["average_basket"].source) == ("net_sales / baskets", "formula")
    assert (made["baskets"].source, made["baskets"].kind, made["baskets"].owner) == ("measured", "metric", alice)
    assert (made["net_sales"].source, made["net_sales"].unit) == ("measured", "currency:EUR")
    assert set(made) == {"average_basket", "baskets", "net_sales"}


def test_what_is_missing_can_be_computed_as_in_the_library(alices: Client, acme: Organization) -> None:
    sent = filled_in(alices, BASKET, **{"operand-net_sales": "formula"})
    shown = alices.post(f"{NEW}formula/?template=average_basket", sent).content.decode()
    assert 'hx-swap-oob="true"' in shown
    assert "Also makes Baskets, Gross sales, Discounts given and Returns as numbers" in shown
    assert "For Net sales" in shown
    alices.post(BASKET, sent)
    made = kpis(acme)
    assert made["net_sales"].formula == "gross_sales - discounts_given - sales_returns"
    assert {made[key].source for key in ("gross_sales", "discounts_given", "sales_returns")} == {"measured"}


def test_what_is_here_is_used_whatever_it_is_called(alices: Client, acme: Organization, measured: Measured) -> None:
    revenue = measured("turnover", {"2026-10-01": 90.0}, unit="currency:EUR", name="Turnover")
    measured("baskets", {"2026-10-01": 3.0})
    sent = filled_in(alices, BASKET, **{"operand-net_sales": str(revenue.pk)})
    shown = alices.post(f"{NEW}formula/?template=average_basket", sent)
    panel = shown.context["panel"]
    assert (panel.said, [point.value for point in panel.trend]) == ("Turnover ÷ Baskets", [30])
    alices.post(BASKET, sent)
    made = kpis(acme)
    assert made["average_basket"].formula == "turnover / baskets"
    assert set(made) == {"average_basket", "turnover", "baskets"}


def test_what_the_formula_no_longer_names_is_not_made(alices: Client, acme: Organization) -> None:
    with inside(acme):
        make_kpi(acme, "receipts")
    alices.post(BASKET, filled_in(alices, BASKET, formula="receipts * 2"))
    assert set(kpis(acme)) == {"average_basket", "receipts"}


def test_a_key_that_is_taken_is_not_taken_again(alices: Client, acme: Organization) -> None:
    with inside(acme):
        make_kpi(acme, "average_basket", name="Another")
        make_kpi(acme, "baskets", name="Wicker baskets in stock")
    alices.post(BASKET, filled_in(alices, BASKET, **{"operand-baskets": "measured"}))
    made = kpis(acme)
    assert made["average_basket_2"].formula == "net_sales / baskets_2"
    assert made["baskets_2"].name == "Baskets"


def test_what_is_made_is_judged_often_enough(alices: Client, acme: Organization) -> None:
    alices.post(BASKET, filled_in(alices, BASKET, frequency="daily"))
    assert {kpi.frequency for kpi in kpis(acme).values()} == {"daily"}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"formula": "net_sales / stranger"}, "formula"),
        ({"formula": "net_sales /"}, "formula"),
        ({"name": ""}, "name"),
        ({"key": "max"}, "key"),
    ],
)
def test_nothing_is_made_by_halves(alices: Client, acme: Organization, changed: dict[str, str], field: str) -> None:
    answer = alices.post(BASKET, filled_in(alices, BASKET) | changed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert kpis(acme) == {}


def test_a_place_in_the_formula_is_that_of_the_form(alices: Client, acme: Organization) -> None:
    with inside(acme):
        make_kpi(acme, "n", unit="currency:EUR", name="Net sales")
    answer = alices.post(BASKET, filled_in(alices, BASKET, formula="net_sales / baskts"))
    assert answer.context["form"].errors["formula"] == [
        "No KPI has the key “baskts” (column 13). Did you mean baskets?"
    ]


def test_only_editors_choose(bobs: Client, veras: Client, acme: Organization) -> None:
    for client in (bobs, veras):
        assert client.get(NEW).status_code == client.get(BASKET).status_code == 403
        assert client.post(BASKET, {"name": "Mine"}).status_code == 403


def test_what_the_library_does_not_have_is_not_found(alices: Client) -> None:
    assert alices.get(f"{NEW}from/zeppelins/").status_code == 404
