"""Changes between quarters, of what is finer than that."""

import pytest

from kpis.engine.definitions import Aggregation, Rollup
from kpis.engine.explaining.splits import Mark
from kpis.engine.periods import Frequency
from tests.kpis.engine.explaining.asking import (
    assert_adds_up,
    changes,
    months,
    part,
    why,
)
from tests.kpis.engine.world import World, day, formula, link, measured, rollup

Q2, Q3 = "2026-04-01", "2026-07-01"


def summer(world, key):
    explained = why(world, key, Q3, Q2)
    assert_adds_up(explained, explained.change)
    return explained


def test_a_quarter_is_explained_by_the_quarters_of_its_months():
    kpis = [rollup("quarter", frequency=Frequency.QUARTERLY), rollup("region"), measured("a"), measured("b")]
    links = [link("quarter", "region"), link("region", "a"), link("region", "b", valid_from=day(Q3))]
    series = months(a=(1.0, 2.0, 3.0, 4.0, 5.0, 6.0), b=(1.0, 1.0, 1.0, 2.0, 2.0, 2.0))
    explained = summer(World(kpis, links, series), "quarter")
    assert (explained.value, explained.base_value) == (21, 6)
    region = part(explained, "region")
    assert (region.value, region.base_value, region.own_change) == (21, 6, 15)
    assert changes(region) == {"a": 9, "b": 6}
    assert (part(region, "b").mark, part(region, "b").own_change) == (Mark.JOINED, 3)


def test_a_child_that_joined_within_the_quarter_counts_its_months():
    kpis = [rollup("quarter", frequency=Frequency.QUARTERLY), rollup("region"), measured("a"), measured("b")]
    links = [link("quarter", "region"), link("region", "a"), link("region", "b", valid_from=day("2026-09-01"))]
    series = months(a=(1.0,) * 6, b=(5.0,) * 6)
    explained = summer(World(kpis, links, series), "quarter")
    assert changes(part(explained, "region")) == {"b": 5, "a": 0}
    assert part(explained, "region", "b").own_change == 0


def test_a_formula_beneath_a_quarter_is_a_ratio_of_sums():
    """Averages 10, 10, 10 and 20, 10, 10 of quarters with 3 and 3 baskets: 30 / 3 and 40 / 3."""
    kpis = [formula("aov", "sales / baskets"), measured("sales"), measured("baskets")]
    kpis += [formula("index", "aov * 100", frequency=Frequency.QUARTERLY)]
    series = months(sales=(10.0, 10.0, 10.0, 20.0, 10.0, 10.0), baskets=(1.0,) * 6)
    explained = summer(World(kpis, [], series), "index")
    aov = part(explained, "aov")
    assert (aov.value, aov.base_value) == (40 / 3, 10)
    assert changes(aov) == {"sales": round(10 / 3, 9), "baskets": 0}
    assert (part(aov, "sales").value, part(aov, "sales").base_value) == (40, 30)


@pytest.mark.parametrize(
    ("aggregation", "value", "base", "parts"),
    [
        (Aggregation.SUM, 21, 9, {"a": 9, "b": 3}),
        (Aggregation.MEAN, 7, 3, {"a": 3, "b": 1}),
        (Aggregation.LAST, 8, 4, {"a": 3, "b": 1}),
        (Aggregation.MAX, 8, 4, {"a": 3, "b": 1}),
        (Aggregation.MIN, 6, 2, {"a": 3, "b": 1}),
    ],
)
def test_a_finer_sum_is_taken_to_the_quarter_by_its_own_aggregation(aggregation, value, base, parts):
    kpis = [
        rollup("top", frequency=Frequency.QUARTERLY),
        rollup("mid", aggregation=aggregation),
        measured("a"),
        measured("b"),
    ]
    links = [link("top", "mid"), link("mid", "a"), link("mid", "b")]
    series = months(a=(1.0, 2.0, 3.0, 4.0, 5.0, 6.0), b=(1.0, 1.0, 1.0, 2.0, 2.0, 2.0))
    mid = part(summer(World(kpis, links, series), "top"), "mid")
    assert (mid.value, mid.base_value) == (value, base)
    assert changes(mid) == parts


def test_a_finer_mean_that_adds_up_over_time_has_more_to_add_when_more_months_have_values():
    kpis = [rollup("top", frequency=Frequency.QUARTERLY), rollup("mid", Rollup.MEAN), measured("a"), measured("b")]
    links = [link("top", "mid"), link("mid", "a"), link("mid", "b")]
    series = {
        "a": {"2026-05-01": 4.0, "2026-07-01": 4.0, "2026-08-01": 6.0},
        "b": {"2026-05-01": 2.0, "2026-08-01": 2.0},
    }
    mid = part(summer(World(kpis, links, series), "top"), "mid")
    assert (mid.value, mid.base_value) == (8, 3)
    assert changes(mid) == {"a": 5, "b": 0}


def test_the_greatest_of_the_days_is_split_by_whole_windows():
    """Peaks by month are 5, 5, 5 and then 5, 9, 5: only b's months moved."""
    kpis = [rollup("top", frequency=Frequency.QUARTERLY), rollup("peak", Rollup.MAX, aggregation=Aggregation.MAX)]
    kpis += [measured("a"), measured("b")]
    links = [link("top", "peak"), link("peak", "a"), link("peak", "b")]
    series = months(a=(5.0,) * 6, b=(1.0, 1.0, 1.0, 1.0, 9.0, 1.0))
    assert changes(part(summer(World(kpis, links, series), "top"), "peak")) == {"b": 4, "a": 0}
