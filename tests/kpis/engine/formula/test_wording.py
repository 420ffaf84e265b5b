"""Formulas read aloud."""

import pytest
from hypothesis import given

from kpis.engine.formula.parsing import parse
from kpis.engine.formula.syntax import Function
from kpis.engine.formula.wording import _PHRASES, in_words
from tests.kpis.engine.formula.writing import expressions
from tests.lots import examples

NAMES = {"net_sales": "Net sales", "baskets": "Baskets", "refunds": "Refunds", "mrr": "MRR"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("net_sales / baskets", "Net sales ÷ Baskets"),
        ("(net_sales - refunds) / net_sales", "(Net sales − Refunds) ÷ Net sales"),
        ("net_sales - (refunds - 1)", "Net sales − (Refunds − 1)"),
        ("net_sales - refunds - 1", "Net sales − Refunds − 1"),
        ("net_sales + (refunds + 1)", "Net sales + Refunds + 1"),
        ("net_sales / (refunds * 2)", "Net sales ÷ (Refunds × 2)"),
        ("2 ^ 3 ^ 2", "2 ^ 3 ^ 2"),
        ("(2 ^ 3) ^ 2", "(2 ^ 3) ^ 2"),
        ("-2 ^ 2", "−2 ^ 2"),
        ("(-2) ^ 2", "(−2) ^ 2"),
        ("not (mrr > 1500) or mrr == 0", "Not MRR > 1,500 or MRR = 0"),
        ("mrr - prev(mrr, 12)", "MRR − (MRR 12 periods before)"),
        ("prev(mrr)", "MRR one period before"),
        ("net_sales / same_period_last_year(net_sales) - 1", "Net sales ÷ (Net sales a year before) − 1"),
        ("rolling_sum(net_sales - refunds, 12)", "The sum of (Net sales − Refunds) over 12 periods"),
        ("if(baskets == 0, 0, net_sales / baskets)", "0 if (Baskets = 0), otherwise (Net sales ÷ Baskets)"),
        ("net_sales - coalesce(refunds, 0)", "Net sales − (Refunds, or where that is missing 0)"),
        ("children_sum() - mrr", "(the sum of what ladders up to it) − MRR"),
        ("round(net_sales / baskets, 2)", "(Net sales ÷ Baskets) rounded to 2 decimals"),
        ("1e6 * stranger", "1,000,000 × stranger"),
    ],
)
def test_formula_is_read_aloud_with_the_names_of_its_kpis(text, said):
    assert in_words(parse(text), NAMES) == said


def test_every_function_has_a_phrase():
    assert set(_PHRASES) == set(Function)


@examples(100)
@given(expression=expressions())
def test_any_formula_can_be_read_aloud_with_its_brackets_in_pairs(expression):
    said = in_words(expression, {})
    assert said.count("(") == said.count(")")
