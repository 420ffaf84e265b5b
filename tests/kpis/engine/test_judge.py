import pytest

from kpis.engine.definitions import Aggregation, Direction, Rollup, Target
from kpis.engine.periods import Frequency
from tests.kpis.engine.world import World, day, link, measured, rollup

TARGET = (Target(day("2026-01-01"), 300.0, 200.0),)
SEPTEMBER, OCTOBER, NOVEMBER = "2026-09-01", "2026-10-01", "2026-11-01"


def alone(series, today="2026-11-23", **fields):
    return World([measured("kpi", **{"targets": TARGET} | fields)], [], {"kpi": series}, today)


def test_without_a_target_nothing_is_ever_green():
    world = alone({OCTOBER: 1e9}, targets=())
    assert world.status("kpi", OCTOBER) == "no_target"
    assert world.series("kpi", "score")[OCTOBER] is None


def test_target_holds_from_the_period_that_contains_its_date_until_the_next_row():
    targets = (Target(day("2026-10-31"), 20.0), Target(day("2026-08-15"), 10.0))
    world = alone({"2026-07-01": 1.0}, targets=targets)
    assert list(world.series("kpi", "target").values()) == [None, 10, 10, 20, 20]
    assert list(world.series("kpi", "floor").values()) == [None, 8, 8, 16, 16]


def test_missing_value_is_late_only_after_it_was_due():
    series = {SEPTEMBER: 250.0}
    assert alone(series, "2026-11-05").status("kpi", OCTOBER) == "no_data"
    assert alone(series, "2026-11-06").status("kpi", OCTOBER) == "late"
    assert alone(series, "2026-11-06", due_after_days=10).status("kpi", OCTOBER) == "no_data"


def test_missing_value_wins_over_missing_target():
    assert alone({SEPTEMBER: 250.0}, "2026-11-05", targets=()).status("kpi", OCTOBER) == "no_data"


def test_partial_value_is_incomplete_whatever_its_score():
    kpis = [rollup("total", targets=TARGET), measured("a"), measured("b")]
    series = {"a": {SEPTEMBER: 1.0, OCTOBER: 900.0}, "b": {SEPTEMBER: 1.0}}
    world = World(kpis, [link("total", "a"), link("total", "b")], series)
    assert world.status("total", SEPTEMBER) == "off_track"
    assert world.status("total", OCTOBER) == "incomplete"


def daily(until, amount=10.0, month="2026-11"):
    return {f"{month}-{number:02d}": amount for number in range(1, until + 1)}


def test_open_sum_of_daily_data_is_judged_at_the_share_elapsed_up_to_its_last_date():
    world = alone(daily(15))
    assert world.series("kpi", "share")[NOVEMBER] == 0.5
    assert world.series("kpi", "target")[NOVEMBER] == 150
    assert world.series("kpi", "floor")[NOVEMBER] == 100
    assert world.series("kpi", "score_raw")[NOVEMBER] == 1
    assert world.status("kpi", NOVEMBER) == "on_track"


def test_open_bounds_are_multiplied_by_the_share_too():
    targets = (Target(day("2026-01-01"), low=200.0, high=400.0),)
    world = alone(daily(15), direction=Direction.BETWEEN, targets=targets)
    assert (world.series("kpi", "low")[NOVEMBER], world.series("kpi", "high")[NOVEMBER]) == (100, 200)
    assert world.status("kpi", NOVEMBER) == "on_track"


def test_open_sum_has_no_status_before_a_tenth_of_it_has_elapsed():
    assert alone(daily(2)).status("kpi", NOVEMBER) is None
    assert alone(daily(3)).status("kpi", NOVEMBER) == "on_track"


def test_open_sum_of_data_as_coarse_as_the_period_has_no_status():
    assert alone({OCTOBER: 300.0, NOVEMBER: 290.0}).status("kpi", NOVEMBER) is None


@pytest.mark.parametrize("aggregation", [Aggregation.MEAN, Aggregation.MIN, Aggregation.MAX])
def test_open_period_of_what_is_no_sum_has_no_status(aggregation):
    world = alone(daily(15), aggregation=aggregation)
    assert world.status("kpi", NOVEMBER) is None
    assert world.series("kpi", "attainment")[NOVEMBER] is None


def test_open_sum_of_finer_children_is_judged():
    kpis = [rollup("total", targets=TARGET), measured("shop", Frequency.DAILY)]
    world = World(kpis, [link("total", "shop")], {"shop": daily(15)})
    assert world.status("total", NOVEMBER) == "on_track"
    assert world.series("total", "share")[NOVEMBER] == 0.5


def test_open_mean_of_finer_children_is_not_judged():
    kpis = [rollup("total", Rollup.MEAN, targets=TARGET), measured("shop", Frequency.DAILY)]
    assert World(kpis, [link("total", "shop")], {"shop": daily(15)}).status("total", NOVEMBER) is None


def test_complete_months_count_as_parts_of_an_open_quarter():
    kpis = [rollup("total", frequency=Frequency.QUARTERLY, targets=TARGET), measured("region")]
    world = World(kpis, [link("total", "region")], {"region": {OCTOBER: 110.0}})
    assert world.series("total", "share")[OCTOBER] == pytest.approx(31 / 92)
    assert world.status("total", OCTOBER) == "on_track"


def test_headline_is_the_latest_complete_period_with_data():
    assert alone({SEPTEMBER: 1.0, NOVEMBER: 2.0}).headline("kpi") == (SEPTEMBER, NOVEMBER)


def test_cash_balance_of_today_speaks():
    world = alone({OCTOBER: 300.0, "2026-11-20": 310.0}, aggregation=Aggregation.LAST)
    assert world.headline("kpi") == (NOVEMBER, NOVEMBER)
    assert world.status("kpi", NOVEMBER) == "on_track"
    assert alone({OCTOBER: 300.0}, aggregation=Aggregation.LAST).headline("kpi") == (OCTOBER, NOVEMBER)


def test_value_carried_into_the_open_period_does_not_speak():
    world = alone({OCTOBER: 300.0}, aggregation=Aggregation.LAST, carry_forward=3)
    assert world.series("kpi")[NOVEMBER] == 300
    assert world.headline("kpi") == (OCTOBER, NOVEMBER)
    assert world.status("kpi", NOVEMBER) is None


def test_archived_kpi_has_no_open_period():
    assert alone({OCTOBER: 300.0}, archived_on=day("2026-10-15")).headline("kpi") == (OCTOBER, None)


def test_value_ahead_of_today_is_not_judged():
    assert alone({OCTOBER: 300.0, "2026-12-01": 300.0}).status("kpi", "2026-12-01") is None


def test_thresholds_can_be_set_for_a_kpi():
    world = alone({OCTOBER: 270.0}, on_track_at=0.7, at_risk_at=0.5)
    assert world.status("kpi", OCTOBER) == "on_track"
    assert alone({OCTOBER: 240.0}, on_track_at=0.7, at_risk_at=0.5).status("kpi", OCTOBER) == "off_track"
