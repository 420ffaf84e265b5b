"""Formulas in definitions: what they may say, what they hold in place, how they follow, and what is remembered."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.actors import Actor
from accounts.errors import ConflictError
from accounts.models import AuditEntry, Organization
from kpis.actions.definitions import create_kpi, purge_kpi, update_kpi
from kpis.actions.links import LinkSpec, set_parents
from kpis.models import Kpi, KpiOperand, KpiVersion, StaleMark
from tests.cast import NOW, make_kpi, record

pytestmark = pytest.mark.usefixtures("in_acme")


def formula(actor: Actor, key: str, text: str, **fields: Any) -> Kpi:
    given = {"unit": "number", "direction": "increase", "frequency": "monthly", **fields}
    name = key.replace("_", " ").capitalize()
    return create_kpi(actor, now=NOW, name=name, key=key, source="formula", formula=text, **given)


def refused(actor: Actor, text: str, **fields: Any) -> str:
    """What the formula's author is told; nothing is stored."""
    before = Kpi.objects.count()
    with pytest.raises(ValidationError) as raised:
        formula(actor, "result", text, **fields)
    assert Kpi.objects.count() == before
    assert list(raised.value.message_dict) == ["formula"]
    return str(raised.value.message_dict["formula"][0])


def operands(key: str) -> set[str]:
    return set(KpiOperand.objects.filter(kpi__key=key).values_list("operand__key", flat=True))


def versions(key: str) -> list[tuple[str, bool]]:
    rows = KpiVersion.objects.filter(kpi__key=key).newest_first()
    return [(row.definition["formula"], row.replaced_at is None) for row in rows]


@pytest.fixture
def shop(acme: Organization) -> dict[str, Kpi]:
    """Sales and baskets, from which an average basket can be computed."""
    return {
        "net_sales": make_kpi(acme, "net_sales", unit="currency:EUR"),
        "baskets": make_kpi(acme, "baskets", kind="metric"),
    }


def test_a_formula_is_stored_with_what_it_names_and_computed(as_alice: Actor, shop: dict[str, Kpi]) -> None:
    kpi = formula(as_alice, "basket", "net_sales / baskets", unit="currency:EUR")
    assert (kpi.source, kpi.formula, kpi.rollup) == ("formula", "net_sales / baskets", "")
    assert operands("basket") == {"net_sales", "baskets"}
    assert StaleMark.objects.filter(kpi_id=kpi.pk).exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The formula is empty. Write one such as net_sales / baskets."),
        ("net_sales / baskts", "No KPI has the key “baskts” (column 13). Did you mean baskets?"),
        ("(net_sales", "The bracket opened in column 1 is never closed."),
        ("result * 2", "These KPIs would depend on themselves: result -> result. A formula takes other KPIs only "
         "(column 1)."),
        ("prev(result) + 1", "These KPIs would depend on themselves: result -> result. A formula takes other KPIs only "
         "(column 6)."),
    ],
)  # fmt: skip
def test_what_cannot_be_computed_is_refused_with_its_place(
    as_alice: Actor, shop: dict[str, Kpi], text: str, said: str
) -> None:
    assert refused(as_alice, text) == said


def test_a_cycle_through_formulas_is_refused_with_its_path(as_alice: Actor, shop: dict[str, Kpi]) -> None:
    formula(as_alice, "basket", "net_sales / baskets")
    formula(as_alice, "doubled", "basket * 2")
    with pytest.raises(ValidationError, match="themselves: baskets -> doubled -> basket -> baskets"):
        update_kpi(as_alice, shop["baskets"], now=NOW, source="formula", formula="doubled + 1")
    assert Kpi.objects.get(key="baskets").source == "measured"


def test_a_cycle_through_the_ladder_is_refused_from_both_sides(as_alice: Actor, acme: Organization) -> None:
    total = make_kpi(acme, "total", source="rollup", rollup="sum")
    share = formula(as_alice, "share", "total / 2")
    with pytest.raises(ValidationError, match="share -> total -> share"):
        set_parents(as_alice, share, [LinkSpec(total)], now=NOW)
    part = make_kpi(acme, "part")
    set_parents(as_alice, part, [LinkSpec(total)], now=NOW)
    with pytest.raises(ValidationError, match="part -> total -> part"):
        update_kpi(as_alice, part, now=NOW, source="formula", formula="total / 3")


def test_what_ladders_up_to_it_may_be_asked_for_by_its_own_key(as_alice: Actor) -> None:
    kpi = formula(as_alice, "profit", "children_sum(profit) - children_mean()")
    assert KpiOperand.objects.filter(kpi=kpi, operand=kpi, is_parent=True).count() == 1


def test_a_coarser_operand_is_refused_unless_it_stays_valid(as_alice: Actor, acme: Organization) -> None:
    survey = make_kpi(acme, "survey", frequency="yearly", aggregation="last")
    assert refused(as_alice, "survey * 2") == (
        "“survey” is yearly and “result” monthly. A formula takes a coarser value only where it stays valid: let "
        "“survey” carry its last value forward, or compute this yearly (column 1)."
    )
    update_kpi(as_alice, survey, now=NOW, carry_forward=1)
    assert formula(as_alice, "result", "survey * 2").key == "result"


def test_currencies_are_not_mixed(as_alice: Actor, acme: Organization, shop: dict[str, Kpi]) -> None:
    make_kpi(acme, "abroad", unit="currency:USD")
    assert refused(as_alice, "net_sales + abroad") == (
        "In column 11 currency:EUR and currency:USD are added; amounts need one currency, so convert one first."
    )
    assert formula(as_alice, "ratio", "net_sales / abroad", unit="ratio").key == "ratio"


def test_everything_wrong_is_said_even_where_the_frequency_is_none(as_alice: Actor) -> None:
    with pytest.raises(ValidationError) as raised:
        formula(as_alice, "result", "stranger", frequency="hourly", unit="euro")
    assert set(raised.value.message_dict) == {"formula", "frequency", "unit"}


# What formulas hold in place


def test_what_a_formula_uses_is_not_purged(as_alice: Actor, shop: dict[str, Kpi]) -> None:
    formula(as_alice, "basket", "net_sales / baskets")
    with pytest.raises(ConflictError, match="“Baskets” cannot be removed"):
        purge_kpi(as_alice, shop["baskets"], now=NOW)
    assert Kpi.objects.filter(key="baskets").exists()


def test_an_operand_does_not_become_coarser_than_the_formula(as_alice: Actor, shop: dict[str, Kpi]) -> None:
    formula(as_alice, "basket", "net_sales / baskets")
    with pytest.raises(ValidationError) as raised:
        update_kpi(as_alice, shop["baskets"], now=NOW, frequency="quarterly")
    assert raised.value.message_dict["frequency"][0].startswith(
        "“Basket” is computed from it, and: “baskets” is quarterly and “basket” monthly."
    )
    assert update_kpi(as_alice, shop["baskets"], now=NOW, frequency="daily").frequency == "daily"


def test_an_operand_keeps_its_currency_while_a_formula_adds_it(as_alice: Actor, acme: Organization) -> None:
    north, _ = make_kpi(acme, "north", unit="currency:EUR"), make_kpi(acme, "south", unit="currency:EUR")
    formula(as_alice, "both", "north + south", unit="currency:EUR")
    with pytest.raises(ValidationError) as raised:
        update_kpi(as_alice, north, now=NOW, unit="currency:USD")
    assert raised.value.message_dict == {
        "unit": [
            "“Both” is computed from it, and: In column 7 currency:USD and currency:EUR are added; amounts need one "
            "currency, so convert one first."
        ]
    }


def test_what_was_wrong_before_does_not_hold_back_other_changes(as_alice: Actor, acme: Organization) -> None:
    north = make_kpi(acme, "north", unit="currency:EUR")
    south = make_kpi(acme, "south", unit="currency:EUR")
    formula(as_alice, "both", "north + south", unit="currency:EUR")
    Kpi.objects.filter(pk=south.pk).update(unit="currency:USD")
    assert update_kpi(as_alice, north, now=NOW, aggregation="mean").aggregation == "mean"


def test_measured_values_are_not_hidden_by_a_formula(as_alice: Actor, acme: Organization, shop: dict[str, Kpi]) -> None:
    record(acme, shop["baskets"], {"2026-10-01": 40.0})
    with pytest.raises(ValidationError, match="“Baskets” holds 1 value of its own, which a formula would hide"):
        update_kpi(as_alice, shop["baskets"], now=NOW, source="formula", formula="net_sales / 10")


# How they follow


def test_formulas_follow_a_renamed_key(as_alice: Actor, shop: dict[str, Kpi]) -> None:
    formula(as_alice, "basket", "net_sales / baskets  + prev(baskets)")
    StaleMark.objects.all().delete()
    later = NOW + dt.timedelta(days=1)
    update_kpi(as_alice, shop["baskets"], now=later, key="receipts")
    basket = Kpi.objects.get(key="basket")
    assert basket.formula == "net_sales / receipts  + prev(receipts)"
    assert operands("basket") == {"net_sales", "receipts"}
    assert versions("basket") == [(basket.formula, True), ("net_sales / baskets  + prev(baskets)", False)]
    entry = AuditEntry.objects.get(action="kpi.changed", subject_id=basket.pk)
    assert entry.changes == {"formula": ["net_sales / baskets  + prev(baskets)", basket.formula]}
    assert StaleMark.objects.filter(kpi_id=basket.pk).exists()


def test_a_formula_follows_its_own_renamed_key(as_alice: Actor) -> None:
    kpi = formula(as_alice, "profit", "children_sum(profit) * 2")
    assert update_kpi(as_alice, kpi, now=NOW, key="margin").formula == "children_sum(margin) * 2"


def test_a_key_too_long_for_a_formula_is_refused_and_nothing_is_renamed(as_alice: Actor, shop: dict[str, Kpi]) -> None:
    text = " + ".join(["baskets"] * 90)
    formula(as_alice, "sum_of_all", text)
    with pytest.raises(ValidationError) as raised:
        update_kpi(as_alice, shop["baskets"], now=NOW, key="how_many_baskets_there_were_in_all_of_our_shops")
    assert raised.value.message_dict["key"][0].startswith("“Sum of all” is computed from it, and: ")


# Versions


def test_every_formula_ever_is_kept_with_who_and_when(as_alice: Actor, shop: dict[str, Kpi]) -> None:
    kpi = formula(as_alice, "basket", "net_sales / baskets")
    later = NOW + dt.timedelta(hours=1)
    update_kpi(as_alice, kpi, now=later, formula="net_sales / (baskets + 1)")
    update_kpi(as_alice, kpi, now=later, formula="net_sales / (baskets + 1)")
    newest, oldest = KpiVersion.objects.filter(kpi=kpi).newest_first()
    assert (newest.recorded_at, newest.member, newest.replaced_at) == (later, as_alice.member, None)
    assert (oldest.recorded_at, oldest.replaced_at) == (NOW, later)
    assert versions("basket") == [("net_sales / (baskets + 1)", True), ("net_sales / baskets", False)]


def test_a_kpi_that_is_measured_again_forgets_its_formula(as_alice: Actor, shop: dict[str, Kpi]) -> None:
    kpi = formula(as_alice, "basket", "net_sales / baskets")
    assert update_kpi(as_alice, kpi, now=NOW, source="measured").formula == ""
    assert operands("basket") == set()
