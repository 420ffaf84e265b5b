"""What formulas mean in their organization: names that exist, units that fit."""

import pytest

from kpis.engine.formula.checking import UnitHint, check_names, unit_of
from kpis.engine.formula.parsing import FormulaError, parse
from kpis.engine.units import Unit

EUR, USD = "currency:EUR", "currency:USD"
UNITS = {
    **dict.fromkeys("revenue profit sales mrr new_mrr churned_mrr refunds".split(), EUR),
    "us_sales": USD,
    **dict.fromkeys("customers visits baskets promoters detractors answers x".split(), "number"),
    **dict.fromkeys("conversion_rate returns_rate".split(), "percent"),
    "quick_ratio": "ratio",
    "hours": "duration:h",
    "minutes": "duration:min",
    "tickets": "custom:tickets",
    "seats": "custom:seats",
}


def hint(text):
    return unit_of(parse(text), UNITS)


def warnings(text):
    return [(warning.detail, warning.column, warning.is_error) for warning in hint(text).warnings]


def test_known_names_pass():
    check_names(parse("growth(revenue) + ytd(sales) - 1"), UNITS)
    check_names(parse("children_sum() + 1"), [])


@pytest.mark.parametrize(
    ("text", "column", "name", "guess"),
    [
        ("2 * reveneu", 5, "reveneu", "did you mean revenue?"),
        ("growth(new_mr)", 8, "new_mr", "did you mean new_mrr?"),
        ("ytd(custmers) + nothing_like_it", 5, "custmers", "did you mean customers?"),
        ("zzz + custmers", 1, "zzz", None),
        ("b2 ^ -prev(revenue, 3) + a1", 1, "b2", None),
    ],
)
def test_first_unknown_name_is_refused_with_a_hint(text, column, name, guess):
    with pytest.raises(FormulaError, match=f"No KPI has the key “{name}”.") as caught:
        check_names(parse(text), UNITS)
    assert (caught.value.code, caught.value.column, caught.value.hint) == ("unknown_name", column, guess)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("revenue", EUR),
        ("revenue / customers", EUR),
        ("profit / revenue", "ratio"),
        ("(new_mrr - churned_mrr) / prev(mrr)", "ratio"),
        ("growth(x)", "percent"),
        ("growth(revenue)", "percent"),
        ("change(revenue)", EUR),
        ("visits * conversion_rate", "number"),
        ("revenue * conversion_rate", EUR),
        ("conversion_rate * 2", "percent"),
        ("if(baskets == 0, 0, sales / baskets)", EUR),
        ("ytd(sales) / 12", EUR),
        ("rolling_sum(sales, 12)", EUR),
        ("1 - returns_rate", "percent"),
        ("1 - refunds / sales", "ratio"),
        ("(promoters - detractors) / answers * 100", "number"),
        ("100 - conversion_rate * 100", "number"),
        ("sales - coalesce(refunds, 0)", EUR),
        ("sales - 1000", EUR),
        ("-sales", EUR),
        ("max(sales - refunds, 0)", EUR),
        ("round(sales / baskets, 2)", EUR),
        ("sales / same_period_last_year(sales) - 1", "ratio"),
        ("(mrr / prev(mrr, 12)) ^ (1 / 12) - 1", "ratio"),
        ("growth(x) + conversion_rate", "percent"),
        ("quick_ratio > 4", "number"),
        ("conversion_rate > 0.02 and x > 1", "number"),
        ("not revenue", "number"),
        ("visits / customers", "ratio"),
        ("tickets / customers", "custom:tickets"),
        ("revenue / tickets", EUR),
        ("hours / tickets", "duration:h"),
        ("sqrt(x)", "number"),
        ("1.05 ^ x", "number"),
        ("12", "number"),
        ("2 * 3 % 4", "number"),
        ("x % 7", "number"),
        ("100 % x", "number"),
        ("1 / conversion_rate", "number"),
        ("children_sum(revenue)", EUR),
        ("unknown + revenue", EUR),
        # What cannot be told
        ("unknown", None),
        ("unknown * revenue", None),
        ("children_sum()", None),
        ("revenue * profit", None),
        ("revenue / hours", None),
        ("customers / revenue", None),
        ("tickets / seats", None),
        ("sqrt(revenue)", None),
        ("revenue ^ 2", None),
        ("us_sales / revenue", None),
    ],
)
def test_unit_of_ordinary_formulas_is_told_without_warning(text, unit):
    assert hint(text) == UnitHint(unit)
    assert unit is None or str(Unit.parse(unit)) == unit


@pytest.mark.parametrize(
    ("text", "detail", "column"),
    [
        ("revenue + customers", "In column 9 currency:EUR and number are added", 9),
        ("customers - revenue", "In column 11 number and currency:EUR are subtracted", 11),
        ("2 * (revenue > customers)", "In column 14 currency:EUR and number are compared", 14),
        ("hours + minutes", "In column 7 duration:h and duration:min are added", 7),
        ("visits + conversion_rate", "In column 8 number and percent are added", 8),
        ("tickets + seats", "In column 9 custom:tickets and custom:seats are added", 9),
        ("if(x, revenue, customers)", "In column 1 currency:EUR and number are alternatives of if", 1),
        ("max(1, revenue, x)", "In column 1 currency:EUR and number are alternatives of max", 1),
    ],
)
def test_mixed_units_are_warned_about_with_both_named(text, detail, column):
    assert warnings(text) == [(f"{detail}; that makes sense only in one unit.", column, False)]


@pytest.mark.parametrize(
    ("text", "what"),
    [("sales + us_sales", "added"), ("sales - us_sales", "subtracted"), ("sales < us_sales", "compared")],
)
def test_two_currencies_together_are_an_error(text, what):
    detail = f"In column 7 {EUR} and {USD} are {what}; amounts need one currency, so convert one first."
    assert warnings(text) == [(detail, 7, True)]


@pytest.mark.parametrize(
    ("text", "column", "points", "fraction"),
    [
        ("100 - returns_rate", 5, "100", "1"),
        ("returns_rate > 5", 14, "5", "0.05"),
        ("min(growth(x), 20)", 1, "20", "0.2"),
    ],
)
def test_percent_points_beside_a_percentage_are_warned_about(text, column, points, fraction):
    detail = (
        f"In column {column} a percentage meets the number {points}; percentages are fractions, "
        f"so {points} % is written {fraction}."
    )
    assert warnings(text) == [(detail, column, False)]


def test_every_mixture_is_named_once():
    assert [column for _, column, _ in warnings("(revenue + x) * 2 + (sales + us_sales) + profit")] == [10, 28]
