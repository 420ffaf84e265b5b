import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from kpis.engine.signals import (
    Rule,
    Side,
    Signal,
    behaviour,
    moving_ranges,
    process_limits,
    seasonally_adjusted,
    signals,
)
from tests.kpis.engine.published import AIR_PASSENGERS

NAN = float("nan")
OUTSIDE, RUN, NEAR_LIMIT = Rule
# D. J. Wheeler, "Making sense of data", SPC Press 2003, as quoted in the tests of the library statprocon: page 382, the
# data set for verifying software; page 130, peak flow rates; table 8.1, high school seniors who smoke daily.
VERIFYING = [5045, 4350, 4350, 3975, 4290, 4430, 4485, 4285, 3980, 3925, 3645, 3760, 3300, 3685, 3463, 5200]
PEAK_FLOWS = [120, 140, 100, 150, 260, 150, 100, 120, 300, 300, 275, 300, 140, 170, 150, 150, 190, 180]
SMOKERS = [21.3, 20.2, 20.9, 21.0, 18.8, 19.6, 18.7, 18.6, 18.1, 18.9, 19.2, 18.2, 17.3, 19.0]
CALM = [10.0, 12.0] * 6  # centre 11, moving ranges 2, limits 5.68 and 16.32

SERIES = arrays.arrays(
    np.float64, st.tuples(st.integers(1, 4), st.integers(1, 40)), elements=st.floats(-1e6, 1e6) | st.just(NAN)
)


def marked(sides):
    """The columns that a rule marks, negative numbers counting from the start, too."""
    return {int(column): int(sides[column]) for column in np.flatnonzero(sides)}


def test_limits_of_wheelers_data_set_for_verifying_software():
    limits = process_limits(VERIFYING)
    assert np.nanmean(moving_ranges(VERIFYING)) == pytest.approx(355.93, abs=0.005)
    assert float(limits.centre) == 4135.50
    assert float(limits.lower) == pytest.approx(3188.72, abs=0.005)
    assert float(limits.upper) == pytest.approx(5082.28, abs=0.005)
    assert float(limits.range_limit) == pytest.approx(1163.19, abs=0.005)


def test_limits_of_the_nist_handbooks_flowrates():
    """NIST/SEMATECH e-Handbook of Statistical Methods, section 6.3.2.2; it does not round 3 / 1.128 to 2.66."""
    limits = process_limits([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    found = [float(line) for line in (limits.centre, limits.lower, limits.upper)]
    assert found == pytest.approx([50.81, 45.8159, 55.8041], abs=0.001)


def test_points_near_a_limit_in_wheelers_peak_flow_rates():
    limits = process_limits(PEAK_FLOWS)
    found = signals(PEAK_FLOWS, limits)
    assert [round(float(line), 1) for line in (limits.centre, limits.lower, limits.upper)] == [183.1, 43.8, 322.3]
    assert marked(found.near_limit) == {8: 1, 9: 1, 10: 1, 11: 1}
    assert found.at(10) == (Signal(NEAR_LIMIT, Side.ABOVE),)
    assert found.at(4) == ()


def test_run_about_the_centre_in_wheelers_smokers():
    assert marked(signals(SMOKERS, process_limits(SMOKERS)).run) == dict.fromkeys(range(6, 14), -1)


def test_point_outside_is_a_signal_and_one_on_the_limit_is_not():
    limits = process_limits(CALM)
    found = signals([5.68, 16.32, 16.4, 5.6, 11.0], limits)
    assert marked(found.outside) == {2: 1, 3: -1}
    assert found.at(2) == (Signal(OUTSIDE, Side.ABOVE),)
    assert found.any.tolist() == [False, False, True, True, False]


def test_eight_in_a_row_are_a_run_and_seven_are_not():
    limits = process_limits(CALM)
    assert marked(signals([10.0] + [11.5] * 7 + [10.0], limits).run) == {}
    assert marked(signals([10.0] + [11.5] * 8 + [10.0], limits).run) == dict.fromkeys(range(1, 9), 1)


def test_value_on_the_centre_ends_a_run_and_a_missing_one_does_not():
    limits = process_limits(CALM)
    assert marked(signals([11.5] * 4 + [11.0] + [11.5] * 4, limits).run) == {}
    assert marked(signals([11.5] * 4 + [NAN] + [11.5] * 4, limits).run) == {
        **dict.fromkeys([0, 1, 2, 3, 5, 6, 7, 8], 1)
    }


def test_three_of_four_near_a_limit_on_one_side_are_a_signal():
    limits = process_limits(CALM)  # halfway to the upper limit is 13.66
    assert marked(signals([10, 14, 10, 14, 14, 10], limits).near_limit) == {1: 1, 3: 1, 4: 1}
    assert marked(signals([10, 14, 10, 10, 14, 14, 10], limits).near_limit) == {}
    assert marked(signals([10, 14, 8, 14, 8, 14, 10], limits).near_limit) == {}
    assert marked(signals([10, 14, NAN, NAN, 14, 20, 10], limits).near_limit) == {1: 1, 4: 1, 5: 1}


def test_fewer_than_six_values_have_no_limits_and_no_signals():
    limits = process_limits([1.0, 2.0, 3.0, 4.0, NAN, 50.0])
    assert np.isnan([limits.centre, limits.lower, limits.upper, limits.range_limit]).all()
    assert not signals([1.0, 2.0, 3.0, 4.0, NAN, 50.0], limits).any.any()
    assert not np.isnan(process_limits([1.0, 2.0, 3.0, 4.0, 5.0, 50.0]).centre)


def test_moving_ranges_reach_across_missing_values():
    assert np.array_equal(moving_ranges([NAN, 3.0, NAN, NAN, 5.0, 4.0]), [NAN, NAN, NAN, NAN, 2.0, 1.0], equal_nan=True)
    limits = process_limits([3.0, NAN, 5.0, NAN, 4.0, 4.0, 6.0, NAN, 5.0])
    assert float(limits.range_limit) == pytest.approx(3.268 * (2 + 1 + 0 + 2 + 1) / 5)


def test_baseline_is_the_last_24_values_that_are_there():
    early, late = [1000.0] * 10, [10.0, 12.0] * 13
    limits = process_limits([*early, *late[:20], NAN, NAN, *late[20:]])
    assert (float(limits.centre), int(limits.begins)) == (11.0, 12)


def test_baseline_begins_where_the_process_changed():
    limits = process_limits([100.0, 104.0] * 4 + [10.0, 12.0] * 20, baseline_from=8)
    assert (float(limits.centre), int(limits.begins)) == (11.0, 8)
    assert np.isnan(process_limits([1.0, 2.0] * 10, baseline_from=15).centre)


def test_series_without_periods_or_values_have_no_limits():
    assert np.isnan(process_limits([]).centre)
    assert np.isnan(process_limits(np.full((2, 9), NAN)).centre).all()
    assert signals([], process_limits([])).any.shape == (0,)
    assert behaviour([], season_length=12).charted.shape == (0,)


@given(values=SERIES, factor=st.sampled_from([0.001, 0.5, 3.0, 1e5]), shift=st.floats(-1e6, 1e6))
def test_limits_scale_and_shift_with_the_values(values, factor, shift):
    one, other = process_limits(values), process_limits(values * factor + shift)
    for line in ("centre", "lower", "upper"):
        expected = getattr(one, line) * factor + shift
        np.testing.assert_allclose(getattr(other, line), expected, rtol=1e-9, atol=1e-6 * factor + 1e-7)
    np.testing.assert_allclose(other.range_limit, one.range_limit * factor, rtol=1e-6, atol=1e-6 * factor + 1e-7)


@given(values=SERIES)
def test_many_series_are_judged_as_one_at_a_time(values):
    limits = process_limits(values)
    together = signals(values, limits)
    for row, series in enumerate(values):
        alone = process_limits(series)
        assert all(getattr(limits, line)[row].tobytes() == getattr(alone, line).tobytes() for line in limits.__slots__)
        found = signals(series, alone)
        assert all(getattr(together, rule)[row].tobytes() == getattr(found, rule).tobytes() for rule in found.__slots__)


@given(values=SERIES)
def test_missing_values_are_never_signals_and_change_nothing_else(values):
    found = signals(values, process_limits(values))
    assert not found.any[np.isnan(values)].any()
    for row, series in enumerate(values):
        present = series[~np.isnan(series)]
        assert np.array_equal(found.any[row][~np.isnan(series)], signals(present, process_limits(present)).any)


@given(values=SERIES)
def test_turning_a_series_upside_down_turns_its_signals(values):
    one, other = signals(values, process_limits(values)), signals(-values, process_limits(-values))
    assert all(np.array_equal(getattr(one, rule), -getattr(other, rule)) for rule in one.__slots__)


@given(values=arrays.arrays(np.float64, st.integers(0, 40), elements=st.floats(allow_infinity=False)))
def test_numbers_of_any_size_have_limits_or_none(values):
    limits = process_limits(values)
    assert not np.isinf([limits.centre, limits.lower, limits.upper, limits.range_limit]).any()
    assert not signals(values, limits).any[np.isnan(values)].any()
    assert seasonally_adjusted(values, 4).values.shape == values.shape


@given(value=st.floats(-1e12, 1e12), periods=st.integers(6, 60))
def test_constant_series_has_no_signals(value, periods):
    limits = process_limits([value] * periods)
    assert float(limits.centre) == float(limits.upper) == float(limits.lower) == value
    assert not signals([value] * periods, limits).any.any()


def test_one_value_in_a_hundred_of_pure_noise_is_outside_at_most():
    noise = np.random.default_rng(4).normal(size=(2000, 24))
    found = signals(noise, process_limits(noise))
    assert 0.002 < np.mean(found.outside != 0) < 0.01


def test_seasonal_indices_of_air_passengers_are_those_of_r():
    """R: decompose(AirPassengers, type = "multiplicative")$figure."""
    adjusted = seasonally_adjusted(AIR_PASSENGERS, 12)
    indices = "0.9102304 0.8836253 1.0073663 0.9759060 0.9813780 1.1127758"
    assert bool(adjusted.is_multiplicative)
    assert adjusted.indices[:6] == pytest.approx([float(index) for index in indices.split()], abs=5e-8)
    np.testing.assert_allclose(adjusted.values * np.tile(adjusted.indices, 12), AIR_PASSENGERS)


def test_additive_indices_of_air_passengers_are_those_of_r():
    """R: decompose(AirPassengers)$figure; below zero nothing is multiplicative, and a shift changes nothing."""
    adjusted = seasonally_adjusted(AIR_PASSENGERS - 1000, 12)
    indices = "-24.748737 -36.188131 -2.241162 -8.036616 -4.506313 35.402778"
    more = "63.830808 62.823232 16.520202 -20.642677 -53.593434 -28.619949"
    assert not adjusted.is_multiplicative
    assert adjusted.indices == pytest.approx([float(index) for index in f"{indices} {more}".split()], abs=5e-7)
    np.testing.assert_allclose(adjusted.values + np.tile(adjusted.indices, 12), AIR_PASSENGERS - 1000)


def test_less_than_two_full_seasons_are_not_adjusted():
    adjusted = seasonally_adjusted([AIR_PASSENGERS[:23], [*AIR_PASSENGERS[:22], NAN]], 12)
    assert np.array_equal(adjusted.values[0], AIR_PASSENGERS[:23])
    assert np.isnan(adjusted.indices).all()
    assert not np.isnan(seasonally_adjusted(AIR_PASSENGERS[:24], 12).indices).any()
    with pytest.raises(ValueError, match="at least two"):
        seasonally_adjusted(AIR_PASSENGERS, 1)


@given(values=SERIES, length=st.sampled_from([4, 7, 12]))
def test_seasonal_adjustment_of_many_is_that_of_one_at_a_time(values, length):
    together = seasonally_adjusted(values, length)
    for row, series in enumerate(values):
        alone = seasonally_adjusted(series, length)
        assert together.values[row].tobytes() == alone.values.tobytes()
        assert together.indices[row].tobytes() == alone.indices.tobytes()
    assert np.array_equal(np.isnan(together.values), np.isnan(values))


def test_seasonal_series_is_charted_without_its_season_and_says_so():
    found = behaviour(AIR_PASSENGERS, season_length=12)
    assert found.is_adjusted
    assert np.array_equal(found.charted, seasonally_adjusted(AIR_PASSENGERS, 12).values)
    told = behaviour(AIR_PASSENGERS, season_length=12, is_seasonal=True)
    assert np.array_equal(told.charted, found.charted)
    assert not behaviour(AIR_PASSENGERS, season_length=12, is_seasonal=False).is_adjusted
    plain = behaviour(AIR_PASSENGERS, season_length=1)
    assert not plain.is_adjusted
    assert np.array_equal(plain.charted, AIR_PASSENGERS)


def test_one_bad_december_stands_out_once_the_season_is_gone():
    values = 100 + 30 * np.cos(np.arange(60) * np.pi / 6) + np.random.default_rng(1).normal(size=60)
    values[54] += 20  # still below every January
    found = behaviour(values, season_length=12)
    assert Signal(OUTSIDE, Side.ABOVE) in found.at(54)
    assert not found.signals.outside[48:54].any()


def test_chart_has_limits_over_its_baseline_only():
    found = behaviour([50.0] * 20 + [10.0, 12.0] * 12, season_length=1)
    assert np.isnan(found.centre[:20]).all()
    assert (found.centre[20:] == 11).all()
    assert not found.signals.any.any()
    assert found.ranges[20] == 40


def test_recorded_change_begins_new_limits():
    wobble = np.tile([0.0, 1.0, -1.0, 0.5, -0.5], 8)
    shifted = wobble + np.where(np.arange(40) < 20, 0, 6)
    assert behaviour(shifted, season_length=1).signals.outside.any()
    found = behaviour(shifted, season_length=1, change_points=[20])
    assert not found.signals.any.any()
    assert found.centre[0] == pytest.approx(0)
    assert found.centre[39] == pytest.approx(6)
    assert np.isnan(found.ranges[20])


def test_too_few_values_since_a_change_have_no_limits():
    found = behaviour([10.0, 12.0] * 6 + [20.0, 22.0], season_length=1, change_points=[12, 0, 99])
    assert (found.centre[:12] == 11).all()
    assert np.isnan(found.centre[12:]).all()
    assert not found.signals.any.any()


@given(values=SERIES, changes=st.lists(st.integers(-2, 45), max_size=3))
def test_chart_of_anything_is_as_long_as_the_series(values, changes):
    assume(values.shape[1])
    found = behaviour(values[0], season_length=4, change_points=changes)
    lines = (found.charted, found.centre, found.lower, found.upper, found.ranges, found.range_limit)
    assert {len(line) for line in lines} == {values.shape[1]}
    assert np.array_equal(np.isnan(found.charted), np.isnan(values[0]))
    assert not found.signals.any[np.isnan(found.centre)].any()
