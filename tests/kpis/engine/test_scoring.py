import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.engine.definitions import Direction, Target
from kpis.engine.scoring import Status, attainments
from tests.kpis.engine.world import World, day, measured

OCTOBER = "2026-10-01"
NUMBERS = st.floats(-1e12, 1e12)


def judged(value, direction=Direction.INCREASE, **target):
    """October's (raw score, status) of a KPI with this value and target."""
    kpi = measured("kpi", direction=direction, targets=(Target(day("2026-01-01"), **target),))
    world = World([kpi], [], {"kpi": {OCTOBER: value}})
    return world.series("kpi", "score_raw")[OCTOBER], world.status("kpi", OCTOBER)


@pytest.mark.parametrize(
    ("value", "raw", "status"),
    [
        (700, 1.0, "on_track"),
        (680, 0.9, "on_track"),
        (600, 0.5, "at_risk"),
        (500, 0.0, "at_risk"),
        (499, -0.005, "off_track"),
        (900, 2.0, "on_track"),
    ],
)
def test_target_700_floor_500(value, raw, status):
    assert judged(float(value), target=700.0, floor=500.0) == (pytest.approx(raw), status)


@pytest.mark.parametrize(
    ("value", "raw", "status"), [(0, 2.0, "on_track"), (3, 0.5, "at_risk"), (5, -0.5, "off_track")]
)
def test_defects_target_2_floor_4_decrease(value, raw, status):
    assert judged(float(value), Direction.DECREASE, target=2.0, floor=4.0) == (raw, status)


def test_ebitda_target_minus_100_floor_minus_150():
    assert judged(-110.0, target=-100.0, floor=-150.0) == (pytest.approx(0.8), "at_risk")


def test_score_is_the_raw_score_within_0_and_1():
    kpi = measured("kpi", targets=(Target(day("2026-01-01"), 700.0, 500.0),))
    world = World([kpi], [], {"kpi": {"2026-09-01": 900.0, OCTOBER: 499.0}})
    assert list(world.series("kpi", "score").values())[:2] == [1, 0]


@pytest.mark.parametrize(
    ("value", "raw", "status"),
    [
        (10, 1, "on_track"),
        (20, 1, "on_track"),
        (15, 1, "on_track"),
        (25, 0.5, "at_risk"),
        (0, 0, "at_risk"),
        (31, -0.1, "off_track"),
    ],
)
def test_between_10_and_20_inclusive(value, raw, status):
    assert judged(float(value), Direction.BETWEEN, low=10.0, high=20.0) == (pytest.approx(raw), status)


@pytest.mark.parametrize(
    ("direction", "target", "floor"),
    [(Direction.INCREASE, 100.0, 80.0), (Direction.DECREASE, 100.0, 120.0), (Direction.INCREASE, -100.0, -120.0)],
)
def test_floor_defaults_to_a_fifth_of_the_target_on_the_wrong_side(direction, target, floor):
    assert judged(floor, direction, target=target) == (0.0, "at_risk")
    assert judged(target, direction, target=target) == (1.0, "on_track")


def test_ten_times_a_tenth_reaches_a_target_of_1():
    assert judged(sum([0.1] * 10), target=1.0, floor=0.5) == (1.0, "on_track")
    assert judged(0.1 + 0.2, Direction.BETWEEN, low=0.1, high=0.3) == (1.0, "on_track")
    assert judged(0.1 + 0.2, Direction.DECREASE, target=0.1, floor=0.3) == (0.0, "at_risk")


def test_value_at_the_bar_of_a_threshold_has_reached_it():
    assert judged(0.1 * 3 + 0.6, target=1.0, floor=0.0)[1] == "on_track"


@given(value=NUMBERS, target=NUMBERS, floor=NUMBERS)
def test_scores_lie_within_0_and_1_whatever_the_numbers(value, target, floor):
    kpi = measured("kpi", targets=(Target(day("2026-01-01"), target, floor),))
    world = World([kpi], [], {"kpi": {OCTOBER: value}})
    score, status = world.series("kpi", "score")[OCTOBER], world.status("kpi", OCTOBER)
    assert (score is None) == (status == "no_target")
    assert score is None or 0 <= score <= 1


@given(target=st.floats(1, 1e9), width=st.floats(0.01, 1), better=st.floats(0, 1e6), value=NUMBERS)
def test_more_is_never_worse_for_a_rising_kpi(target, width, better, value):
    fields = {"target": target, "floor": target * (1 - width)}
    assert judged(value + better, **fields)[0] >= judged(value, **fields)[0] - 1e-6


@pytest.mark.parametrize(
    ("value", "target", "increase", "attainment"),
    [(50, 100, True, 0.5), (-50, 100, True, None), (50, -100, True, None), (50, 100, False, None), (50, 0, True, None)],
)
def test_attainment_is_shown_only_where_it_means_something(value, target, increase, attainment):
    found = float(attainments(value, target, increase))
    assert found == attainment if attainment is not None else math.isnan(found)


def test_statuses_have_the_names_of_the_api():
    codes = [status.code for status in Status]
    assert codes == [None, "on_track", "at_risk", "off_track", "no_data", "no_target", "incomplete", "late"]


def test_a_linear_target_moves_in_a_straight_line_from_row_to_row_and_stays_after_the_last():
    targets = (Target(day("2026-03-10"), 100.0, floor=50.0), Target(day("2026-07-01"), 180.0, floor=150.0))
    sales = measured("sales", targets=targets, is_linear=True)
    dates = {f"2026-{month:02}-01": 120.0 for month in range(2, 10)}
    world = World([sales], [], {"sales": dates})
    assert list(world.series("sales", "target").values())[:8] == [None, 100, 120, 140, 160, 180, 180, 180]
    assert list(world.series("sales", "floor").values())[:8] == [None, 50, 75, 100, 125, 150, 150, 150]
    assert world.series("sales", "score_raw")["2026-04-01"] == 1


def test_a_linear_range_narrows_and_its_default_floor_moves_along():
    narrowing = (Target(day("2026-01-01"), low=0.0, high=100.0), Target(day("2026-05-01"), low=40.0, high=60.0))
    stock = measured("stock", targets=narrowing, is_linear=True, direction=Direction.BETWEEN)
    defaulted = (Target(day("2026-01-01"), 100.0), Target(day("2026-05-01"), 200.0))
    sales = measured("sales", targets=defaulted, is_linear=True)
    dates = {f"2026-{month:02}-01": 120.0 for month in range(1, 6)}
    world = World([stock, sales], [], {"stock": dates, "sales": dates})
    assert list(world.series("stock", "low").values())[:5] == [0, 10, 20, 30, 40]
    assert list(world.series("stock", "high").values())[:5] == [100, 90, 80, 70, 60]
    assert list(world.series("sales", "floor").values())[:5] == [80, 100, 120, 140, 160]
