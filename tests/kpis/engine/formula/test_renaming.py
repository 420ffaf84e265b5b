"""Formulas follow a KPI whose key changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.engine.formula.parsing import FormulaError, parse
from kpis.engine.formula.renaming import renamed, with_keys
from kpis.engine.formula.syntax import names
from tests.kpis.engine.formula.writing import expressions, to_text
from tests.lots import examples


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mrr", "arr"),
        ("mrr / new_mrr + mrr2 - mrr", "arr / new_mrr + mrr2 - arr"),
        ("  growth( mrr )\n *2 ", "  growth( arr )\n *2 "),
        ("ytd(mrr)+children_sum(mrr)+mrr^-mrr", "ytd(arr)+children_sum(arr)+arr^-arr"),
        ("(((mrr)))", "(((arr)))"),
        ("prev(mrr,12) > 1e6", "prev(arr,12) > 1e6"),
        ("sales", "sales"),
        ("children_sum()", "children_sum()"),
    ],
)
def test_key_is_replaced_where_it_names_the_kpi(text, expected):
    assert renamed(text, "mrr", "arr") == expected


def test_longer_and_shorter_keys_keep_what_stands_around_them():
    assert renamed("a+b*a - a", "a", "net_sales") == "net_sales+b*net_sales - net_sales"
    assert renamed("net_sales / net_sales", "net_sales", "a") == "a / a"


@examples(100)
@given(expression=expressions(), gap=st.sampled_from(["", " "]), data=st.data())
def test_nothing_but_the_key_changes(expression, gap, data):
    text = to_text(expression, gap)
    old = data.draw(st.sampled_from([*sorted(names(expression)), "stranger"]))
    new = renamed(text, old, "brand_new_key")
    assert names(parse(new)) == {"brand_new_key" if key == old else key for key in names(expression)}
    assert renamed(new, "brand_new_key", old) == text


def test_text_that_is_no_formula_is_refused():
    with pytest.raises(FormulaError):
        renamed("mrr +", "mrr", "arr")


def test_two_keys_change_places():
    assert with_keys("a / (b - a)", {"a": "b", "b": "a"}) == "b / (a - b)"
