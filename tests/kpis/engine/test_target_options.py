import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.engine.definitions import Direction, Target
from kpis.engine.forecast import forecast
from kpis.engine.periods import Calendar, Frequency
from kpis.engine.target_options import (
    Explanation,
    OptionKind,
    TargetWarning,
    probability_of,
    target_options,
    three_figures,
    warning_of,
)
from kpis.engine.targets import target_refusals
from kpis.engine.units import Unit

NAN = float("nan")
UP, DOWN, BETWEEN = Direction.INCREASE, Direction.DECREASE, Direction.BETWEEN
KEEP, STRETCH, BEST = OptionKind
MONEY, PERCENT, NUMBER = (Unit.parse(unit) for unit in ("currency:EUR", "percent", "number"))
NOISE = np.random.default_rng(8).normal(size=48)
GROWING = 1000 + 20 * np.arange(48) + 30 * NOISE


def offered(values, direction=UP, unit=MONEY, ahead=6, season=1):
    values = np.asarray(values, dtype=float)
    found = forecast(values, season_length=season, horizon=12)
    return {
        option.kind: option for option in target_options(values, found, ahead=ahead, direction=direction, unit=unit)
    }


def chance_of(values, direction=UP, ahead=6, **bars):
    values = np.asarray(values, dtype=float)
    found = forecast(values, season_length=1, horizon=12)
    return probability_of(values, found, ahead=ahead, direction=direction, **bars)


def test_growing_kpi_is_offered_its_trend_a_stretch_and_its_best():
    options = offered(GROWING)
    assert list(options) == [KEEP, STRETCH, BEST]
    assert 1900 < options[KEEP].target < 2150
    assert options[KEEP].probability == pytest.approx(0.5, abs=0.1)
    assert options[STRETCH].target > options[KEEP].target
    assert options[STRETCH].probability == pytest.approx(0.25, abs=0.1)
    assert options[BEST].target == three_figures(GROWING.max())
    assert [option.explanation for option in options.values()] == [
        Explanation.FORECAST,
        Explanation.ONE_IN_FOUR,
        Explanation.BEST_SEEN,
    ]


def test_best_ever_of_a_growing_kpi_is_too_easy_and_of_a_noisy_one_out_of_reach():
    assert offered(1000 + 20 * np.arange(48) + 3 * NOISE, ahead=12)[BEST].warning is TargetWarning.TOO_EASY
    spike = 100 + 3 * NOISE
    spike[5] = 140
    assert offered(spike)[BEST].warning is TargetWarning.OUT_OF_REACH
    assert offered(spike)[KEEP].warning is None


def test_less_is_better_stretches_down():
    options = offered(200 - np.arange(48) + 4 * NOISE, DOWN)
    assert options[STRETCH].target < options[KEEP].target
    assert options[STRETCH].probability == pytest.approx(0.25, abs=0.1)
    assert options[BEST].target < 165
    assert options[KEEP].floor == three_figures(1.2 * options[KEEP].target)


def test_floor_of_an_amount_lies_a_fifth_below_and_of_a_share_at_the_worst_month():
    assert offered(GROWING)[KEEP].floor == three_figures(0.8 * offered(GROWING)[KEEP].target)
    share = 0.5 + 0.02 * NOISE
    option = offered(share, unit=PERCENT)[KEEP]
    assert option.floor_is_worst
    assert option.floor == three_figures(share[-12:].min())


def test_percentage_that_never_exceeded_a_hundred_is_not_offered_more():
    options = offered(np.minimum(0.96 + 0.02 * NOISE, 1), unit=PERCENT)
    assert max(option.target for option in options.values()) <= 1


def test_falling_kpi_that_was_never_negative_is_not_offered_less_than_nothing():
    assert min(option.target for option in offered(100 - 2 * np.arange(48) + abs(NOISE), DOWN, ahead=12).values()) >= 0


def test_without_a_forecast_the_usual_month_and_a_step_further_are_offered_without_a_probability():
    options = offered([100.0, 300.0, 200.0, NAN])
    assert [(option.kind, option.target, option.floor) for option in options.values()] == [
        (KEEP, 200, 160),
        (STRETCH, 210, 168),
        (BEST, 300, 240),
    ]
    assert {option.probability for option in options.values()} == {None}
    assert {option.warning for option in options.values()} == {None}
    assert [options[kind].explanation for kind in (KEEP, STRETCH)] == [Explanation.USUAL, Explanation.STEP_FURTHER]


def test_period_further_ahead_than_is_forecast_has_no_probability():
    assert offered(GROWING[:20], ahead=11)[KEEP].probability is None
    assert offered(GROWING, ahead=13)[KEEP].probability is None
    assert offered(GROWING, ahead=12)[KEEP].probability is not None


def test_options_that_are_the_same_number_are_offered_once():
    options = offered([50.0] * 24)
    assert [(option.kind, option.target) for option in options.values()] == [(KEEP, 50)]
    assert options[KEEP].warning is TargetWarning.TOO_EASY


def test_nothing_is_offered_for_a_range_or_from_two_values():
    assert offered(GROWING, BETWEEN) == {}
    assert offered([1.0, NAN, 2.0]) == {}


def test_typed_target_is_compared_with_the_best_seen():
    values = np.where(np.arange(48) == 30, 1140.0, 1000 + 10 * NOISE)
    chance = chance_of(values, target=1299.6)
    assert (chance.best, chance.best_at) == (1140, 30)
    assert chance.difference == pytest.approx(159.6)
    assert chance.share == pytest.approx(0.14)  # 14 % above the best
    assert chance.warning is TargetWarning.OUT_OF_REACH


def test_best_of_a_falling_kpi_is_its_lowest():
    chance = chance_of([9.0, 8.0, NAN, 10.0], DOWN, target=6.0)
    assert (chance.best, chance.best_at, chance.difference, chance.share) == (8, 1, -2, -0.25)
    assert (chance.probability, chance.warning) == (None, None)


def test_above_a_best_that_is_not_positive_only_the_difference_is_said():
    chance = chance_of([-100.0, -120.0], target=-50.0)
    assert (chance.best, chance.difference, chance.share) == (-100, 50, None)


def test_range_has_a_chance_and_no_best():
    chance = chance_of(100 + 3 * NOISE, BETWEEN, low=90.0, high=110.0)
    assert chance.probability is not None
    assert chance.probability > 0.9
    assert chance.warning is TargetWarning.TOO_EASY
    assert chance.best is None
    assert chance_of([], target=3.0).best is None


def test_warnings_begin_beyond_a_tenth_and_nine_tenths():
    assert [warning_of(chance) for chance in (None, 0.1, 0.5, 0.9)] == [None] * 4
    assert warning_of(0.0999) is TargetWarning.OUT_OF_REACH
    assert warning_of(0.9001) is TargetWarning.TOO_EASY


def test_numbers_have_three_figures():
    found = [three_figures(number) for number in (48_317.0, 0.04217, -1999.0, 0.0, 1.797e308)]
    assert found == [48_300, 0.0422, -2000, 0, 1.797e308]


@given(
    values=st.lists(st.just(NAN) | st.floats(-1e9, 1e9), max_size=40),
    direction=st.sampled_from([UP, DOWN]),
    unit=st.sampled_from([MONEY, PERCENT, NUMBER, Unit.parse("ratio")]),
)
def test_what_is_offered_can_be_stored(values, direction, unit):
    for option in offered(values, direction, unit).values():
        assert option.probability is None or 0 <= option.probability <= 1
        assert math.isfinite(option.target)
        target = Target(Calendar().first_date(Frequency.MONTHLY, 670), option.target, option.floor)
        assert not target_refusals(
            [target], direction=direction, unit=unit, frequency=Frequency.MONTHLY, calendar=Calendar()
        )
