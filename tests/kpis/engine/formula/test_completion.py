"""What is offered while somebody types a formula."""

import pytest

from kpis.engine.formula.completion import Completion, completions

KEYS = {
    "gross_margin": "Gross margin",
    "net_sales": "Net sales",
    "sales_calls": "Sales calls",
    "growth_team": "Head count, growth",
    "cash": "Money in the bank after sales",
    "visits": "Visits",
}


def offered(typed, keys=KEYS, caret=None):
    return [each.title for each in completions(typed, len(typed) if caret is None else caret, keys)]


def test_keys_that_begin_so_come_before_functions_before_those_elsewhere_in_key_or_name():
    assert offered("gro") == ["gross_margin", "growth_team", "growth(x)"]
    assert offered("sales") == ["sales_calls", "cash", "net_sales"]
    assert offered("s")[:4] == ["sales_calls", "same_period_last_year(x)", "sqrt(x)", "cash"]


def test_key_is_offered_with_its_name():
    assert completions("2 * vis", 7, KEYS) == [Completion("visits", 4, 7, "visits", "Visits")]


def test_function_is_offered_with_its_signature_and_opens_its_bracket():
    [offer] = completions("1 + rolling_s", 13, KEYS)
    assert (offer.text, offer.start, offer.end, offer.is_function) == ("rolling_sum(", 4, 13, True)
    assert offer.title == "rolling_sum(x, n)"
    assert offer.explanation.startswith("The sum of x over")


def test_function_before_a_bracket_does_not_open_another():
    [offer] = completions("rolling_s(a, 3)", 9, {})
    assert (offer.text, offer.start, offer.end) == ("rolling_sum", 0, 9)


def test_word_around_the_caret_is_replaced_whole():
    [offer] = completions("max(visxyz, 1)", 7, KEYS)
    assert (offer.text, offer.start, offer.end) == ("visits", 4, 10)


def test_words_of_a_name_are_found():
    assert offered("head_c") == ["growth_team"]
    assert offered("money") == ["cash"]


def test_capitals_do_not_matter():
    assert offered("NET") == ["net_sales"]


@pytest.mark.parametrize("typed", ["", "a + ", "12", "1e", "1.5e", "max(", "2x", "_a", "größe", "a.b"])
def test_nothing_is_offered_where_no_word_is_typed(typed):
    assert completions(typed, len(typed), {"e1": "E", "x": "X", "a": "A", "b": "B"}) == []


@pytest.mark.parametrize("caret", [-3, 0, 400])
def test_caret_outside_the_text_is_at_its_nearer_end(caret):
    assert offered("vis", caret=caret) == (["visits"] if caret > 3 else [])


def test_at_most_eight_are_offered_in_alphabetical_order():
    many = {f"kpi_{number:02}": "K" for number in range(20, 0, -1)}
    assert offered("kpi", many) == [f"kpi_{number:02}" for number in range(1, 9)]
