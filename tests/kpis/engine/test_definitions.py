import pytest

from kpis.engine.cycles import CycleError, find_cycle
from kpis.engine.definitions import Direction, Rollup, Target
from kpis.engine.graph import Graph
from kpis.engine.links import link_refusals, warns_of_plain_mean
from kpis.engine.periods import Calendar, Frequency
from kpis.engine.targets import target_refusals
from kpis.engine.units import Unit, UnitKind
from tests.kpis.engine.world import day, link, measured, rollup


def refused_targets(*targets, direction=Direction.INCREASE, unit="number"):
    rules = {"direction": direction, "frequency": Frequency.MONTHLY, "calendar": Calendar()}
    return [(refusal.index, refusal.code) for refusal in target_refusals(targets, unit=Unit.parse(unit), **rules)]


def target(date="2026-10-01", *numbers, **fields):
    return Target(day(date), *numbers, **fields)


def test_plain_targets_are_accepted():
    assert refused_targets(target("2026-10-01", 700.0), target("2026-11-01", 800.0, 500.0)) == []
    assert refused_targets(target(low=1.0, high=2.0), direction=Direction.BETWEEN) == []
    assert refused_targets(target("2026-10-01", 0.2, 0.1), unit="percent") == []


@pytest.mark.parametrize(
    ("row", "direction", "unit", "code"),
    [
        (target("2026-10-01", 0.2), Direction.INCREASE, "percent", "floor_required"),
        (target("2026-10-01", 2.0), Direction.DECREASE, "ratio", "floor_required"),
        (target("2026-10-01", 0.0), Direction.DECREASE, "number", "floor_required"),
        (target("2026-10-01", 5.0, 5.0), Direction.INCREASE, "number", "floor_equals_target"),
        (target("2026-10-01", 1.0, sum([0.1] * 10)), Direction.INCREASE, "number", "floor_equals_target"),
        (target("2026-10-01", 5.0, 6.0), Direction.INCREASE, "number", "floor_on_wrong_side"),
        (target("2026-10-01", 5.0, 4.0), Direction.DECREASE, "number", "floor_on_wrong_side"),
        (target("2026-10-01"), Direction.INCREASE, "number", "target_required"),
        (target("2026-10-01", float("nan")), Direction.INCREASE, "number", "not_a_number"),
        (target("2026-10-01", 5.0, low=1.0), Direction.INCREASE, "number", "only_for_between"),
        (target(low=2.0, high=2.0), Direction.BETWEEN, "number", "low_not_below_high"),
        (target(low=3.0, high=2.0), Direction.BETWEEN, "number", "low_not_below_high"),
        (target(low=3.0), Direction.BETWEEN, "number", "bounds_required"),
        (target("2026-10-01", 5.0, low=1.0, high=2.0), Direction.BETWEEN, "number", "not_for_between"),
    ],
)
def test_target_that_means_nothing_is_refused(row, direction, unit, code):
    assert refused_targets(row, direction=direction, unit=unit) == [(0, code)]


def test_two_targets_in_one_period_are_refused():
    assert refused_targets(target("2026-10-01", 1.0), target("2026-10-31", 2.0)) == [(1, "period_taken")]


def refused_link(parent, child, weigher=None, **fields):
    return [refusal.code for refusal in link_refusals(link(parent.key, child.key, **fields), parent, child, weigher)]


def test_plain_link_is_accepted():
    assert refused_link(rollup("total"), measured("part", Frequency.DAILY), contribution=-1) == []


def test_children_in_another_unit_are_refused_with_both_units_named():
    parent, child = rollup("total", unit="currency:EUR"), measured("part", unit="currency:USD")
    [refusal] = link_refusals(link("total", "part"), parent, child)
    assert refusal.code == "unit_mismatch"
    assert "currency:USD" in refusal.detail
    assert "currency:EUR" in refusal.detail


def test_any_kpi_may_ladder_into_one_that_is_measured():
    assert refused_link(measured("total", unit="percent"), measured("part", Frequency.YEARLY)) == []


@pytest.mark.parametrize(
    ("parent", "child", "fields", "code"),
    [
        (rollup("t"), measured("p", Frequency.YEARLY), {}, "child_coarser"),
        (rollup("t", Rollup.MEAN), measured("p"), {"contribution": -1}, "contribution"),
        (rollup("t", Rollup.MAX), measured("p"), {"contribution": -1}, "contribution"),
        (rollup("t"), measured("p"), {"contribution": 2}, "contribution"),
        (rollup("t"), measured("p"), {"weight": 0.0}, "weight"),
        (rollup("t"), measured("p"), {"weight": float("inf")}, "weight"),
        (rollup("t"), measured("p"), {"valid_from": day("2026-02-01"), "valid_to": day("2026-01-01")}, "validity"),
    ],
)
def test_link_that_cannot_be_computed_is_refused(parent, child, fields, code):
    assert refused_link(parent, child, **fields) == [code]


def test_weight_must_fit_a_weighted_mean():
    mean = rollup("t", Rollup.WEIGHTED_MEAN)
    assert refused_link(mean, measured("p"), measured("visits", Frequency.DAILY)) == []
    assert refused_link(mean, measured("p"), measured("visits", Frequency.YEARLY)) == ["weigher_coarser"]
    assert refused_link(rollup("t"), measured("p"), measured("visits")) == ["weight_by"]


def test_plain_mean_of_shares_warns():
    assert warns_of_plain_mean(rollup("t", Rollup.MEAN, unit="percent"), measured("p", unit="percent"))
    assert not warns_of_plain_mean(rollup("t", Rollup.WEIGHTED_MEAN, unit="percent"), measured("p", unit="percent"))


def test_cycle_is_refused_with_its_path():
    edges = [("top", "mrr"), ("mrr", "arpa"), ("arpa", "seats"), ("arpa", "mrr")]
    assert find_cycle(edges) == ["mrr", "arpa", "mrr"]
    assert find_cycle(edges[:3]) is None
    assert find_cycle([("mrr", "mrr")]) == ["mrr", "mrr"]
    kpis = [rollup(key) for key in ("top", "mrr", "arpa", "seats")]
    with pytest.raises(CycleError, match="mrr -> arpa -> mrr") as error:
        Graph(Calendar(), kpis, [link(*edge) for edge in edges])
    assert error.value.path == ["mrr", "arpa", "mrr"]


def test_cycle_through_a_weight_is_refused():
    kpis = [rollup("rate", Rollup.WEIGHTED_MEAN), measured("part"), rollup("visits")]
    with pytest.raises(CycleError, match="rate -> visits -> rate"):
        Graph(Calendar(), kpis, [link("rate", "part", weight_by="visits"), link("visits", "rate")])


def test_two_ways_to_the_same_kpi_are_no_cycle_and_long_chains_no_danger():
    assert find_cycle([("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]) is None
    assert find_cycle([(number, number + 1) for number in range(50_000)]) is None


def test_ancestors_and_descendants_follow_the_computation():
    kpis = [rollup("a"), rollup("b"), measured("c"), measured("d"), measured("e")]
    graph = Graph(Calendar(), kpis, [link("a", "b"), link("b", "c"), link("b", "d"), link("d", "e")])
    keys = [kpi.key for kpi in graph.kpis]
    rows = graph.ancestors([keys.index("c")]), graph.descendants([keys.index("a")]), graph.ancestors([keys.index("e")])
    assert [[keys[row] for row in found] for found in rows] == [["a", "b"], ["b", "c", "d"], []]


@pytest.mark.parametrize("text", ["number", "percent", "ratio", "currency:EUR", "duration:min", "custom:tickets: open"])
def test_unit_reads_back_as_it_was_written(text):
    assert str(Unit.parse(text)) == text


def test_unit_knows_its_parts():
    assert Unit.parse("currency:EUR") == Unit(UnitKind.CURRENCY, "EUR")
    assert [Unit.parse(text).is_fraction for text in ("percent", "ratio", "number")] == [True, True, False]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "euro",
        "currency",
        "currency:eur",
        "currency:",
        "number:",
        "number:3",
        "duration:weeks",
        "custom:",
        "custom: x",
        "custom:\n",
    ],
)
def test_unknown_unit_is_refused_with_what_is_accepted(text):
    with pytest.raises(ValueError, match="currency:<ISO 4217 code>"):
        Unit.parse(text)
