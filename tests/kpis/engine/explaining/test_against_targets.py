"""Why a value is not its target."""

from kpis.engine.definitions import Rollup, Target
from kpis.engine.explaining.splits import Of, Reason
from kpis.engine.periods import Frequency
from tests.kpis.engine.explaining.asking import (
    OCTOBER,
    changes,
    months,
    part,
    why,
    world_of,
)
from tests.kpis.engine.world import World, day, formula, link, measured, rollup

Q3 = "2026-07-01"


def targeted(key, target, kind=measured, **fields):
    return kind(key, targets=(Target(day("2026-01-01"), target),), **fields)


def test_a_sum_against_its_target_is_split_by_the_childrens_targets():
    kpis = [targeted("profit", 60.0, rollup), targeted("sales", 100.0), targeted("costs", 30.0)]
    links = [link("profit", "sales"), link("profit", "costs", contribution=-1)]
    world = world_of(*kpis, links=links, sales=(90, 95), costs=(30, 45))
    explained = why(world, "profit", OCTOBER, "target")
    assert (explained.value, explained.base_value, explained.change, explained.base) == (50, 60, -10, None)
    # 95 - 100, -(45 - 30), and 100 - 30 that the children aim at over the 60
    assert changes(explained) == {"costs": -15, "sales": -5, "remainder": 10}
    remainder = explained.parts[-1]
    assert (remainder.kpi, remainder.of, remainder.own_change, remainder.problem) == (None, Of.REMAINDER, None, None)


def test_targets_that_add_up_leave_no_remainder():
    kpis = [targeted("all", 30.0, rollup), targeted("a", 10.0), targeted("b", 20.0)]
    world = world_of(*kpis, links=[link("all", "a"), link("all", "b")], a=(9, 9), b=(21, 22))
    assert changes(why(world, "all", OCTOBER, "target")) == {"b": 2, "a": -1}


def test_a_mean_against_its_target_has_the_weights_of_now():
    kpis = [targeted("all", 0.5, lambda key, **fields: rollup(key, Rollup.WEIGHTED_MEAN, **fields))]
    kpis += [targeted("a", 0.4), targeted("b", 0.8)]
    links = [link("all", "a", weight=3.0), link("all", "b")]
    explained = why(world_of(*kpis, links=links, a=(0.2, 0.2), b=(0.2, 0.6)), "all", OCTOBER, "target")
    # 0.75 * (0.2 - 0.4), 0.25 * (0.6 - 0.8), and 0.75 * 0.4 + 0.25 * 0.8 against 0.5
    assert changes(explained) == {"a": -0.15, "b": -0.05}


def test_a_child_without_a_target_is_named_as_the_reason():
    kpis = [targeted("all", 30.0, rollup), targeted("a", 10.0)]
    world = world_of(*kpis, links=[link("all", "a"), link("all", "b")], a=(9, 9), b=(21, 22))
    explained = why(world, "all", OCTOBER, "target")
    assert (explained.change, explained.problem, explained.parts) == (1, Reason.CHILDREN_WITHOUT_TARGET, ())


def test_a_missing_child_misses_its_whole_target():
    kpis = [targeted("all", 30.0, rollup), targeted("a", 10.0), targeted("b", 20.0)]
    world = world_of(*kpis, links=[link("all", "a"), link("all", "b")], a=(9, 9), b=(21, None))
    explained = why(world, "all", OCTOBER, "target")
    assert changes(explained) == {"b": -20, "a": -1}
    assert part(explained, "b").problem is Reason.VALUE_MISSING


def test_formulas_and_extremes_are_not_split_against_a_target():
    kpis = [targeted("ratio", 3.0, lambda key, **fields: formula(key, "a / b", **fields)), targeted("a", 10.0)]
    kpis += [targeted("peak", 9.0, lambda key, **fields: rollup(key, Rollup.MAX, **fields))]
    world = world_of(*kpis, links=[link("peak", "a")], a=(8, 8), b=(2, 2))
    for key in ("ratio", "peak"):
        explained = why(world, key, OCTOBER, "target")
        assert (explained.problem, explained.parts) == (Reason.NOT_SPLIT_AGAINST_TARGET, ())


def test_a_kpi_without_a_target_says_so():
    explained = why(world_of(a=(1, 2)), "a", OCTOBER, "target")
    assert (explained.value, explained.change, explained.problem) == (2, None, Reason.NO_TARGET)


def test_a_quarters_target_is_met_by_what_its_months_aim_at():
    kpis = [targeted("quarter", 100.0, rollup, frequency=Frequency.QUARTERLY), targeted("a", 30.0)]
    explained = why(World(kpis, [link("quarter", "a")], months(a=(20.0,) * 6)), "quarter", Q3, "target")
    assert (explained.value, explained.base_value) == (60, 100)
    assert part(explained, "a").base_value == 90
    assert changes(explained) == {"a": -30, "remainder": -10}
