import datetime as dt

import pytest

from kpis.engine.definitions import Problem, Rollup
from kpis.engine.periods import Frequency
from tests.kpis.engine.world import World, day, link, measured, rollup

SEPTEMBER, OCTOBER, NOVEMBER = "2026-09-01", "2026-10-01", "2026-11-01"


def family(method=Rollup.SUM, a=None, b=None, **kpi_fields):
    """A parent of a and b; `a` and `b` are (measurements, link fields)."""
    children = {"a": a or ({OCTOBER: 10.0}, {}), "b": b or ({OCTOBER: 20.0}, {})}
    kpis = [rollup("total", method, **kpi_fields), *(measured(key) for key in children)]
    links = [link("total", key, **fields) for key, (_, fields) in children.items()]
    return World(kpis, links, {key: series for key, (series, _) in children.items()})


@pytest.mark.parametrize(
    ("method", "value"),
    [(Rollup.SUM, 30), (Rollup.MEAN, 15), (Rollup.MIN, 10), (Rollup.MAX, 20), (Rollup.WEIGHTED_MEAN, 17.5)],
)
def test_parent_combines_its_children(method, value):
    world = family(method, b=({OCTOBER: 20.0}, {"weight": 3.0}))
    assert world.known("total") == {OCTOBER: value}


def test_cost_is_subtracted_from_profit():
    world = family(b=({OCTOBER: 4.0}, {"contribution": -1}))
    assert world.known("total") == {OCTOBER: 6}


def test_weights_do_not_scale_sums():
    assert family(a=({OCTOBER: 10.0}, {"weight": 5.0})).known("total") == {OCTOBER: 30}


def test_conversion_is_weighted_by_visits():
    kpis = [rollup("conversion", Rollup.WEIGHTED_MEAN), *(measured(key) for key in ("c1", "c2", "v1", "v2"))]
    links = [link("conversion", "c1", weight_by="v1"), link("conversion", "c2", weight_by="v2")]
    series = {"c1": {OCTOBER: 0.1}, "c2": {OCTOBER: 0.2}, "v1": {OCTOBER: 100.0}, "v2": {OCTOBER: 300.0}}
    assert World(kpis, links, series).known("conversion") == {OCTOBER: pytest.approx(0.175)}
    series["v1"][OCTOBER] = series["v2"][OCTOBER] = 0.0
    empty = World(kpis, links, series)
    assert empty.known("conversion") == {}
    assert empty.series("conversion", "problem")[OCTOBER] == Problem.DIVISION_BY_ZERO


def test_child_without_a_weight_counts_as_missing():
    kpis = [rollup("conversion", Rollup.WEIGHTED_MEAN), measured("c1"), measured("c2"), measured("visits")]
    links = [link("conversion", "c1", weight_by="visits"), link("conversion", "c2")]
    world = World(kpis, links, {"c1": {OCTOBER: 0.1}, "c2": {OCTOBER: 0.2}, "visits": {SEPTEMBER: 5.0}})
    assert world.known("conversion") == {OCTOBER: 0.2}
    assert world.series("conversion", "coverage")[OCTOBER] == 0.5


def test_weekly_visits_weigh_a_monthly_conversion():
    kpis = [rollup("conversion", Rollup.WEIGHTED_MEAN), measured("c1"), measured("c2")]
    kpis += [measured("v1", Frequency.WEEKLY), measured("v2", Frequency.WEEKLY)]
    links = [link("conversion", "c1", weight_by="v1"), link("conversion", "c2", weight_by="v2")]
    series = {"c1": {OCTOBER: 0.0}, "c2": {OCTOBER: 1.0}, "v2": {"2026-10-12": 3.0}}
    series["v1"] = {"2026-10-05": 4.0, "2026-10-12": 5.0}
    assert World(kpis, links, series).known("conversion") == {OCTOBER: 0.25}


def test_missing_child_is_left_out_and_the_value_partial():
    world = family(a=({SEPTEMBER: 10.0}, {}), b=({SEPTEMBER: 1.0, OCTOBER: 2.0}, {}))
    assert world.known("total") == {SEPTEMBER: 11, OCTOBER: 2}
    assert world.series("total", "coverage") == {SEPTEMBER: 1, OCTOBER: 0.5, NOVEMBER: 0}


def test_child_is_expected_from_its_first_value_on():
    world = family(a=({OCTOBER: 10.0}, {}), b=({SEPTEMBER: 1.0, OCTOBER: 2.0}, {}))
    assert world.series("total", "coverage")[SEPTEMBER] == 1


def test_child_that_never_had_a_value_is_not_expected():
    assert family(a=({}, {})).series("total", "coverage")[OCTOBER] == 1


def test_coverage_is_the_mean_of_the_childrens_coverage():
    kpis = [rollup("top"), rollup("left"), measured("a"), measured("b"), measured("c")]
    links = [link("top", "left"), link("top", "c"), link("left", "a"), link("left", "b")]
    series = {"a": {SEPTEMBER: 1.0}, "b": {SEPTEMBER: 1.0, OCTOBER: 1.0}, "c": {SEPTEMBER: 1.0, OCTOBER: 1.0}}
    assert World(kpis, links, series).series("top", "coverage")[OCTOBER] == 0.75


def test_no_child_present_is_missing_not_zero():
    world = family(a=({SEPTEMBER: 1.0}, {}), b=({}, {}))
    assert world.series("total") == {SEPTEMBER: 1, OCTOBER: None, NOVEMBER: None}


def test_child_counts_only_where_its_link_is_valid_at_the_periods_start():
    both = {SEPTEMBER: 1.0, OCTOBER: 1.0, NOVEMBER: 1.0}
    world = family(a=(both, {"valid_from": day("2026-09-15")}), b=(both, {"valid_to": day(OCTOBER)}))
    assert world.known("total") == {SEPTEMBER: 1, OCTOBER: 2, NOVEMBER: 1}


def test_child_that_moved_counts_first_here_then_there():
    kpis = [rollup("north"), rollup("south"), measured("shop")]
    links = [link("north", "shop", valid_to=day("2026-09-30")), link("south", "shop", valid_from=day(OCTOBER))]
    world = World(kpis, links, {"shop": {SEPTEMBER: 1.0, OCTOBER: 2.0}})
    assert world.known("north") == {SEPTEMBER: 1}
    assert world.known("south") == {OCTOBER: 2}


def test_child_counts_for_each_of_its_parents():
    kpis = [rollup("top"), rollup("region"), rollup("product"), measured("sale")]
    links = [link("region", "sale"), link("product", "sale"), link("top", "region")]
    world = World(kpis, links, {"sale": {OCTOBER: 7.0}})
    assert world.known("region") == world.known("product") == world.known("top") == {OCTOBER: 7}


def test_archived_child_counts_up_to_the_period_it_was_archived_in():
    series = {SEPTEMBER: 1.0, OCTOBER: 1.0, NOVEMBER: 1.0}
    kpis = [rollup("total"), measured("a", archived_on=dt.date(2026, 10, 10)), measured("b")]
    world = World(kpis, [link("total", "a"), link("total", "b")], {"a": series, "b": series})
    assert world.series("a") == {SEPTEMBER: 1, OCTOBER: 1}
    assert world.known("total") == {SEPTEMBER: 2, OCTOBER: 2, NOVEMBER: 1}
    assert world.series("total", "coverage")[NOVEMBER] == 1


def test_archived_roll_up_counts_up_to_the_day_it_was_archived_on():
    kpis = [rollup("total"), measured("a", Frequency.DAILY)]
    kpis.append(rollup("region", frequency=Frequency.DAILY, archived_on=dt.date(2026, 10, 10)))
    links = [link("total", "region"), link("region", "a")]
    world = World(kpis, links, {"a": {"2026-10-09": 1.0, "2026-10-20": 2.0}})
    assert world.known("total") == {OCTOBER: 1}


def test_measured_parent_is_not_computed_from_its_children():
    kpis = [measured("survey"), measured("answers")]
    world = World(kpis, [link("survey", "answers")], {"survey": {OCTOBER: 3.0}, "answers": {OCTOBER: 9.0}})
    assert world.known("survey") == {OCTOBER: 3}


def test_overflowing_roll_up_is_missing_and_leaves_its_parent_partial():
    kpis = [rollup("top"), rollup("big"), measured("a"), measured("b"), measured("c")]
    links = [link("top", "big"), link("top", "c"), link("big", "a"), link("big", "b")]
    world = World(kpis, links, {"a": {OCTOBER: 1.5e308}, "b": {OCTOBER: 1.5e308}, "c": {OCTOBER: 1.0}})
    assert world.series("big", "problem")[OCTOBER] == Problem.OVERFLOW
    assert world.known("top") == {OCTOBER: 1}
    assert world.series("top", "coverage")[OCTOBER] == 0.5


def test_roll_up_without_any_data_has_no_series():
    assert family(a=({}, {}), b=({}, {})).series("total") == {}
