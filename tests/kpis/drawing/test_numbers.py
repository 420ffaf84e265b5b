"""Values read as people write them."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kpis.drawing.numbers import is_improvement, show, show_axis, show_change
from kpis.drawing.scale import nice_ticks


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


@pytest.mark.parametrize(
    ("ticks", "unit", "decimals", "expected"),
    [
        ([60_000, 80_000, 100_000], "currency:USD", 2, ["$ 60 k", "$ 80 k", "$ 100 k"]),
        ([0, 20, 40], "currency:USD", 2, ["$ 0", "$ 20", "$ 40"]),
        ([0, 500, 1_000, 1_500], "number", 0, ["0", "500", "1.0 k", "1.5 k"]),
        ([1_200, 1_250, 1_300], "number", 0, ["1.20 k", "1.25 k", "1.30 k"]),
        ([1_200, 1_225, 1_250], "number", 0, ["1,200", "1,225", "1,250"]),
        ([99_500, 100_000, 100_500], "number", 0, ["99.5 k", "100.0 k", "100.5 k"]),
        ([31.5, 32, 32.5], "number", 0, ["31.5", "32.0", "32.5"]),
        ([0.27, 0.2702, 0.2704], "percent", 1, ["27.00 %", "27.02 %", "27.04 %"]),
        ([0.1, 0.1 + 0.1, 0.1 + 0.2], "ratio", 2, ["0.1", "0.2", "0.3"]),
        ([1, 1.5, 2], "duration:h", 0, ["1 h", "1 h 30 min", "2 h"]),
        ([93_600, 93_610, 93_620], "duration:s", 0, ["1 d 2 h", "1 d 2 h 10 s", "1 d 2 h 20 s"]),
        ([60, 60.5, 61], "duration:s", 0, ["60.0 s", "60.5 s", "61.0 s"]),
        ([1_000_000, 1_000_001], "custom:visits", 0, ["1,000,000 visits", "1,000,001 visits"]),
        ([-1_500, -1_250, -1_000], "number", 0, ["−1.50 k", "−1.25 k", "−1.00 k"]),
        ([5], "number", 0, ["5"]),
    ],
)
def test_an_axis_has_as_many_digits_as_it_takes_to_tell_its_values_apart(ticks, unit, decimals, expected):
    assert [plain(text) for text in show_axis(ticks, unit, decimals)] == expected


@given(
    low=st.floats(-1e9, 1e9),
    span=st.floats(1e-6, 1e9),
    unit=st.sampled_from(["number", "percent", "ratio", "currency:EUR", "custom:visits", "duration:s", "duration:h"]),
)
def test_no_two_labels_of_an_axis_are_the_same(low, span, unit):
    ticks = nice_ticks(low, low + span)
    assume(len(set(ticks)) == len(ticks) and ticks[1] - ticks[0] > 1e-9 * max(map(abs, ticks)))
    labels = show_axis(ticks, unit)
    assert len(set(labels)) == len(labels)
