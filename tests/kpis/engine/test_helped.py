import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.engine.definitions import Direction
from kpis.engine.helped import Verdict, did_it_help

NAN = float("nan")
UP, DOWN, BETWEEN = Direction.INCREASE, Direction.DECREASE, Direction.BETWEEN
HELPED, WORSE, CANNOT_TELL = Verdict
# Before: mean moving range 2, so the limits lie 5.32 from the centre, and means of three differ by 4.34 by chance.
BEFORE = [10.0, 12.0] * 6
DONE = 11.0


def judged(after, direction=UP, before=BEFORE, **bounds):
    return did_it_help([*before, DONE, *after], done_in=len(before), direction=direction, **bounds)


def test_three_periods_clearly_better_helped():
    found = judged([16.0, 17.0, 15.0])
    assert found.verdict is HELPED
    assert (found.before, found.after) == pytest.approx((34 / 3, 16))
    assert found.gain == pytest.approx(14 / 3)
    assert found.needed == pytest.approx(2.66 * 2 * math.sqrt(2 / 3))
    assert found.awaits == 0


def test_less_is_better_where_it_should_fall():
    assert judged([16.0, 17.0, 15.0], DOWN).verdict is WORSE
    assert judged([6.0, 7.0, 5.0], DOWN).verdict is HELPED
    assert judged([6.0, 7.0, 5.0]).verdict is WORSE


def test_ordinary_variation_tells_nothing():
    assert judged([14.0, 15.0, 16.0]).verdict is CANNOT_TELL
    assert judged([10.0, 12.0, 12.0]).verdict is CANNOT_TELL


def test_back_to_normal_after_a_slump_helped():
    slump = [*BEFORE, *BEFORE, 2.0, 1.0, 2.0]
    assert judged([11.0, 12.0, 11.0], before=slump).verdict is HELPED


def test_one_lucky_period_is_not_enough():
    assert judged([17.0, 11.0, 12.0]).verdict is CANNOT_TELL


@pytest.mark.parametrize(("after", "awaits"), [([], 3), ([90.0], 2), ([90.0, NAN, 91.0], 1)])
def test_it_waits_for_three_periods_after(after, awaits):
    found = judged(after)
    assert (found.verdict, found.awaits) == (CANNOT_TELL, awaits)
    assert math.isnan(found.after)
    assert math.isnan(found.gain)


def test_only_the_first_three_periods_after_count_and_missing_ones_are_passed_over():
    assert judged([16.0, NAN, 17.0, 15.0, 0.0, 0.0]).after == 16


def test_period_in_which_it_was_done_belongs_to_neither_side():
    values = [*BEFORE, 500.0, 16.0, 17.0, 15.0]
    assert did_it_help(values, done_in=12, direction=UP) == judged([16.0, 17.0, 15.0])


def test_fewer_than_six_values_before_tell_nothing():
    found = judged([90.0, 90.0, 90.0], before=[1.0, 2.0, 1.0, 2.0, 1.0])
    assert found.verdict is CANNOT_TELL
    assert math.isnan(found.needed)
    assert judged([90.0, 90.0, 90.0], before=[]).verdict is CANNOT_TELL


def test_range_is_kept_better_when_closer_to_it():
    far = [30.0, 32.0] * 6
    assert judged([21.0, 19.0, 18.0], BETWEEN, far, low=10.0, high=20.0).verdict is HELPED
    assert judged([40.0, 41.0, 39.0], BETWEEN, far, low=10.0, high=20.0).verdict is WORSE
    assert judged([12.0, 13.0, 19.0], BETWEEN, low=10.0, high=20.0).verdict is CANNOT_TELL


def test_constant_process_is_helped_by_any_change_and_not_by_none():
    steady = [0.1] * 12
    assert judged([0.1 + 1e-17] * 3, before=steady).verdict is CANNOT_TELL
    assert judged([0.2] * 3, before=steady).verdict is HELPED


def test_where_nothing_happened_one_action_in_a_hundred_is_judged_wrongly():
    noise = np.random.default_rng(5).normal(size=(2000, 16))
    verdicts = [did_it_help(values, done_in=12, direction=UP).verdict for values in noise]
    assert 0 < 2000 - verdicts.count(CANNOT_TELL) < 40


@given(
    before=st.lists(st.floats(-1e6, 1e6), min_size=6, max_size=30),
    after=st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3),
)
def test_what_helps_a_rising_kpi_makes_a_falling_one_worse(before, after):
    opposite = {HELPED: WORSE, WORSE: HELPED, CANNOT_TELL: CANNOT_TELL}
    assert judged(after, DOWN, before).verdict is opposite[judged(after, UP, before).verdict]
