"""The form's formula: read while it is typed, checked without script, completed, and saved."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import Member, Organization
from kpis.models import Kpi
from tests.cast import inside, make_kpi
from tests.kpis.views.conftest import Measured
from tests.kpis.views.test_defining import answers

NEW = "/acme/kpis/new/blank/"
CHECK = "/acme/kpis/new/formula/"


@pytest.fixture
def shop(measured: Measured) -> dict[str, Kpi]:
    months = [f"2026-{month:02}-01" for month in range(5, 11)]
    return {
        "net_sales": measured("net_sales", dict(zip(months, range(600, 1200, 100), strict=True)), unit="currency:EUR"),
        "baskets": measured("baskets", dict.fromkeys(months, 50.0), kind="metric"),
    }


def typed(**changed: Any) -> dict[str, Any]:
    return answers(**{"name": "Average basket", "source": "formula", "formula": "net_sales / baskets", **changed})


def test_a_formula_is_read_aloud_with_its_names_unit_and_values(alices: Client, shop: dict[str, Kpi]) -> None:
    panel = alices.post(CHECK, typed()).context["panel"]
    assert (panel.said, panel.unit, panel.warnings) == ("Net sales ÷ Baskets", "EUR", [])
    assert [(key, kpi.name, unit) for key, kpi, unit in panel.names] == [
        ("net_sales", "Net sales", "EUR"),
        ("baskets", "Baskets", "a plain number"),
    ]
    assert [(each.period, each.value.count("22")) for each in panel.values][:1] == [("October 2026", 1)]
    assert [point.value for point in panel.trend] == [12, 14, 16, 18, 20, 22]


def test_the_preview_follows_the_rhythm_and_the_unit_of_the_form(alices: Client, shop: dict[str, Kpi]) -> None:
    panel = alices.post(CHECK, typed(frequency="quarterly", unit_choice="number")).context["panel"]
    assert (panel.values[0].period, panel.values[0].remark) == ("Q4 2026", "so far")
    assert [point.value for point in panel.trend] == [13, 18, 22]
    assert panel.warnings == ["The result is EUR, and the unit chosen above is a plain number."]


def test_a_mistake_is_shown_in_its_place(alices: Client, shop: dict[str, Kpi]) -> None:
    answer = alices.post(CHECK, typed(formula="net_sales / baskts + 1"))
    (place,) = answer.context["panel"].mistakes
    assert (place.before, place.meant, place.after) == ("net_sales / ", "baskts", " + 1")
    assert "<mark>baskts</mark>" in answer.content.decode()
    assert "Did you mean baskets?" in answer.content.decode()


@pytest.mark.parametrize("formula", ["<script>alert(1)</script>", "a" * 2000, "(" * 400, "net_sales\0", "1/0", "'"])
def test_whatever_is_typed_is_answered(alices: Client, shop: dict[str, Kpi], formula: str) -> None:
    answer = alices.post(CHECK, typed(formula=formula, frequency="hourly", decimals="x", unit_choice="custom"))
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


def test_a_formula_without_values_says_why(alices: Client, acme: Organization, shop: dict[str, Kpi]) -> None:
    with inside(acme):
        make_kpi(acme, "empty")
    assert "None of the KPIs in it has a value yet" in alices.post(CHECK, typed(formula="empty")).content.decode()
    missing = alices.post(CHECK, typed(formula="empty + baskets")).content.decode()
    assert "No value yet: “empty” has no value." in missing


def test_the_edited_kpi_may_not_depend_on_itself(alices: Client, acme: Organization, shop: dict[str, Kpi]) -> None:
    alices.post(NEW, typed())
    answer = alices.post(f"{CHECK}?kpi=baskets", typed(formula="average_basket * 2"))
    assert [place.said for place in answer.context["panel"].mistakes] == [
        "These KPIs would depend on themselves: baskets -> average_basket -> baskets. Leave one of them out."
    ]


def test_who_may_edit_something_may_have_formulas_read(bobs: Client, veras: Client, shop: dict[str, Kpi]) -> None:
    assert bobs.post(CHECK, typed()).status_code == 200
    assert veras.post(CHECK, typed()).status_code == 403


def test_keys_of_other_organizations_stay_unknown(charlies: Client, shop: dict[str, Kpi]) -> None:
    assert "No KPI has the key" in charlies.post("/globex/kpis/new/formula/", typed()).content.decode()
    assert charlies.post(CHECK, typed()).status_code == 404


# Without script


def test_the_formula_is_checked_on_the_page_and_nothing_is_lost_or_stored(
    alices: Client, acme: Organization, shop: dict[str, Kpi]
) -> None:
    answer = alices.post(NEW, typed(name="", check="formula", description="Half-typed"))
    assert answer.status_code == 200
    assert answer.context["panel"].said == "Net sales ÷ Baskets"
    assert answer.context["form"]["description"].value() == "Half-typed"
    assert "This field is required" not in answer.content.decode()
    with inside(acme):
        assert Kpi.objects.count() == 2


def test_the_page_of_a_formula_shows_what_it_means_at_once(alices: Client, shop: dict[str, Kpi]) -> None:
    alices.post(NEW, typed())
    assert alices.get("/acme/kpis/average_basket/edit/").context["panel"].said == "Net sales ÷ Baskets"


# Completion


def test_the_word_at_the_caret_is_completed(alices: Client, shop: dict[str, Kpi]) -> None:
    offers = alices.get("/acme/kpis/new/completion/", {"text": "net_sales / bask", "caret": "16"}).context["offers"]
    assert [(offer.text, offer.start, offer.end) for offer in offers] == [("baskets", 12, 16)]
    functions = alices.get("/acme/kpis/new/completion/", {"text": "gro", "caret": "3"}).content.decode()
    assert 'data-text="growth("' in functions


@pytest.mark.parametrize("caret", ["", "-1", "x", "99999999999999999999", "²"])
def test_a_caret_that_is_none_is_the_end(alices: Client, shop: dict[str, Kpi], caret: str) -> None:
    offers = alices.get("/acme/kpis/new/completion/", {"text": "bask", "caret": caret}).context["offers"]
    assert [offer.text for offer in offers] == ["baskets"]


def test_a_kpi_is_not_offered_to_its_own_formula(alices: Client, shop: dict[str, Kpi]) -> None:
    answer = alices.get("/acme/kpis/new/completion/", {"text": "bask", "caret": "4", "kpi": "baskets"})
    assert answer.context["offers"] == []


# Saving


def test_a_formula_is_saved_and_changed(alices: Client, acme: Organization, shop: dict[str, Kpi]) -> None:
    answer = alices.post(NEW, typed(target_path="linear", pace_profile="last_year", review_cadence="monthly"))
    assert answer["Location"] == "/acme/kpis/average_basket/"
    with inside(acme):
        kpi = Kpi.objects.get(key="average_basket")
        assert (kpi.source, kpi.formula, kpi.target_path) == ("formula", "net_sales / baskets", "linear")
        assert (kpi.pace_profile, kpi.review_cadence) == ("last_year", "monthly")
    alices.post("/acme/kpis/average_basket/edit/", typed(formula="net_sales / (baskets + 1)"))
    with inside(acme):
        kpi = Kpi.objects.get(key="average_basket")
        assert (kpi.formula, kpi.review_cadence) == ("net_sales / (baskets + 1)", "monthly")


def test_a_formula_in_several_lines_stays_as_it_was_written(
    alices: Client, acme: Organization, alice: Member, shop: dict[str, Kpi]
) -> None:
    text = "if(baskets == 0,\n  0,\n  net_sales / baskets)"
    with inside(acme):
        make_kpi(acme, "average_basket", source="formula", formula=text, created_at=dt.datetime.now(dt.UTC))
    form = alices.get("/acme/kpis/average_basket/edit/").context["form"]
    shown = form["formula"].value()
    assert shown == "if(baskets == 0,   0,   net_sales / baskets)"
    alices.post("/acme/kpis/average_basket/edit/", typed(formula=shown, description="What one buys"))
    with inside(acme):
        kpi = Kpi.objects.get(key="average_basket")
        assert (kpi.formula, kpi.description) == (text, "What one buys")


def test_a_wrong_formula_is_refused_at_its_field(alices: Client, acme: Organization, shop: dict[str, Kpi]) -> None:
    answer = alices.post(NEW, typed(formula="net_sales / baskts"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["formula"] == [
        "No KPI has the key “baskts” (column 13). Did you mean baskets?"
    ]
    assert answer.context["panel"].mistakes


def test_only_stocks_that_are_measured_stay_valid(alices: Client, acme: Organization, shop: dict[str, Kpi]) -> None:
    alices.post(NEW, typed(aggregation="last", carry_forward="3"))
    with inside(acme):
        assert Kpi.objects.get(key="average_basket").carry_forward == 0


def test_the_form_says_which_formulas_follow_a_new_key(alices: Client, shop: dict[str, Kpi]) -> None:
    alices.post(NEW, typed())
    page = alices.get("/acme/kpis/baskets/edit/")
    assert [kpi.key for kpi in page.context["followers"]] == ["average_basket"]
    assert "With a new key this formula follows" in page.content.decode()
