"""Pace by the shape of the year before: an open sum is judged at what had come in a year ago."""

import datetime as dt

import pytest

from kpis.engine.definitions import Aggregation, Target
from kpis.engine.periods import Frequency
from kpis.engine.scoring import Status
from tests.kpis.engine.world import World, day, link, measured, rollup

NOVEMBER, QUARTER = "2026-11-01", "2026-10-01"
FROM_JANUARY = (Target(day("2026-01-01"), 300.0),)
PACED = {"is_paced_by_last_year": True, "targets": FROM_JANUARY}


def days(first: str, values: list[float]) -> dict[str, float]:
    return {str(day(first) + dt.timedelta(days=n)): value for n, value in enumerate(values)}


# 364 days before November 2026 lie 2 November to 1 December 2025: ten days of 1, then twenty of 10.
SLOW_START = days("2025-11-02", [1.0] * 10 + [10.0] * 20)
TEN_DAYS = days(NOVEMBER, [2.0] * 10)


def test_an_open_month_is_judged_at_what_the_same_days_had_brought_a_year_before():
    world = World([measured("sales", **PACED)], [], {"sales": SLOW_START | TEN_DAYS}, today="2026-11-11")
    assert world.series("sales", "status")[NOVEMBER] == Status.NONE  # less than a tenth of its shape
    later = World([measured("sales", **PACED)], [], {"sales": SLOW_START | days(NOVEMBER, [2.0] * 20)}, "2026-11-21")
    assert later.series("sales", "share")[NOVEMBER] == 110 / 210
    assert later.series("sales", "target")[NOVEMBER] == pytest.approx(300 * 110 / 210)


def test_days_count_alike_where_the_year_before_has_no_shape():
    once = {"2025-11-30": 100.0}
    for past in ({}, once, {"2025-11-05": 0.0, "2025-11-06": 0.0}, {"2025-11-05": -10.0, "2025-11-20": 5.0}):
        world = World([measured("sales", **PACED)], [], {"sales": past | TEN_DAYS}, today="2026-11-11")
        assert world.series("sales", "share")[NOVEMBER] == pytest.approx(1 / 3)


def test_a_roll_up_takes_the_shape_of_the_measured_kpis_beneath_with_their_signs():
    kpis = [
        rollup("profit", **PACED),
        measured("sales"),
        measured("cost"),
        measured("rate", aggregation=Aggregation.MEAN),
    ]
    links = [link("profit", "sales"), link("profit", "cost", contribution=-1), link("profit", "rate")]
    cost = days("2025-11-02", [1.0] * 10 + [4.0] * 20)
    rate = days("2025-11-02", [5.0] * 30)
    series = {"sales": SLOW_START | days(NOVEMBER, [2.0] * 20), "cost": cost, "rate": rate}
    world = World(kpis, links, series, today="2026-11-21")
    assert world.series("profit", "share")[NOVEMBER] == pytest.approx((110 - 50) / (210 - 90))


def test_only_links_that_hold_now_give_a_shape():
    kpis = [rollup("total", **PACED), measured("here"), measured("gone")]
    links = [link("total", "here"), link("total", "gone", valid_to=day("2026-06-30"))]
    series = {"here": SLOW_START | days(NOVEMBER, [2.0] * 20), "gone": days("2025-11-02", [1000.0] * 30)}
    world = World(kpis, links, series, today="2026-11-21")
    assert world.series("total", "share")[NOVEMBER] == 110 / 210


def test_months_of_an_open_quarter_correspond_to_the_same_months_a_year_before():
    kpis = [rollup("total", frequency=Frequency.QUARTERLY, **PACED), measured("shop")]
    past = {"2025-09-01": 7.0, "2025-10-01": 20.0, "2025-11-01": 30.0, "2025-12-01": 50.0, "2026-01-01": 9.0}
    world = World(kpis, [link("total", "shop")], {"shop": past | {"2026-10-01": 25.0}}, today="2026-11-21")
    assert world.series("total", "share")[QUARTER] == pytest.approx(0.2)


def test_weeks_are_spread_over_their_days():
    kpis = [rollup("total", **PACED), measured("shop", Frequency.WEEKLY)]
    # The weeks of 27 October, 3, 10, 17 and 24 November 2025 and 1 December, moved on by 52 weeks.
    past = days("2025-10-27", [0.0]) | {
        f"2025-{month}-{number}": 7.0
        for month, number in (("11", "03"), ("11", "10"), ("11", "17"), ("11", "24"), ("12", "01"))
    }
    world = World(kpis, [link("total", "shop")], {"shop": past | {"2026-11-02": 1.0, "2026-11-09": 1.0}}, "2026-11-18")
    # Until 15 November: two of the four whole weeks, and of the last one day in seven.
    assert world.series("total", "share")[NOVEMBER] == pytest.approx(14 / 29)
