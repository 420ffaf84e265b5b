"""What a changed number would do to everything above it."""

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.engine.definitions import Aggregation, Rollup
from kpis.engine.periods import Calendar, Frequency
from kpis.engine.reach import Reach
from kpis.engine.what_if import MOST_OVERRIDES, Effect, Override, WhatIf, override_refusals
from tests.kpis.engine.strategies import DATES, TODAY, VALUES, organizations
from tests.kpis.engine.test_incremental import Store
from tests.kpis.engine.world import day, formula, link, measured, rollup
from tests.lots import examples

SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (day(f"2026-{month:02}-01") for month in range(9, 13))


def effects(store, overrides):
    """What the stored rows would become, loading nothing but what is asked for."""
    graph, before = part(store, overrides)
    assert override_refusals(graph, overrides, before=before, today=store.today) == []
    what_if = WhatIf.of(graph, overrides, before=before, today=store.today, beyond=store._beyond(graph))
    return what_if.effects(store._loaded(graph, what_if), store._stored(graph, what_if))


def part(store, overrides):
    graph = store._part({one.kpi for one in overrides} & store.reach.keys())
    return graph, Reach.stored(graph, {id: store.reach[id] for id in graph.row_of})


def refused(store, *overrides):
    graph, before = part(store, overrides)
    return [
        (one.code, one.index, one.detail) for one in override_refusals(graph, overrides, before=before, today=TODAY)
    ]


def moved(store, *overrides):
    return {(one.kpi, str(one.period)): (one.before, one.after) for one in effects(store, overrides)}


@pytest.fixture
def shop():
    """Sales of two departments, the average basket, and the quarter's sales."""
    kpis = [
        measured("produce"),
        measured("bakery"),
        measured("baskets"),
        rollup("sales"),
        formula("aov", "sales / baskets"),
    ]
    kpis += [rollup("quarter", frequency=Frequency.QUARTERLY), formula("growth", "growth(sales)")]
    links = [link("sales", "produce"), link("sales", "bakery"), link("quarter", "sales")]
    series = {
        "produce": {SEPTEMBER: 100.0, OCTOBER: 120.0},
        "bakery": {SEPTEMBER: 50.0, OCTOBER: 40.0},
        "baskets": {SEPTEMBER: 10.0, OCTOBER: 8.0},
    }
    return Store(Calendar(), kpis, links, series)


def test_a_changed_value_moves_everything_above_it_in_the_periods_it_reaches(shop):
    assert moved(shop, Override("produce", OCTOBER, 200.0)) == {
        ("sales", "2026-10-01"): (160, 240),
        ("aov", "2026-10-01"): (20, 30),
        ("growth", "2026-10-01"): (10 / 150, 90 / 150),
        ("quarter", "2026-10-01"): (160, 240),
    }


def test_any_date_names_the_period_that_holds_it(shop):
    assert moved(shop, Override("produce", day("2026-10-31"), 200.0)) == moved(
        shop, Override("produce", OCTOBER, 200.0)
    )


def test_what_lags_behind_moves_in_later_periods_too(shop):
    found = moved(shop, Override("produce", SEPTEMBER, 150.0))
    assert found["growth", "2026-10-01"] == (10 / 150, -0.2)


def test_several_changes_work_together(shop):
    found = moved(shop, Override("produce", OCTOBER, 200.0), Override("baskets", OCTOBER, 12.0))
    assert found["sales", "2026-10-01"] == (160, 240)
    assert ("aov", "2026-10-01") not in found  # 240 / 12 is 20 as before


def test_a_computed_kpi_can_be_changed_and_what_is_below_it_stays(shop):
    assert moved(shop, Override("sales", OCTOBER, 240.0)) == {
        ("aov", "2026-10-01"): (20, 30),
        ("growth", "2026-10-01"): (10 / 150, 90 / 150),
        ("quarter", "2026-10-01"): (160, 240),
    }


def test_a_given_value_outweighs_a_change_beneath_it(shop):
    found = moved(
        shop, Override("produce", OCTOBER, 1.0), Override("produce", SEPTEMBER, 0.0), Override("sales", OCTOBER, 240.0)
    )
    assert ("sales", "2026-10-01") not in found
    assert found["sales", "2026-09-01"] == (150, 50)
    assert found["growth", "2026-10-01"] == (10 / 150, 3.8)


def test_open_and_future_periods_can_be_supposed(shop):
    found = moved(shop, Override("produce", DECEMBER, 90.0), Override("baskets", DECEMBER, 9.0))
    assert found == {
        ("sales", "2026-12-01"): (None, 90),
        ("aov", "2026-12-01"): (None, 10),
        ("quarter", "2026-10-01"): (160, 250),
    }


def test_periods_before_all_data_can_be_supposed(shop):
    august = day("2026-08-01")
    found = moved(shop, Override("produce", august, 75.0))
    assert found["sales", "2026-08-01"] == (None, 75)
    assert found["growth", "2026-09-01"] == (None, 1)


def test_a_carried_value_is_carried_on():
    kpis = [measured("staff", aggregation=Aggregation.LAST, carry_forward=2), formula("half", "staff / 2")]
    store = Store(Calendar(), kpis, [], {"staff": {SEPTEMBER: 10.0}})
    assert moved(store, Override("staff", SEPTEMBER, 20.0)) == {
        ("staff", "2026-10-01"): (10, 20),
        ("staff", "2026-11-01"): (10, 20),
        **{("half", f"2026-{month:02}-01"): (5, 10) for month in (9, 10, 11)},
    }


def test_a_value_that_would_be_missing_says_why(shop):
    [effect] = [one for one in effects(shop, [Override("baskets", OCTOBER, 0.0)]) if one.kpi == "aov"]
    assert effect == Effect("aov", OCTOBER, 20, None, "division_by_zero")


def test_a_change_to_what_is_there_already_moves_nothing(shop):
    assert moved(shop, Override("produce", OCTOBER, 120.0)) == {}


def test_what_is_computed_from_other_things_comes_after_them(shop):
    order = [one.kpi for one in effects(shop, [Override("produce", OCTOBER, 200.0)])]
    assert order[0] == "sales"


def test_a_mean_weighted_by_another_kpi_moves_with_the_weight():
    kpis = [rollup("conversion", Rollup.WEIGHTED_MEAN), *(measured(key) for key in ("c1", "c2", "v1", "v2"))]
    links = [link("conversion", "c1", weight_by="v1"), link("conversion", "c2", weight_by="v2")]
    series = {key: {OCTOBER: value} for key, value in {"c1": 0.1, "c2": 0.3, "v1": 100.0, "v2": 100.0}.items()}
    assert moved(Store(Calendar(), kpis, links, series), Override("v2", OCTOBER, 300.0)) == {
        ("conversion", "2026-10-01"): (0.2, 0.25)
    }


# Refusals


def test_a_kpi_without_data_is_refused():
    store = Store(Calendar(), [measured("visits"), rollup("all")], [link("all", "visits")], {"visits": {}})
    detail = "“visits” has no data yet; record its first value, then ask what if it were another."
    assert refused(store, Override("visits", OCTOBER, 1.0)) == [("no_data", 0, detail)]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_no_number_is_refused(shop, value):
    detail = f"The value of “produce” is a number, not {value}."
    assert refused(shop, Override("produce", OCTOBER, value)) == [("not_a_number", 0, detail)]


def test_the_same_cell_twice_is_refused(shop):
    twice = (
        Override("produce", OCTOBER, 1.0),
        Override("bakery", OCTOBER, 1.0),
        Override("produce", day("2026-10-09"), 2.0),
    )
    assert refused(shop, *twice) == [
        ("twice", 2, "“produce” is changed twice in October 2026; give it one value there.")
    ]


def test_an_unknown_kpi_is_refused(shop):
    assert refused(shop, Override("nothing", OCTOBER, 1.0)) == [("unknown_kpi", 0, "There is no such KPI.")]


def test_more_than_a_hundred_changes_are_refused(shop):
    many = [Override("produce", OCTOBER, 1.0)] * (MOST_OVERRIDES + 1)
    assert refused(shop, *many) == [("too_many_changes", None, "Change at most 100 values at once, not 101.")]


@pytest.mark.parametrize("date", [dt.date.min, day("1999-12-31"), day("2199-01-01"), dt.date.max])
def test_a_period_far_away_from_all_data_is_refused(shop, date):
    [(code, index, detail)] = refused(shop, Override("produce", date, 1.0))
    assert (code, index) == ("period_too_far", 0)
    assert detail.startswith(f"{date} is too far away from the data of “produce”, which begins on 2026-09-01;")


def test_a_period_after_a_kpi_was_archived_is_refused():
    kpis = [measured("produce", archived_on=day("2026-10-15"))]
    store = Store(Calendar(), kpis, [], {"produce": {SEPTEMBER: 1.0}})
    detail = "“produce” was archived on 2026-10-15, so it has no value in November 2026."
    assert refused(store, Override("produce", NOVEMBER, 1.0)) == [("archived", 0, detail)]
    assert refused(store, Override("produce", OCTOBER, 1.0)) == []


def test_a_formula_that_coarser_kpis_compute_anew_is_refused_with_what_to_change_instead(shop):
    kpis = [*shop.kpis, rollup("aov_quarter", Rollup.MEAN, frequency=Frequency.QUARTERLY)]
    store = Store(Calendar(), kpis, [*shop.links, link("aov_quarter", "aov")], shop.series)
    [(code, index, detail)] = refused(store, Override("aov", OCTOBER, 30.0))
    assert (code, index) == ("evaluated_anew", 0)
    assert detail.endswith("change what it is computed from instead: “baskets”, “sales”.")
    assert moved(store, Override("baskets", OCTOBER, 4.0))["aov_quarter", "2026-10-01"] == (20, 40)


# Properties

CELLS = st.lists(st.tuples(st.integers(0, 20), DATES, VALUES), min_size=1, max_size=4)


@examples(50)
@given(organization=organizations(), cells=CELLS)
def test_what_if_equals_evaluating_the_changed_measurements_bit_for_bit(organization, cells):
    calendar, kpis, links, series = organization
    store = Store(calendar, kpis, links, series)
    overrides = distinct(store, [Override(list(series)[number % len(series)], *rest) for number, *rest in cells])
    untouched = {id: dict(values) for id, values in series.items()}, dict(store.rows)
    found = {(one.kpi, one.period): (one.before, one.after) for one in effects(store, overrides)}
    assert (series, store.rows) == untouched
    changed = Store(calendar, kpis, links, replaced(store, overrides))
    cells = {(one.kpi, period_of(store, one)) for one in overrides}
    expected = {
        key: pair
        for key in changed.rows
        if key not in cells and (pair := (plain(store.rows.get(key)), plain(changed.rows[key])))[0] != pair[1]
    }
    assert found == expected


def distinct(store, overrides):
    """One of those that are about the same period, and none that are refused."""
    graph, before = part(store, overrides)
    cells = {(one.kpi, period_of(store, one)): one for one in overrides}
    kept = list(cells.values())
    wrong = {one.index for one in override_refusals(graph, kept, before=before, today=store.today)}
    return [one for index, one in enumerate(kept) if index not in wrong]


def replaced(store, overrides):
    """The series with one measurement, that of the override, in each overridden period."""
    series = {id: dict(values) for id, values in store.series.items()}
    for one in overrides:
        begins, kpi = period_of(store, one), store._kpi(one.kpi)
        kept = {date: value for date, value in series[one.kpi].items() if period_at(store, kpi, date) != begins}
        series[one.kpi] = kept | {begins: one.value}
    return series


def period_of(store, one):
    return period_at(store, store._kpi(one.kpi), one.date)


def period_at(store, kpi, date):
    return store.calendar.first_date(kpi.frequency, store.calendar.ordinal(kpi.frequency, date))


def plain(row):
    return None if row is None or math.isnan(row[0]) else float(row[0])
