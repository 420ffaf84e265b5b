"""What holds whatever the organization looks like."""

import math
import random

from hypothesis import given
from hypothesis import strategies as st

from kpis.engine.definitions import Link, Rollup, Source
from kpis.engine.periods import FREQUENCIES, Frequency
from kpis.engine.scoring import Status
from tests.kpis.engine.strategies import CALENDARS, SERIES, organizations
from tests.kpis.engine.world import World, link, measured, rollup
from tests.lots import examples


def evaluated(organization, shuffle=None):
    calendar, kpis, links, series = organization
    texts = {id: [(str(date), value) for date, value in values.items()] for id, values in series.items()}
    for pairs in texts.values():
        if shuffle:
            shuffle.shuffle(pairs)
    return World(kpis, links, {id: dict(pairs) for id, pairs in texts.items()}, calendar=calendar)


@examples(40)
@given(calendar=CALENDARS, data=st.data())
def test_sum_roll_up_equals_the_sum_of_the_leaves_whatever_the_tree(calendar, data):
    size = data.draw(st.integers(1, 6))
    kpis, links, signs = [rollup("0")], [], {"0": 1}
    for number in range(1, size + 1):
        parent = data.draw(st.sampled_from([kpi.key for kpi in kpis if kpi.source is Source.ROLLUP]))
        contribution, key = data.draw(st.sampled_from([1, -1])), str(number)
        kpis.append(data.draw(st.sampled_from([rollup, measured]))(key))
        links.append(link(parent, key, contribution=contribution))
        signs[key] = signs[parent] * contribution
    series = {
        kpi.key: {str(d): v for d, v in data.draw(SERIES).items()} for kpi in kpis if kpi.source is Source.MEASURED
    }
    world = World(kpis, links, series, calendar=calendar)
    expected = {}
    for key in series:
        for period, value in world.known(key).items():
            expected.setdefault(period, []).append(signs[key] * value)
    found = world.known("0")
    assert found.keys() == expected.keys()
    assert all(math.isclose(found[period], math.fsum(parts), abs_tol=1e-3) for period, parts in expected.items())


@examples(40)
@given(calendar=CALENDARS, series=SERIES, finer=st.sampled_from(FREQUENCIES), data=st.data())
def test_lifted_sums_conserve_totals(calendar, series, finer, data):
    coarser = data.draw(st.sampled_from([frequency for frequency in Frequency if frequency.rank >= finer.rank]))
    kpis = [rollup("total", frequency=coarser), measured("part", finer)]
    texts = {str(date): value for date, value in series.items()}
    world = World(kpis, [link("total", "part")], {"part": texts}, calendar=calendar)
    assert math.isclose(math.fsum(world.known("total").values()), math.fsum(series.values()), abs_tol=1e-3)


@examples(40)
@given(organization=organizations(), seed=st.integers(0, 1000))
def test_order_of_measurements_and_links_does_not_matter(organization, seed):
    calendar, kpis, links, series = organization
    shuffled, shuffle = (calendar, list(kpis), list(links), series), random.Random(seed)
    shuffle.shuffle(shuffled[1])
    shuffle.shuffle(shuffled[2])
    one, other = evaluated(organization), evaluated(shuffled, shuffle)
    assert one.values.value.tobytes() == other.values.value.tobytes()
    assert one.values.coverage.tobytes() == other.values.coverage.tobytes()


@examples(40)
@given(organization=organizations())
def test_series_are_dense_and_missing_values_say_why(organization):
    world = evaluated(organization)
    for kpi in world.graph.kpis:
        cells = world.values.of_row(world.graph.row_of[kpi.id])
        periods, values = world.values.period[cells], world.values.value[cells]
        assert (periods[1:] - periods[:-1] == 1).all()
        assert ((world.values.problem[cells] != 0) == [math.isnan(value) for value in values]).all()


@examples(40)
@given(organization=organizations())
def test_coverage_lies_within_0_and_1_and_is_0_without_a_value(organization):
    world = evaluated(organization)
    coverage, values = world.values.coverage, world.values.value
    assert ((coverage >= 0) & (coverage <= 1 + 1e-12)).all()
    assert all(covered == 0 for covered, value in zip(coverage, values, strict=True) if math.isnan(value))
    assert all(covered > 0 for covered, value in zip(coverage, values, strict=True) if not math.isnan(value))


@examples(40)
@given(organization=organizations())
def test_a_child_without_data_changes_nothing(organization):
    calendar, kpis, links, series = organization
    parents = [kpi for kpi in kpis if kpi.source is Source.ROLLUP]
    silent = measured("silent", Frequency.DAILY)
    silent = type(silent)(**{name: getattr(silent, name) for name in silent.__slots__} | {"id": len(kpis)})
    more = [*links, *(Link(parent=parent.id, child=silent.id) for parent in parents)]
    before, after = evaluated(organization), evaluated((calendar, [*kpis, silent], more, series))
    for kpi in kpis:
        assert before.series(kpi.id) == after.series(kpi.id)
        assert before.series(kpi.id, "coverage") == after.series(kpi.id, "coverage")


@examples(40)
@given(organization=organizations())
def test_only_complete_covered_values_with_a_target_are_green(organization):
    world = evaluated(organization)
    for kpi in world.graph.kpis:
        statuses, values = world.series(kpi.id, "status"), world.series(kpi.id)
        coverage, target = world.series(kpi.id, "coverage"), world.series(kpi.id, "target")
        for period, status in statuses.items():
            if status == Status.ON_TRACK:
                assert values[period] is not None
                assert target[period] is not None
                assert coverage[period] >= 1


@examples(40)
@given(
    values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6),
    method=st.sampled_from([r for r in Rollup if r is not Rollup.SUM]),
)
def test_every_mean_lies_between_its_least_and_greatest_child(values, method):
    kpis = [rollup("total", method), *(measured(str(number)) for number in range(len(values)))]
    links = [link("total", str(number), weight=number + 1.0) for number in range(len(values))]
    world = World(kpis, links, {str(number): {"2026-10-01": value} for number, value in enumerate(values)})
    slack = 1e-9 * max(abs(value) for value in values)
    assert min(values) - slack <= world.known("total")["2026-10-01"] <= max(values) + slack
