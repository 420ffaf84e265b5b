"""How formulas are read: which operator binds what, and where each part stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.engine.formula.parsing import parse
from kpis.engine.formula.syntax import Binary, Call, Function, Name, Number, Unary, names, walk
from tests.kpis.engine.formula.writing import expressions, to_text
from tests.lots import examples

A, B, C = Name("a"), Name("b"), Name("c")
ONE, TWO, THREE = Number(1.0), Number(2.0), Number(3.0)


@examples(200)
@given(expression=expressions(), gap=st.sampled_from(["", " ", "\n\t"]))
def test_every_formula_reads_back_as_it_was_written(expression, gap):
    assert parse(to_text(expression, gap)) == expression


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a or b and c", "a or (b and c)"),
        ("a and b or c", "(a and b) or c"),
        ("not a and b", "(not a) and b"),
        ("not a == b", "not (a == b)"),
        ("not not a", "not (not a)"),
        ("a < b + c", "a < (b + c)"),
        ("a - b - c", "(a - b) - c"),
        ("a - b + c", "(a - b) + c"),
        ("a + b * c", "a + (b * c)"),
        ("a / b / c", "(a / b) / c"),
        ("a / b * c", "(a / b) * c"),
        ("a * b % c", "(a * b) % c"),
        ("-a * b", "(-a) * b"),
        ("a * -b", "a * (-b)"),
        ("a - -b", "a - (-b)"),
        ("-2 ^ 2", "-(2 ^ 2)"),
        ("2 ^ -1", "2 ^ (-1)"),
        ("2 ^ 3 ^ 2", "2 ^ (3 ^ 2)"),
        ("2 ^ -3 ^ 2", "2 ^ (-(3 ^ 2))"),
        ("-a ^ -b", "-(a ^ (-b))"),
        ("a*b^c", "a * (b ^ c)"),
        ("--a", "-(-a)"),
    ],
)
def test_precedence_is_that_of_mathematics(text, same):
    assert parse(text) == parse(same)


def test_minus_binds_weaker_than_a_power():
    assert parse("-2 ^ 2") == Unary("-", Binary("^", TWO, TWO))
    assert parse("(-2) ^ 2") == Binary("^", Unary("-", TWO), TWO)
    assert parse("2 ^ 3 ^ 2") == Binary("^", TWO, Binary("^", THREE, TWO))


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "^", "%", "==", "!=", "<", "<=", ">", ">=", "and", "or"])
def test_operator_joins_two_operands(operator):
    assert parse(f"a {operator} b") == Binary(operator, A, B)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1.0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e6", 1e6),
        ("2.5e-3", 0.0025),
        ("1e+2", 100.0),
        ("007", 7.0),
        ("0", 0.0),
    ],
)
def test_numbers(text, value):
    assert parse(text) == Number(value)


@pytest.mark.parametrize(
    "key", ["a", "android", "order", "nota", "iffy", "not_a", "e6", "x1", "mrr_2024", "if_", "prev2"]
)
def test_keys_may_begin_like_words(key):
    assert parse(key) == Name(key)


def test_what_counts_or_lags_is_kept_beside_the_arguments():
    assert parse("prev(a)") == parse("prev(a, 1)") == Call(Function.PREV, (A,), 1)
    assert parse("prev(a, 366)") == Call(Function.PREV, (A,), 366)
    assert parse("rolling_sum(a + b, 12)") == Call(Function.ROLLING_SUM, (Binary("+", A, B),), 12)
    assert parse("rolling_mean(a, 3)") == Call(Function.ROLLING_MEAN, (A,), 3)
    assert parse("round(a)") == Call(Function.ROUND, (A,), 0)
    assert parse("round(a, -12)") == Call(Function.ROUND, (A,), -12)


def test_other_functions_have_arguments_only():
    assert parse("if(a, b, c)") == Call(Function.IF, (A, B, C))
    assert parse("coalesce(a, b, 1)") == Call(Function.COALESCE, (A, B, ONE))
    assert parse("ytd(a)") == Call(Function.YTD, (A,))
    assert parse("children_sum()") == Call(Function.CHILDREN_SUM, ())
    assert parse("children_mean(a)") == Call(Function.CHILDREN_MEAN, (A,))


@pytest.mark.parametrize("function", Function)
def test_function_is_called_by_its_name(function):
    counts = {"if": "a, b, c", "coalesce": "a, b", "min": "a, b", "max": "a, b"}
    text = f"{function}({counts.get(function, 'a, 2' if function.startswith('rolling') else 'a')})"
    assert parse(text).function is function


def test_comma_without_space_separates_what_cannot_be_one_number():
    assert parse("if(a>0,1,0)") == parse("if(a > 0, 1, 0)")
    assert parse("max(a,0)") == parse("max(a, 0)")
    assert parse("min(x1,0)") == parse("min(x1, 0)")
    assert parse("max(0.5,5)") == parse("max(0.5, 5)")
    assert parse("max(5,.5)") == parse("max(5, .5)")
    assert parse("max(0,1.5)") == parse("max(0, 1.5)")
    assert parse("max(5,1e3)") == parse("max(5, 1e3)")
    assert parse("max(0,a)") == parse("max(0, a)")


def test_every_part_knows_the_column_of_its_own_token():
    comparison = parse("a * -bb >= (c)")
    assert [part.column for part in walk(comparison)] == [9, 3, 1, 5, 6, 13]
    total = parse("1 + growth(a)")
    assert [part.column for part in walk(total)] == [3, 1, 5, 12]


def test_columns_count_line_breaks():
    assert parse("a +\n  b").right.column == 7


def test_place_in_the_text_does_not_make_a_difference():
    assert parse("a+b") == parse("  a\n+ (b)")
    assert hash(parse("a+b")) == hash(parse("  a + b"))
    assert parse("a+b") != parse("b+a")


def test_names_are_all_keys_used():
    assert names(parse("growth(a) + ytd(b) * children_sum(c) + a - 1")) == {"a", "b", "c"}
    assert names(parse("children_sum() + 1")) == frozenset()


def test_walk_goes_from_left_to_right_parents_first():
    parts = [getattr(part, "key", None) or getattr(part, "operator", None) for part in walk(parse("a * (b - c)"))]
    assert parts == ["*", "a", "-", "b", "c"]
