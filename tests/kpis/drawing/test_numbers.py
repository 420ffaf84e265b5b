"""Values read as people write them."""

import pytest

from kpis.drawing.numbers import is_improvement, show, show_change


def plain(text) -> str:
    return str(text).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "expected"),
    [
        (401_204, "currency:EUR", 0, "€ 401,204"),
        (401_204, "currency:EUR", None, "€ 401,204.00"),
        (-14_000, "currency:EUR", 0, "−€ 14,000"),
        (12_345, "currency:JPY", None, "¥ 12,345"),
        (7.5, "currency:CHF", None, "CHF 7.50"),
        (0.125, "percent", None, "12.5 %"),
        (-0.031, "percent", None, "−3.1 %"),
        (0.42, "ratio", None, "0.42"),
        (95, "duration:min", None, "95 min"),
        (5_400, "duration:s", None, "5,400 s"),
        (1_250, "custom:visits", None, "1,250 visits"),
        (0, "number", None, "0"),
        (None, "currency:EUR", None, "–"),
        (float("nan"), "number", None, "–"),
    ],
)
def test_a_value_is_shown_in_full_with_its_unit(value, unit, decimals, expected):
    assert plain(show(value, unit, decimals)) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (401_204, "currency:EUR", "€ 401 k"),
        (-14_000, "currency:EUR", "−€ 14 k"),
        (2_130, "currency:EUR", "€ 2.1 k"),
        (999.4, "number", "999"),
        (999_600, "number", "1 M"),
        (1_500_000, "number", "1.5 M"),
        (2_000_000_000, "number", "2 bn"),
        (123_456, "custom:visits", "123 k visits"),
        (5_400, "duration:s", "1 h 30 min"),
        (95, "duration:min", "1 h 35 min"),
        (59, "duration:s", "59 s"),
        (36, "duration:h", "1 d 12 h"),
        (0.125, "percent", "12.5 %"),
    ],
)
def test_a_value_is_shown_short(value, unit, expected):
    assert plain(show(value, unit, short=True)) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (2.675, 2, "2.68"),
        (1.005, 2, "1.01"),
        (-0.4, 0, "0"),
    ],
)
def test_halves_are_rounded_away_from_zero(value, decimals, expected):
    assert plain(show(value, "number", decimals)) == expected


@pytest.mark.parametrize(
    ("value", "base", "unit", "expected"),
    [
        (107.3, 100, "number", "+7.3 %"),
        (95, 100, "currency:EUR", "−5.0 %"),
        (100, 100, "number", "0.0 %"),
        (0.52, 0.5, "percent", "+2.0 points"),
        (0.5, 0.52, "percent", "−2.0 points"),
        (1.2, 1.0, "ratio", "+0.20"),
        (-5_000, 3_000, "currency:EUR", "−€ 8 k"),
        (14_000, 0, "currency:EUR", "+€ 14 k"),
        (None, 100, "number", ""),
        (100, None, "number", ""),
    ],
)
def test_a_change_is_relative_where_that_means_something(value, base, unit, expected):
    assert plain(show_change(value, base, unit)) == expected


def test_a_change_is_judged_by_the_direction_not_by_its_sign():
    assert is_improvement(2, 1, "increase") is True
    assert is_improvement(2, 1, "decrease") is False
    assert is_improvement(1, 1, "increase") is None
    assert is_improvement(2, 1, "between") is None


def test_an_unknown_unit_is_refused_with_those_that_exist():
    with pytest.raises(ValueError, match=r"Unknown unit 'duration:weeks'; use number, percent"):
        show(1, "duration:weeks")


def test_a_custom_unit_is_escaped_in_html_and_quieter_than_the_figure():
    html = show(3, "custom:<b>visits</b>").as_html()
    assert html == '<span class="value">3\u00a0<span class="unit">&lt;b&gt;visits&lt;/b&gt;</span></span>'


def test_no_value_however_large_or_small_fails():
    for value in (1e308, -1e308, 5e-324, float("inf"), 10**30):
        for unit in ("number", "percent", "currency:EUR", "duration:s"):
            assert str(show(value, unit))
            assert str(show(value, unit, short=True))
