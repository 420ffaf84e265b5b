import pytest

from kpis.engine.definitions import Aggregation, Problem
from kpis.engine.periods import Calendar, Frequency
from tests.kpis.engine.world import World, link, measured, rollup

OCTOBER = {"2026-10-20": 5.0, "2026-10-03": 1.0, "2026-10-11": 3.0}


def lifted(aggregation, series, finer=Frequency.WEEKLY, today="2026-11-23", **fields):
    """What a monthly parent sees of a finer child, as its only child."""
    kpis = [rollup("total"), measured("part", finer, aggregation=aggregation, **fields)]
    return World(kpis, [link("total", "part")], {"part": series}, today)


@pytest.mark.parametrize(
    ("aggregation", "value"),
    [(Aggregation.SUM, 9), (Aggregation.LAST, 5), (Aggregation.MEAN, 3), (Aggregation.MIN, 1), (Aggregation.MAX, 5)],
)
def test_measurements_of_a_period_are_aggregated(aggregation, value):
    world = World([measured("sales", aggregation=aggregation)], [], {"sales": OCTOBER})
    assert world.series("sales")["2026-10-01"] == value


@pytest.mark.parametrize(
    ("aggregation", "value"),
    [(Aggregation.SUM, 9), (Aggregation.LAST, 5), (Aggregation.MEAN, 3), (Aggregation.MIN, 1), (Aggregation.MAX, 5)],
)
def test_daily_values_are_lifted_by_the_aggregation(aggregation, value):
    assert lifted(aggregation, OCTOBER, Frequency.DAILY).series("total")["2026-10-01"] == value


def test_straddling_weeks_sum_spreads_over_its_seven_days():
    world = lifted(Aggregation.SUM, {"2026-09-30": 70.0})  # 28 September to 4 October
    assert world.known("total") == {"2026-09-01": pytest.approx(30), "2026-10-01": pytest.approx(40)}


def test_straddling_weeks_mean_weighs_by_days():
    world = lifted(Aggregation.MEAN, {"2026-09-28": 10.0, "2026-10-05": 24.0})
    assert world.known("total") == {"2026-09-01": 10, "2026-10-01": pytest.approx((4 * 10 + 7 * 24) / 11)}


def test_straddling_week_as_last_belongs_to_the_period_of_its_last_day():
    world = lifted(Aggregation.LAST, {"2026-09-21": 1.0, "2026-09-28": 2.0})
    assert world.known("total") == {"2026-09-01": 1, "2026-10-01": 2}


@pytest.mark.parametrize("aggregation", [Aggregation.MIN, Aggregation.MAX])
def test_straddling_week_counts_on_both_sides_for_min_and_max(aggregation):
    assert lifted(aggregation, {"2026-09-28": 2.0}).known("total") == {"2026-09-01": 2, "2026-10-01": 2}


def test_months_lift_to_fiscal_quarters():
    kpis = [rollup("total", frequency=Frequency.QUARTERLY), measured("part")]
    series = {"part": {"2026-04-01": 1.0, "2026-05-01": 2.0, "2026-07-01": 4.0}}
    world = World(kpis, [link("total", "part")], series, calendar=Calendar(fiscal_year_start=2))
    assert world.known("total") == {"2026-02-01": 1, "2026-05-01": 6}


def test_last_value_is_carried_forward_with_its_age_and_no_further():
    fields = {"aggregation": Aggregation.LAST, "carry_forward": 2}
    world = World([measured("staff", **fields)], [], {"staff": {"2026-06-30": 40.0}}, "2026-10-15")
    assert list(world.series("staff").values()) == [40, 40, 40, None, None]
    assert list(world.series("staff", "age").values()) == [0, 1, 2, 0, 0]


def test_nothing_is_carried_forward_unless_asked_for():
    world = World([measured("staff", aggregation=Aggregation.LAST)], [], {"staff": {"2026-09-30": 40.0}})
    assert world.known("staff") == {"2026-09-01": 40}


def test_carried_value_counts_in_a_roll_up():
    kpis = [rollup("total"), measured("a", aggregation=Aggregation.LAST, carry_forward=1), measured("b")]
    series = {"a": {"2026-08-31": 40.0}, "b": {"2026-08-01": 1.0, "2026-09-01": 2.0, "2026-10-01": 3.0}}
    world = World(kpis, [link("total", "a"), link("total", "b")], series)
    assert world.known("total") == {"2026-08-01": 41, "2026-09-01": 42, "2026-10-01": 3}


def test_series_is_dense_up_to_the_open_period():
    world = World([measured("sales")], [], {"sales": {"2026-08-15": 1.0, "2026-10-15": 2.0}})
    assert world.series("sales") == {"2026-08-01": 1, "2026-09-01": None, "2026-10-01": 2, "2026-11-01": None}
    assert world.series("sales", "problem")["2026-09-01"] == Problem.NO_DATA


def test_too_large_a_sum_is_missing_with_a_problem():
    world = World([measured("sales")], [], {"sales": {"2026-10-01": 1e308, "2026-10-02": 1e308}})
    assert world.series("sales")["2026-10-01"] is None
    assert world.series("sales", "problem")["2026-10-01"] == Problem.OVERFLOW
    assert Problem.OVERFLOW.code == "overflow"
    assert Problem.NONE.code is None


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_measurement_that_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="finite"):
        World([measured("sales")], [], {"sales": {"2026-10-01": value}})
