"""Changes explained, each worked out by hand."""

from itertools import pairwise

import pytest

from kpis.engine.definitions import Aggregation, Rollup
from kpis.engine.explaining.splits import Mark, Reason
from kpis.engine.explaining.wanted import MOST_PARTS
from kpis.engine.periods import Calendar, Frequency
from tests.kpis.engine.explaining.asking import (
    AUGUST,
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    autumn,
    changes,
    part,
    why,
    world_of,
)
from tests.kpis.engine.world import World, day, formula, link, measured, rollup

# Sums


def test_a_sum_changes_by_what_its_children_change_with_their_sign():
    links = [link("profit", "sales"), link("profit", "costs", contribution=-1, weight=7.0)]
    explained = autumn(world_of(rollup("profit"), links=links, sales=(100, 130), costs=(40, 50)), "profit")
    assert (explained.value, explained.base_value, explained.change) == (80, 60, 20)
    assert changes(explained) == {"sales": 30, "costs": -10}
    assert [one.share for one in explained.parts] == [1.5, -0.5]
    assert part(explained, "costs").own_change == 10


def test_the_largest_part_comes_first():
    links = [link("all", key) for key in "abc"]
    explained = autumn(world_of(rollup("all"), links=links, a=(1, 2), b=(1, -9), c=(1, 4)), "all")
    assert [one.kpi for one in explained.parts] == ["b", "c", "a"]


def test_a_child_that_joined_counts_from_nothing_whatever_it_was_before():
    links = [link("all", "a"), link("all", "b", valid_from=day(OCTOBER)), link("all", "c", valid_to=day(SEPTEMBER))]
    explained = autumn(world_of(rollup("all"), links=links, a=(10, 11), b=(7, 5), c=(3, 4)), "all")
    assert changes(explained) == {"a": 1, "b": 5, "c": -3}
    assert {one.kpi: one.mark for one in explained.parts} == {"a": None, "b": Mark.JOINED, "c": Mark.LEFT}
    assert part(explained, "b").own_change == -2


def test_a_child_whose_value_is_missing_is_absent_too():
    links = [link("all", key) for key in "abcd"]
    explained = autumn(
        world_of(rollup("all"), links=links, a=(10, 11), b=(None, 5), c=(3, None), d=(None, None)), "all"
    )
    assert changes(explained) == {"a": 1, "b": 5, "c": -3, "d": 0}
    marks = {one.kpi: (one.mark, one.own_change, one.problem) for one in explained.parts}
    assert marks == {
        "a": (None, 1, None),
        "b": (Mark.JOINED, None, Reason.BASE_VALUE_MISSING),
        "c": (Mark.LEFT, None, Reason.VALUE_MISSING),
        "d": (None, None, Reason.VALUE_MISSING),
    }


def test_a_child_that_belonged_to_neither_period_is_no_part():
    links = [link("all", "a"), link("all", "b", valid_to=day(AUGUST))]
    assert changes(autumn(world_of(rollup("all"), links=links, a=(1, 2), b=(1, 2)), "all")) == {"a": 1}


def test_two_links_to_a_child_one_after_the_other_are_one_part():
    links = [link("all", "a"), link("all", "b", valid_to=day(SEPTEMBER))]
    links += [link("all", "b", contribution=-1, valid_from=day(OCTOBER))]
    explained = autumn(world_of(rollup("all"), links=links, a=(1, 2), b=(3, 4)), "all")
    assert changes(explained) == {"a": 1, "b": -7}
    assert part(explained, "b").mark is None


def test_shares_are_left_out_where_nothing_changed_in_the_end():
    links = [link("all", "a"), link("all", "b")]
    explained = autumn(world_of(rollup("all"), links=links, a=(1, 3), b=(3, 1)), "all")
    assert explained.change == 0
    assert [(one.change, one.share) for one in explained.parts] == [(2, None), (-2, None)]


# Means


def test_a_mean_changes_by_each_childs_distance_from_where_it_was():
    links = [link("rating", key) for key in "ab"]
    explained = autumn(world_of(rollup("rating", Rollup.MEAN), links=links, a=(3, 4), b=(5, 5)), "rating")
    assert (explained.value, explained.base_value) == (4.5, 4)
    assert changes(explained) == {"a": 0.5, "b": 0}


def test_a_weighted_mean_splits_changed_values_and_changed_weights():
    """Conversion 10 % of 100 visits and 30 % of 100 was 20 %; 10 % of 300 and 32 % of 100 is 15.5 %."""
    kpi = rollup("conversion", Rollup.WEIGHTED_MEAN)
    links = [link("conversion", "web", weight_by="web_visits"), link("conversion", "shop", weight_by="shop_visits")]
    values = {"web": (0.1, 0.1), "shop": (0.3, 0.32), "web_visits": (100, 300), "shop_visits": (100, 100)}
    explained = autumn(world_of(kpi, links=links, **values), "conversion")
    assert explained.base_value == pytest.approx(0.2)
    assert explained.value == pytest.approx(0.155)
    # 0.75 * (0.1 - 0.2) - 0.5 * (0.1 - 0.2) and 0.25 * (0.32 - 0.2) - 0.5 * (0.3 - 0.2)
    assert changes(explained) == {"web": -0.025, "shop": -0.02}


def test_a_child_that_joins_a_mean_contributes_what_it_pulls():
    links = [link("rating", key, weight=weight) for key, weight in (("a", 1.0), ("b", 3.0))]
    explained = autumn(world_of(rollup("rating", Rollup.WEIGHTED_MEAN), links=links, a=(4, 4), b=(None, 2)), "rating")
    assert (explained.value, explained.base_value) == (2.5, 4)
    assert changes(explained) == {"b": -1.5, "a": 0}
    assert part(explained, "b").mark is Mark.JOINED


# Formulas


def test_a_ratio_is_split_by_the_shapley_value():
    """100 / 10 = 10 became 160 / 8 = 20. Sales alone: 16, baskets alone: 12.5.

    Sales: ((16 - 10) + (20 - 12.5)) / 2 = 6.75; baskets: ((12.5 - 10) + (20 - 16)) / 2 = 3.25.
    """
    explained = autumn(world_of(formula("average", "sales / baskets"), sales=(100, 160), baskets=(10, 8)), "average")
    assert changes(explained) == {"sales": 6.75, "baskets": 3.25}
    assert (part(explained, "sales").own_change, part(explained, "baskets").own_change) == (60, -2)


def test_a_product_of_three_is_split_by_the_shapley_value():
    """2 * 2 * 2 = 8 became 3 * 4 * 2 = 24: of the 16, c has nothing, a ((12 - 8) + (24 - 16)) / 2, b the rest."""
    explained = autumn(world_of(formula("p", "a * b * c"), a=(2, 3), b=(2, 4), c=(2, 2)), "p")
    assert changes(explained) == {"a": 6, "b": 10, "c": 0}


def test_an_operand_switches_together_with_its_earlier_values():
    """With 4, 10, 12 the growth of a was 6 / 4 and is 2 / 10: a alone explains it, b nothing."""
    world = World(
        [formula("g", "growth(a) + 0 * b"), measured("a"), measured("b")],
        [],
        {"a": {AUGUST: 4.0, SEPTEMBER: 10.0, OCTOBER: 12.0}, "b": {SEPTEMBER: 1.0, OCTOBER: 5.0}},
    )
    assert changes(autumn(world, "g")) == {"a": -1.3, "b": 0}


def test_lagged_operands_are_mixed_period_by_period():
    """prev(a) * b: 4 * 2 became 10 * 3. a: ((20 - 8) + (30 - 12)) / 2, b: ((12 - 8) + (30 - 20)) / 2."""
    world = World(
        [formula("p", "prev(a) * b"), measured("a"), measured("b")],
        [],
        {"a": {AUGUST: 4.0, SEPTEMBER: 10.0, OCTOBER: 99.0}, "b": {SEPTEMBER: 2.0, OCTOBER: 3.0}},
    )
    explained = autumn(world, "p")
    assert changes(explained) == {"a": 15, "b": 7}
    assert part(explained, "a").own_change == 89


def test_the_year_so_far_belongs_to_each_side_s_own_year():
    """In a year from October: ytd(a) was 1 + 2 in September, the first year, and is 5 in October, the second."""
    world = World(
        [formula("y", "ytd(a) + b"), measured("a"), measured("b")],
        [],
        {"a": {AUGUST: 1.0, SEPTEMBER: 2.0, OCTOBER: 5.0}, "b": {SEPTEMBER: 1.0, OCTOBER: 1.0}},
        calendar=Calendar(fiscal_year_start=10),
    )
    explained = autumn(world, "y")
    assert (explained.value, explained.base_value) == (6, 4)
    assert changes(explained) == {"a": 2, "b": 0}


def test_two_uses_of_one_kpi_are_one_operand():
    explained = autumn(world_of(formula("s", "a / (a + b)"), a=(1, 3), b=(1, 1)), "s")
    assert changes(explained) == {"a": 0.25, "b": 0}


def test_a_nested_formula_is_explained_level_by_level():
    kpis = [formula("margin", "profit / sales"), formula("profit", "sales - costs")]
    explained = autumn(world_of(*kpis, sales=(100, 200), costs=(50, 50)), "margin")
    assert explained.change == 0.25
    # profit alone 150 / 100, sales alone 50 / 200
    assert changes(explained) == {"profit": 0.75, "sales": -0.5}
    assert changes(part(explained, "profit")) == {"sales": 100, "costs": 0}


def test_what_ladders_up_is_one_operand_with_the_children_as_its_parts():
    links = [link("total", "a"), link("total", "b", contribution=-1)]
    explained = autumn(
        world_of(formula("total", "children_sum() * f"), links=links, a=(8, 9), b=(3, 1), f=(2, 3)), "total"
    )
    # 5 * 2 became 8 * 3
    assert changes(explained) == {"children_sum(total)": 7.5, "f": 6.5}
    children = part(explained, "children_sum(total)")
    assert (children.value, children.base_value, children.own_change) == (8, 5, 3)
    assert changes(children) == {"b": 2, "a": 1}


def test_the_mean_of_what_ladders_up_to_another_kpi_weighs_its_children_alike():
    links = [link("rating", "a", weight=3.0, weight_by="w"), link("rating", "b", weight_by="w")]
    kpis = [rollup("rating", Rollup.WEIGHTED_MEAN), formula("doubled", "children_mean(rating) * 2")]
    explained = autumn(world_of(*kpis, links=links, a=(1, 2), b=(3, 6), w=(5, 7)), "doubled")
    assert (explained.value, explained.base_value) == (8, 4)
    assert changes(part(explained, "children_mean(rating)")) == {"b": 1.5, "a": 0.5}


def test_a_missing_operand_that_counts_as_something_joins():
    explained = autumn(world_of(formula("net", "sales - coalesce(refunds, 0)"), sales=(9, 9), refunds=(None, 2)), "net")
    assert changes(explained) == {"refunds": -2, "sales": 0}
    assert (part(explained, "refunds").mark, part(explained, "refunds").own_change) == (Mark.JOINED, None)


def test_a_formula_without_operands_has_no_parts():
    explained = autumn(world_of(formula("five", "5"), a=(1, 2)), "five")
    assert (explained.change, explained.problem, explained.parts) == (0, None, ())


def test_eight_operands_are_split_and_nine_are_too_many():
    values = {f"k{number}": (number, number + 1) for number in range(9)}
    eight, nine = (" + ".join(list(values)[:count]) for count in (8, 9))
    world = world_of(formula("eight", eight), formula("nine", nine), **values)
    assert changes(autumn(world, "eight")) == dict.fromkeys(list(values)[:8], 1)
    explained = autumn(world, "nine")
    assert (explained.change, explained.problem, explained.parts) == (9, Reason.TOO_MANY_OPERANDS, ())


def test_a_mixture_that_cannot_be_computed_leaves_no_parts():
    """0 / 0 is never met, but sales of now over the baskets of then would be a division by zero."""
    text = "if(sales == 0, 0, sales / baskets)"
    explained = autumn(world_of(formula("average", text), sales=(0, 160), baskets=(0, 8)), "average")
    assert (explained.change, explained.problem, explained.parts) == (20, Reason.MIXED_COMBINATION_MISSING, ())


# The smallest and the greatest


def test_the_greatest_child_is_split_by_the_shapley_value():
    """max(5, 3) became max(4, 9). b alone: 9, a alone: 4; a: ((4 - 5) + (9 - 9)) / 2, b: ((9 - 5) + (9 - 4)) / 2."""
    links = [link("peak", key) for key in "ab"]
    explained = autumn(world_of(rollup("peak", Rollup.MAX), links=links, a=(5, 4), b=(3, 9)), "peak")
    assert changes(explained) == {"b": 4.5, "a": -0.5}


def test_a_smallest_child_that_joined_explains_the_fall():
    links = [link("least", "a"), link("least", "b", valid_from=day(OCTOBER))]
    explained = autumn(world_of(rollup("least", Rollup.MIN), links=links, a=(5, 5), b=(1, 2)), "least")
    assert changes(explained) == {"b": -3, "a": 0}
    assert part(explained, "b").mark is Mark.JOINED


def test_too_many_children_of_a_greatest_are_not_split():
    values = {f"k{number}": (number, number + 1) for number in range(9)}
    world = world_of(rollup("peak", Rollup.MAX), links=[link("peak", key) for key in values], **values)
    assert autumn(world, "peak").problem is Reason.TOO_MANY_OPERANDS


# Missing values, depth


def test_a_missing_value_or_base_value_says_which():
    world = world_of(rollup("all"), links=[link("all", "a")], a=(1, 2))
    for period, base, problem in (
        (NOVEMBER, OCTOBER, Reason.VALUE_MISSING),
        (OCTOBER, AUGUST, Reason.BASE_VALUE_MISSING),
        (NOVEMBER, AUGUST, Reason.VALUE_MISSING),
    ):
        explained = why(world, "all", period, base)
        assert (explained.change, explained.problem, explained.parts) == (None, problem, ())


def test_a_change_too_large_for_a_number_is_not_given():
    explained = autumn(world_of(rollup("all"), links=[link("all", "a")], a=(-1.7e308, 1.7e308)), "all")
    assert (explained.change, explained.problem) == (None, Reason.OVERFLOW)


def test_a_coarser_value_that_stays_valid_is_an_operand_without_parts():
    staff = measured("staff", Frequency.YEARLY, aggregation=Aggregation.LAST, carry_forward=1)
    world = World(
        [formula("per_head", "sales / staff"), measured("sales"), staff],
        [],
        {"sales": {SEPTEMBER: 10.0, OCTOBER: 30.0}, "staff": {"2025-06-30": 5.0}},
    )
    explained = autumn(world, "per_head")
    assert (explained.value, explained.base_value) == (6, 2)
    assert changes(explained) == {"sales": 4, "staff": 0}


def test_a_kpi_below_two_others_is_a_part_of_both():
    kpis = [rollup("all"), rollup("one"), rollup("two")]
    links = [link("all", "one"), link("all", "two"), link("one", "a"), link("two", "a")]
    explained = autumn(world_of(*kpis, links=links, a=(1, 4)), "all")
    assert changes(part(explained, "one")) == changes(part(explained, "two")) == {"a": 3}


@pytest.mark.parametrize(("most", "levels"), [(8, 3), (7, 2), (4, 2), (3, 1), (1, 1)])
def test_a_tree_of_more_parts_than_are_wanted_is_shown_less_deep_but_never_without_parts(most, levels):
    kpis = [rollup(key) for key in ("all", "one", "two")]
    links = [link("all", "one"), link("all", "two"), link("one", "a"), link("one", "b")]
    kpis += [rollup("a")]
    links += [link("a", key) for key in ("c", "d", "e", "f")]
    world = world_of(*kpis, links=links, b=(1, 2), c=(1, 2), d=(1, 2), e=(1, 2), f=(1, 2))
    explained = autumn(world, "all", depth=3, most=most)
    assert explained.depth == levels
    assert set(changes(explained)) == {"one", "two"}
    assert bool(part(explained, "one").parts) == (levels > 1)


def test_a_small_graph_that_makes_a_huge_tree_is_shown_less_deep():
    storeys = [(f"l{level}", f"r{level}") for level in range(30)]
    kpis = [rollup(key) for pair in storeys for key in pair] + [measured("ground")]
    links = [link(key, beneath) for pair, below in pairwise(storeys) for key in pair for beneath in below]
    links += [link(key, "ground") for key in storeys[-1]]
    world = World(kpis, links, {"ground": {SEPTEMBER: 1.0, OCTOBER: 2.0}})
    explained = autumn(world, "l0", depth=40)
    assert explained.depth == 13
    assert 2 ** (explained.depth + 1) - 2 <= MOST_PARTS < 2 ** (explained.depth + 2) - 2
