"""Single numbers, and the decimal sign of all of them."""

import pytest

from kpis.paste.numbers import Decimals, decimal_sign, is_missing, read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.50", 1234.5),
        ("1 234.5", 1234.5),
        ("1’234.5", 1234.5),
        ("12,34,567", 1234567.0),
        ("(12.5)", -12.5),
        ("($ 1,200)", -1200.0),
        ("-€ 3", -3.0),
        ("€ -3", -3.0),
        ("3-", -3.0),
        ("−3", -3.0),
        ("+3", 3.0),
        (".5", 0.5),
        ("0", 0.0),
        ("-0", 0.0),
        ("R$ 12", 12.0),
        ("1200 USD", 1200.0),
        ("12 kr", 12.0),
    ],
)
def test_a_number_is_read_as_it_is_written(text: str, value: float) -> None:
    assert read_number(text, Decimals.POINT).value == value


@pytest.mark.parametrize(
    "text", ["abc", "12k", "1.2.3", "12 34", "1,23.4", "--3", "(-3)", "(3", "1e5", "1_000", "9" * 101, "= 3", "3 of 4"]
)
def test_what_is_not_one_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        read_number(text, Decimals.POINT)


def test_a_percent_sign_is_kept_beside_the_number() -> None:
    number = read_number("12,5 %", Decimals.COMMA)

    assert (number.value, number.is_percent) == (12.5, True)


@pytest.mark.parametrize("text", ["", " ", "-", "–", "n/a", "#N/A", "NULL"])
def test_a_blank_cell_is_missing_and_never_zero(text: str) -> None:
    assert is_missing(text)


def test_zero_is_not_missing() -> None:
    assert not is_missing("0")


@pytest.mark.parametrize(
    ("texts", "sign", "is_certain"),
    [
        (["1,234", "12.5"], Decimals.POINT, True),
        (["1.234", "12,5"], Decimals.COMMA, True),
        (["1,234", "5,678"], Decimals.POINT, False),
        (["1.234", "5.678"], Decimals.COMMA, False),
        (["0.125"], Decimals.POINT, True),
        (["1.234.567"], Decimals.COMMA, True),
        (["12", "13"], Decimals.POINT, True),
        (["1 234,5"], Decimals.COMMA, True),
    ],
)
def test_all_cells_together_decide_the_decimal_sign(texts: list[str], sign: Decimals, is_certain: bool) -> None:
    found = decimal_sign(texts)

    assert (found.decimals, found.is_certain) == (sign, is_certain)
