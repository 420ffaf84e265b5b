import math
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from kpis.engine.definitions import Direction
from kpis.engine.forecast import Forecast, Model, Refused, forecast, probability, season_length
from kpis.engine.periods import Frequency
from tests.kpis.engine.published import AIR_PASSENGERS

NAN = float("nan")
UP, DOWN, BETWEEN = Direction.INCREASE, Direction.DECREASE, Direction.BETWEEN
MONTHS = np.arange(72)
SEASON = np.round(20 * np.sin(MONTHS * np.pi / 6))
SERIES = arrays.arrays(
    np.float64, st.tuples(st.integers(1, 4), st.integers(1, 60)), elements=st.floats(-1e6, 1e6) | st.just(NAN)
)


def model(found):
    return Model(int(found.model))


def refused(found):
    return Refused(int(found.refused))


def noise(*shape, seed=1, size=1.0):
    return np.random.default_rng(seed).normal(scale=size, size=shape)


def test_last_year_of_air_passengers_is_forecast_from_the_eleven_before():
    found = forecast(AIR_PASSENGERS[:132], season_length=12, horizon=12)
    actual = AIR_PASSENGERS[132:]
    assert model(found) is Model.HOLT_WINTERS_MULTIPLICATIVE
    assert bool(found.is_offered)
    assert bool(found.is_seasonal)
    assert np.abs(found.mean / actual - 1).mean() < 0.04
    assert np.mean((found.low <= actual) & (actual <= found.high)) >= 0.8


def test_backtest_tells_how_much_better_than_repeating_the_last_value():
    found = forecast(AIR_PASSENGERS, season_length=12, horizon=1)
    errors = [
        abs(AIR_PASSENGERS[origin + lead] - AIR_PASSENGERS[origin])
        for origin in range(107, 143)
        for lead in (1, 2, 3)
        if origin + lead < 144
    ]
    assert float(found.naive_error) == pytest.approx(np.mean(errors))
    assert float(found.error) < 0.35 * float(found.naive_error)


@pytest.mark.parametrize(
    ("values", "models"),
    [
        (100 + 3.0 * MONTHS, {Model.DRIFT}),
        (100 + noise(72, size=5), {Model.DAMPED_HOLT}),
        (100 + np.cumsum(np.cumsum(noise(72, size=3))), {Model.DAMPED_HOLT, Model.HOLT}),
        (100 + SEASON, {Model.SEASONAL_NAIVE}),
        (100 + MONTHS + SEASON, {Model.SEASONAL_DRIFT}),
        (
            500 + MONTHS + 90 * np.sin(MONTHS * np.pi / 6) + noise(72, size=15),
            {Model.HOLT_WINTERS_ADDITIVE, Model.SEASONAL_DRIFT},
        ),
    ],
)
def test_model_fits_the_kind_of_series(values, models):
    found = forecast(values, season_length=12, horizon=6)
    assert model(found) in models
    assert bool(found.is_seasonal) is any("season" in one.code or "winters" in one.code for one in models)


def test_line_goes_on_as_a_line():
    found = forecast(100 + 3.0 * MONTHS, season_length=12, horizon=3)
    assert found.mean == pytest.approx([316, 319, 322])
    assert found.spread == pytest.approx([0, 0, 0], abs=1e-9)


@given(value=st.floats(-1e12, 1e12), periods=st.integers(12, 50), length=st.sampled_from([1, 4, 7, 12]))
def test_constant_series_is_forecast_as_it_is(value, periods, length):
    found = forecast([value] * periods, season_length=length, horizon=4)
    assert bool(found.is_offered)
    assert not found.is_seasonal
    for line in (found.mean, found.low, found.high):
        assert line.tolist() == [value] * 4


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([], Refused.TOO_SHORT),
        ([NAN] * 30, Refused.TOO_SHORT),
        (list(range(11)), Refused.TOO_SHORT),
        ([1.0, NAN, NAN] * 14, Refused.TOO_SPARSE),
        ([*range(40), *[NAN] * 7], Refused.OUTDATED),
    ],
)
def test_too_little_is_not_forecast(values, reason):
    found = forecast(values, season_length=12, horizon=3)
    assert refused(found) is reason
    assert model(found) is Model.NONE
    assert np.isnan([found.mean, found.low, found.high, found.spread]).all()
    assert np.isnan([found.error, found.naive_error]).all()


def test_forecast_worse_than_the_last_value_is_not_offered():
    steps = np.repeat([10.0, 30.0, 20.0, 50.0, 40.0, 15.0], 9)
    found = forecast(steps, season_length=1, horizon=3)
    assert refused(found) is Refused.WORSE_THAN_NAIVE
    assert refused(found).code == "worse_than_naive"
    assert float(found.error) > float(found.naive_error)
    assert np.isnan(found.mean).all()


def test_seasonal_model_needs_two_full_seasons():
    season = 100 + SEASON
    assert model(forecast(season[:23], season_length=12, horizon=3)) in (Model.DRIFT, Model.DAMPED_HOLT, Model.HOLT)
    found = forecast(season[:24], season_length=12, horizon=3)
    assert model(found) is Model.SEASONAL_NAIVE
    assert found.mean == pytest.approx(season[24:27])


def test_forecast_reaches_as_far_as_half_of_the_history():
    found = forecast(100 + 3.0 * np.arange(13), season_length=1, horizon=9)
    assert np.isnan(found.mean).tolist() == [False] * 6 + [True] * 3
    assert np.array_equal(np.isnan(found.mean), np.isnan(found.spread))


def test_missing_values_are_stepped_over():
    values = 100 + 3.0 * MONTHS
    values[[5, 20, 40, 41, 60]] = NAN
    assert forecast(values, season_length=12, horizon=3).mean == pytest.approx([316, 319, 322])


def test_what_is_missing_before_the_first_value_changes_nothing():
    one = forecast(AIR_PASSENGERS[:50], season_length=12, horizon=6)
    other = forecast(np.concatenate([[NAN] * 13, AIR_PASSENGERS[:50]]), season_length=12, horizon=6)
    assert one.mean.tobytes() == other.mean.tobytes()
    assert one.spread.tobytes() == other.spread.tobytes()


def test_forecast_reaches_across_what_is_missing_at_the_end():
    late = forecast(np.concatenate([AIR_PASSENGERS[:100], [NAN] * 2]), season_length=12, horizon=4)
    in_time = forecast(AIR_PASSENGERS[:100], season_length=12, horizon=6)
    assert late.mean.tobytes() == in_time.mean[2:].tobytes()
    assert late.high.tobytes() == in_time.high[2:].tobytes()


def test_only_recent_history_counts():
    long = np.concatenate([noise(300, size=1e6), AIR_PASSENGERS[-120:]])
    one, other = (forecast(values, season_length=12, horizon=3) for values in (long, AIR_PASSENGERS[-120:]))
    assert one.mean.tobytes() == other.mean.tobytes()


def test_horizon_and_season_are_at_least_one_period():
    for arguments in ({"season_length": 12, "horizon": 0}, {"season_length": 0, "horizon": 1}):
        with pytest.raises(ValueError, match="at least one"):
            forecast(AIR_PASSENGERS, **arguments)


@given(values=SERIES, length=st.sampled_from([1, 4, 7, 12]), seed=st.integers(0, 99))
def test_many_series_are_forecast_as_one_at_a_time_in_any_order(values, length, seed):
    order = np.random.default_rng(seed).permutation(len(values))
    together = forecast(values, season_length=length, horizon=5)
    shuffled = forecast(values[order], season_length=length, horizon=5)
    for place, row in enumerate(order):
        alone = forecast(values[row], season_length=length, horizon=5)
        for field in fields(Forecast):
            expected = getattr(alone, field.name).tobytes()
            assert getattr(together, field.name)[row].tobytes() == expected
            assert getattr(shuffled, field.name)[place].tobytes() == expected


@given(values=SERIES, length=st.sampled_from([1, 4, 12]))
def test_what_is_offered_is_a_number_and_nothing_else_is(values, length):
    found = forecast(values, season_length=length, horizon=5)
    offered = found.is_offered
    assert np.isnan(found.mean[~offered]).all()
    assert np.isfinite(found.mean[offered, 0]).all()
    assert np.array_equal(np.isnan(found.mean), np.isnan(found.low) | np.isnan(found.high) | np.isnan(found.spread))
    assert (found.error[offered] <= found.naive_error[offered] * (1 + 1e-9)).all()
    counts = np.count_nonzero(~np.isnan(values), axis=1)
    assert (found.refused[counts < 12] == Refused.TOO_SHORT).all()
    ordered = found.low[offered] <= found.high[offered]
    assert (ordered | np.isnan(found.low[offered])).all()


@given(values=SERIES, power=st.integers(-20, 20))
def test_forecasts_scale_with_the_values(values, power):
    factor = 2.0**power
    one = forecast(values, season_length=4, horizon=3)
    other = forecast(values * factor, season_length=4, horizon=3)
    assert (one.mean * factor).tobytes() == other.mean.tobytes()
    assert (one.spread * factor).tobytes() == other.spread.tobytes()
    assert np.array_equal(one.model, other.model)


@given(values=arrays.arrays(np.float64, st.tuples(st.just(3), st.integers(20, 60)), elements=st.floats(-1e6, 1e6)))
def test_intervals_widen_with_the_horizon(values):
    found = forecast(values, season_length=4, horizon=10)
    is_absolute = found.model != Model.HOLT_WINTERS_MULTIPLICATIVE
    widths = found.spread[is_absolute & found.is_offered]
    assert (np.diff(widths, axis=1) >= -1e-12 * widths[:, 1:]).all()


@given(
    values=arrays.arrays(
        np.float64, st.integers(0, 40), elements=st.floats(allow_infinity=False) | st.sampled_from([-1e308, 0.0, 1e308])
    ),
    length=st.sampled_from([1, 4, 7]),
)
def test_numbers_of_any_size_give_numbers_or_nothing(values, length):
    found = forecast(values, season_length=length, horizon=3)
    assert not np.isinf([found.mean, found.low, found.high, found.spread]).any()


def test_huge_and_tiny_numbers_neither_overflow_nor_vanish():
    values = AIR_PASSENGERS / 700
    plain = forecast(values, season_length=12, horizon=3)
    for factor in (2.0**1020, 2.0**-1000):
        scaled = forecast(values * factor, season_length=12, horizon=3)
        assert scaled.mean == pytest.approx(plain.mean * factor)


@pytest.mark.parametrize(
    "values",
    [
        100 + noise(300, 72, size=5),
        100 + noise(300, 72, size=5) + MONTHS * np.linspace(-1, 3, 300)[:, None],
        300 + MONTHS + 60 * np.sin(MONTHS * np.pi / 6 + np.arange(300)[:, None]) + noise(300, 72, size=10),
        1000 + np.cumsum(noise(300, 72, size=3), axis=1) + noise(300, 72, seed=2, size=5),
    ],
    ids=["noise", "trend", "season", "wandering level"],
)
def test_four_of_five_values_fall_into_the_interval(values):
    found = forecast(values[:, :60], season_length=12, horizon=12)
    actual = values[found.is_offered, 60:]
    inside = (found.low[found.is_offered] <= actual) & (actual <= found.high[found.is_offered])
    assert 0.72 <= inside.mean() <= 0.88


def test_walk_at_random_is_rarely_said_to_be_predictable():
    walks = np.cumsum(noise(200, 100), axis=1)
    found = forecast(walks, season_length=12, horizon=1)
    assert np.mean(found.is_offered) < 0.5
    assert np.mean(found.is_seasonal) < 0.02


def test_forecast_can_be_cut_to_what_is_possible():
    found = forecast(100 - 3.0 * np.arange(30) + noise(30, size=4), season_length=1, horizon=15).within(least=0)
    assert found.mean[-1] == found.low[-1] == 0
    assert found.spread[-1] > 0


def test_season_of_each_frequency():
    lengths = {frequency.value: season_length(frequency) for frequency in Frequency}
    assert lengths == {"daily": 7, "weekly": 52, "monthly": 12, "quarterly": 4, "yearly": 1}


def test_codes_of_models_and_refusals_are_those_of_the_api():
    assert [one.code for one in Model] == [
        None,
        "drift",
        "seasonal_naive",
        "seasonal_drift",
        "damped_holt",
        "holt",
        "holt_winters_additive",
        "holt_winters_multiplicative",
    ]
    assert [one.code for one in Refused] == [None, "too_short", "too_sparse", "outdated", "worse_than_naive"]


def certain(mean, spread):
    """A forecast of these means and spreads."""
    lines = [np.array(line, dtype=float) for line in (mean, mean, mean, spread)]
    rest = (np.zeros(lines[0].shape[:-1], dtype=np.uint8),) * 2 + (np.zeros(lines[0].shape[:-1]),) * 2
    return Forecast(*lines, *rest, np.zeros(lines[0].shape[:-1], dtype=bool))


@pytest.mark.parametrize(
    ("direction", "bars", "expected"),
    [
        (UP, {"target": 100.0}, 0.5),
        (UP, {"target": 110.0}, 0.158655),  # one standard deviation: a table of the normal distribution
        (DOWN, {"target": 110.0}, 0.841345),
        (DOWN, {"target": 80.4004}, 0.025),
        (BETWEEN, {"low": 90.0, "high": 110.0}, 0.682689),
        (BETWEEN, {"low": 80.0, "high": 120.0}, 0.954500),
    ],
)
def test_probability_is_the_mass_of_the_normal_distribution(direction, bars, expected):
    found = probability(certain([0.0, 100.0], [1.0, 10.0]), 2, direction=direction, **bars)
    assert float(found) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("direction", "bars", "expected"),
    [
        (UP, {"target": 5.0}, 1),
        (UP, {"target": 5.1}, 0),
        (DOWN, {"target": 5.0}, 1),
        (DOWN, {"target": 4.9}, 0),
        (BETWEEN, {"low": 5.0, "high": 6.0}, 1),
        (BETWEEN, {"low": 4.0, "high": 5.0}, 1),
        (BETWEEN, {"low": 5.5, "high": 6.0}, 0),
    ],
)
def test_without_any_spread_a_target_is_reached_or_not(direction, bars, expected):
    assert float(probability(certain([5.0], [0.0]), 1, direction=direction, **bars)) == expected


def test_probability_of_many_series_and_targets():
    found = probability(certain([[100.0], [NAN], [7.0]], [[10.0], [NAN], [1.0]]), 1, direction=UP, target=[100, 1, 7])
    assert np.array_equal(found, [0.5, NAN, 0.5], equal_nan=True)
    assert np.isnan(probability(certain([[1.0]], [[1.0]]), 2, direction=UP, target=1.0)).all()
    assert math.isnan(probability(certain([1.0], [1.0]), 0, direction=UP, target=1.0))
    assert math.isnan(probability(certain([1.0], [1.0]), 1, direction=UP))


@given(mean=st.floats(-1e6, 1e6), spread=st.floats(0, 1e6), one=st.floats(-1e6, 1e6), other=st.floats(-1e6, 1e6))
def test_probabilities_are_between_0_and_1_and_fall_as_the_target_rises(mean, spread, one, other):
    sure = certain([mean], [spread])
    low, high = sorted([one, other])
    easier, harder = (float(probability(sure, 1, direction=UP, target=bar)) for bar in (low, high))
    assert 1 >= easier >= harder >= 0
    inside = float(probability(sure, 1, direction=BETWEEN, low=low, high=high))
    assert 0 <= inside <= 1
    assert inside <= easier + 1e-9
