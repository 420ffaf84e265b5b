"""Scores in the database: what a computation stores, and that incremental equals full whatever happens."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from accounts.actors import SYSTEM
from accounts.models import Organization
from kpis.actions.definitions import create_kpi, update_kpi
from kpis.actions.measurements import remove_measurement
from kpis.actions.stale import mark_stale
from kpis.compute import compute, differences, rebuild, run
from kpis.compute.run import Computed, is_stale
from kpis.models import Kpi, KpiLink, Score, Standing, Target
from kpis.models.measurements import Via
from tests.cast import NOW, make_kpi, record
from tests.lots import examples


def make_link(parent: Kpi, child: Kpi, **fields: Any) -> KpiLink:
    return KpiLink.objects.create(parent=parent, child=child, recorded_at=NOW, **fields)


def make_target(kpi: Kpi, effective_from: str, **bounds: float) -> Target:
    return Target.objects.create(
        kpi=kpi, effective_from=dt.date.fromisoformat(effective_from), recorded_at=NOW, **bounds
    )


def series(kpi: Kpi) -> dict[str, float | None]:
    return {str(score.period): score.value for score in Score.objects.filter(kpi_id=kpi.pk).in_order()}


@pytest.fixture
def shop(in_acme: Organization) -> tuple[Kpi, Kpi, Kpi]:
    """Net sales, rolled up from two departments."""
    total = make_kpi(in_acme, "net_sales", source="rollup", rollup="sum")
    produce, bakery = make_kpi(in_acme, "produce"), make_kpi(in_acme, "bakery")
    make_link(total, produce)
    make_link(total, bakery)
    record(in_acme, produce, {"2026-09-10": 100, "2026-10-10": 110})
    record(in_acme, bakery, {"2026-09-12": 50, "2026-10-12": 40})
    return total, produce, bakery


def test_a_roll_up_is_computed_from_its_children(in_acme: Organization, shop: tuple[Kpi, Kpi, Kpi]) -> None:
    compute(in_acme, now=NOW)
    assert series(shop[0]) == {"2026-09-01": 150, "2026-10-01": 150, "2026-11-01": None}


def test_many_changes_are_computed_from_the_whole_and_leave_the_transaction_as_it_was(
    in_acme: Organization, shop: tuple[Kpi, Kpi, Kpi], monkeypatch: pytest.MonkeyPatch
) -> None:
    compute(in_acme, now=NOW)
    in_acme.refresh_from_db()
    elsewhere = make_kpi(in_acme, "elsewhere")
    record(in_acme, shop[1], {"2026-10-11": 5})
    record(in_acme, shop[2], {"2026-10-13": 6})
    monkeypatch.setattr(run, "MANY", 2)
    computed = compute(in_acme, now=NOW)
    assert computed is not None
    assert elsewhere.pk not in computed.ids
    assert series(shop[0])["2026-10-01"] == 161
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_nestloop")
        assert cursor.fetchone() == ("on",)


def test_a_standing_tells_the_period_that_speaks(in_acme: Organization, shop: tuple[Kpi, Kpi, Kpi]) -> None:
    make_target(shop[0], "2026-01-01", target=200, floor=100)
    compute(in_acme, now=NOW)
    standing = Standing.objects.get(kpi_id=shop[0].pk)
    assert (str(standing.period), standing.value, standing.previous_value) == ("2026-10-01", 150, 150)
    assert (standing.score, standing.status, str(standing.status_since)) == (0.5, "at_risk", "2026-09-01")
    assert standing.recent_values == [150, 150]
    assert standing.recent_targets == [200, 200]
    assert standing.open is not None
    assert standing.open["period"] == "2026-11-01"
    assert not standing.is_late
    assert str(standing.expected_on) == "2026-12-05"


def test_a_kpi_whose_last_period_has_no_data_is_late_once_it_is_due(in_acme: Organization) -> None:
    visits = make_kpi(in_acme, "visits")
    record(in_acme, visits, {"2026-09-10": 100})
    compute(in_acme, now=NOW)
    standing = Standing.objects.get(kpi_id=visits.pk)
    assert (str(standing.period), standing.is_late, str(standing.expected_on)) == ("2026-09-01", True, "2026-11-05")


def test_a_kpi_without_any_data_stands_without_data(in_acme: Organization) -> None:
    visits = make_kpi(in_acme, "visits")
    compute(in_acme, now=NOW)
    standing = Standing.objects.get(kpi_id=visits.pk)
    assert (standing.status, standing.period, standing.value, standing.is_late) == ("no_data", None, None, False)


def test_a_second_computation_changes_nothing(in_acme: Organization, shop: tuple[Kpi, Kpi, Kpi]) -> None:
    compute(in_acme, now=NOW)
    version = Organization.objects.get().version
    assert compute(in_acme, now=NOW) == Computed()
    assert Organization.objects.get().version == version


def test_one_value_touches_its_own_period_and_its_ancestors_only(
    in_acme: Organization, shop: tuple[Kpi, Kpi, Kpi]
) -> None:
    compute(in_acme, now=NOW)
    in_acme.refresh_from_db()
    record(in_acme, shop[1], {"2026-10-10": 111})
    computed = compute(in_acme, now=NOW)
    assert computed == Computed(kpis=2, scores=2, standings=2)
    assert series(shop[0])["2026-10-01"] == 151


def test_unchanged_data_leaves_the_version_that_pages_poll(in_acme: Organization, shop: tuple[Kpi, Kpi, Kpi]) -> None:
    compute(in_acme, now=NOW)
    version = Organization.objects.get().version
    mark_stale(in_acme.pk, [kpi.pk for kpi in shop], now=NOW)
    in_acme.refresh_from_db()
    assert compute(in_acme, now=NOW) == Computed(kpis=3)
    assert Organization.objects.get().version == version


def test_midnight_alone_makes_a_period_late(in_acme: Organization) -> None:
    visits = make_kpi(in_acme, "visits")
    record(in_acme, visits, {"2026-10-10": 100})
    compute(in_acme, now=NOW)
    assert not Standing.objects.get().is_late
    in_acme.refresh_from_db()
    compute(in_acme, now=dt.datetime(2026, 12, 6, tzinfo=dt.UTC))
    assert Standing.objects.get().is_late
    assert differences(in_acme, now=dt.datetime(2026, 12, 6, tzinfo=dt.UTC)) == []


def test_a_changed_frequency_leaves_no_row_of_the_old_one(in_acme: Organization) -> None:
    visits = make_kpi(in_acme, "visits", frequency="weekly")
    record(in_acme, visits, {"2026-09-10": 1, "2026-10-10": 2})
    compute(in_acme, now=NOW)
    Kpi.objects.update(frequency="monthly")
    mark_stale(in_acme.pk, [visits.pk], now=NOW)
    in_acme.refresh_from_db()
    compute(in_acme, now=NOW)
    assert series(visits) == {"2026-09-01": 1, "2026-10-01": 2, "2026-11-01": None}


@pytest.fixture
def basket(in_acme: Organization) -> tuple[Kpi, Kpi, Kpi]:
    """Average basket: sales by baskets."""
    sales, baskets = make_kpi(in_acme, "sales"), make_kpi(in_acme, "baskets")
    record(in_acme, sales, {"2026-08-10": 900, "2026-09-10": 1000, "2026-10-10": 1100})
    record(in_acme, baskets, {"2026-08-10": 90, "2026-09-10": 0, "2026-10-10": 100})
    average = define_formula("average_basket", "sales / baskets")
    return average, sales, baskets


def define_formula(key: str, formula: str, **fields: Any) -> Kpi:
    definition = {"unit": "number", "direction": "increase", "frequency": "monthly", "source": "formula", **fields}
    return create_kpi(SYSTEM, now=NOW, name=key, key=key, formula=formula, **definition)


def test_a_formula_is_computed_and_says_what_it_lacks(in_acme: Organization, basket: tuple[Kpi, Kpi, Kpi]) -> None:
    compute(in_acme, now=NOW)
    assert series(basket[0]) == {"2026-08-01": 10, "2026-09-01": None, "2026-10-01": 11, "2026-11-01": None}
    problems = Score.objects.filter(kpi_id=basket[0].pk).values_list("problem", flat=True).order_by("period")
    assert list(problems) == [None, "division_by_zero", None, "missing_operand: sales"]
    assert differences(in_acme, now=NOW) == []


def test_a_pushed_operand_moves_the_formula_and_what_looks_back_at_it(
    in_acme: Organization, basket: tuple[Kpi, Kpi, Kpi]
) -> None:
    growth = define_formula("basket_growth", "average_basket / prev(average_basket, 2) - 1")
    compute(in_acme, now=NOW)
    assert series(growth)["2026-10-01"] == pytest.approx(0.1)
    in_acme.refresh_from_db()
    record(in_acme, basket[1], {"2026-08-10": 1800})
    computed = compute(in_acme, now=NOW)
    assert computed is not None
    assert computed.kpis == 3
    assert series(growth)["2026-10-01"] == pytest.approx(-0.45)
    assert differences(in_acme, now=NOW) == []


def test_a_formula_is_lifted_as_a_ratio_of_sums(in_acme: Organization, basket: tuple[Kpi, Kpi, Kpi]) -> None:
    quarter = make_kpi(in_acme, "quarter", source="rollup", rollup="mean", frequency="quarterly")
    make_link(quarter, basket[0])
    mark_stale(in_acme.pk, [quarter.pk], now=NOW)
    compute(in_acme, now=NOW)
    assert series(quarter)["2026-07-01"] == 1900 / 90
    record(in_acme, basket[2], {"2026-09-10": 100})
    in_acme.refresh_from_db()
    compute(in_acme, now=NOW)
    assert series(quarter)["2026-07-01"] == 10
    assert differences(in_acme, now=NOW) == []


def test_a_formula_without_operands_reaches_as_far_as_anything_measured(in_acme: Organization) -> None:
    constant = define_formula("price", "1.5")
    compute(in_acme, now=NOW)
    assert series(constant) == {}
    visits = make_kpi(in_acme, "visits")
    in_acme.refresh_from_db()
    record(in_acme, visits, {"2026-09-10": 3, "2026-10-10": 4})
    compute(in_acme, now=NOW)
    assert series(constant) == {"2026-09-01": 1.5, "2026-10-01": 1.5, "2026-11-01": 1.5}
    assert differences(in_acme, now=NOW) == []


def test_a_weighted_mean_beside_its_child_in_a_formula_needs_no_weights(in_acme: Organization) -> None:
    visits, orders = make_kpi(in_acme, "visits"), make_kpi(in_acme, "orders")
    conversion = make_kpi(in_acme, "conversion", aggregation="mean", weight_by=visits)
    overall = make_kpi(in_acme, "overall", source="rollup", rollup="weighted_mean", aggregation="mean")
    make_link(overall, conversion)
    lift = define_formula("lift", "(conversion - overall / 2) * orders")
    for kpi, value in ((visits, 10), (conversion, 0.5), (orders, 1)):
        record(in_acme, kpi, {"2026-10-10": value})
    compute(in_acme, now=NOW)
    in_acme.refresh_from_db()
    record(in_acme, orders, {"2026-10-10": 2})
    compute(in_acme, now=NOW)
    assert series(lift)["2026-10-01"] == 0.5
    assert differences(in_acme, now=NOW) == []


def test_formulas_follow_a_renamed_key(in_acme: Organization, basket: tuple[Kpi, Kpi, Kpi]) -> None:
    compute(in_acme, now=NOW)
    in_acme.refresh_from_db()
    update_kpi(SYSTEM, basket[1], now=NOW, key="net_sales")
    assert Kpi.objects.get(pk=basket[0].pk).formula == "net_sales / baskets"
    compute(in_acme, now=NOW)
    assert Score.objects.get(kpi_id=basket[0].pk, period="2026-11-01").problem == "missing_operand: net_sales"
    assert differences(in_acme, now=NOW) == []


def test_the_check_names_what_is_stored_otherwise_and_a_rebuild_mends_it(
    in_acme: Organization, shop: tuple[Kpi, Kpi, Kpi]
) -> None:
    compute(in_acme, now=NOW)
    Score.objects.filter(kpi_id=shop[0].pk, period="2026-09-01").update(value=1)
    Score.objects.filter(kpi_id=shop[1].pk, period="2026-09-01").delete()
    Score.objects.create(kpi_id=shop[2].pk, period=dt.date(2020, 1, 1), complete=True)
    found = [(one.kpi_id, str(one.period), one.what) for one in differences(in_acme, now=NOW)]
    assert sorted(found) == sorted(
        [
            (shop[0].pk, "2026-09-01", "other"),
            (shop[1].pk, "2026-09-01", "missing"),
            (shop[2].pk, "2020-01-01", "superfluous"),
        ]
    )
    assert rebuild(in_acme, now=NOW) == 3
    assert differences(in_acme, now=NOW) == []


def test_a_full_rebuild_of_many_rows_goes_through_copy_and_is_the_same(in_acme: Organization) -> None:
    total = make_kpi(in_acme, "total", source="rollup", rollup="sum", frequency="daily")
    for number in range(3):
        kpi = make_kpi(in_acme, f"kpi_{number}", frequency="daily")
        make_link(total, kpi)
        days = {str(dt.date(2025, 6, 1) + dt.timedelta(days=n)): float(n * number) for n in range(500)}
        record(in_acme, kpi, days)
    compute(in_acme, now=NOW)
    assert len(series(total)) > 500
    assert differences(in_acme, now=NOW) == []
    assert not is_stale(in_acme.pk)


# What can happen to an organization: pushes, removals, links that come and go, targets, archiving.
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("push"), st.integers(0, 3), st.integers(0, 14), st.integers(-5, 5)),
        st.tuples(st.just("remove"), st.integers(0, 3), st.integers(0, 14)),
        st.tuples(st.just("link"), st.integers(0, 1), st.integers(0, 3)),
        st.tuples(st.just("target"), st.integers(0, 5), st.integers(0, 14)),
        st.tuples(st.just("archive"), st.integers(0, 3)),
        st.tuples(st.just("formula"), st.integers(0, 1), st.integers(0, 7)),
        st.tuples(st.just("rename"), st.integers(0, 3)),
        st.tuples(st.just("pace"), st.integers(0, 5)),
        st.tuples(st.just("compute")),
    ),
    min_size=1,
    max_size=12,
)


@given(STEPS)
@examples(20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_incremental_computations_equal_a_full_one(in_acme: Organization, steps: list[tuple[Any, ...]]) -> None:
    before = transaction.savepoint()
    try:
        world = _World(in_acme)
        for step, *arguments in steps:
            getattr(world, step)(*arguments)
        world.compute()
        assert differences(in_acme, now=NOW) == []
    finally:
        transaction.savepoint_rollback(before)


FORMULAS = [
    "{0} / {2}",
    "growth({2}) + ytd({3})",
    "coalesce({2}, prev({3}, 2), 0) - rolling_mean({0}, 2)",
    "if({2} > 0, sqrt({3}), {1} * 2)",
    "children_sum(months) - children_mean(months)",
    "same_period_last_year({2}) + qtd({0})",
    "1.5",
    "change({2}) ^ 2",
]


class _World:
    """Two roll-ups, one above the other and of coarser periods, over four measured KPIs; a formula over these, and one
    over the formula and the months, which a quarterly mean takes up."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.months = make_kpi(organization, "months", source="rollup", rollup="sum")
        self.quarters = make_kpi(organization, "quarters", source="rollup", rollup="sum", frequency="quarterly")
        frequencies = ("daily", "weekly", "monthly", "monthly")
        self.measured = [
            make_kpi(organization, f"kpi_{n}", frequency=frequency) for n, frequency in enumerate(frequencies)
        ]
        make_link(self.quarters, self.months)
        define = {"now": NOW, "unit": "number", "direction": "increase", "frequency": "monthly", "source": "formula"}
        first = create_kpi(SYSTEM, name="First", key="first", formula=self._text(0), **define)
        second = create_kpi(SYSTEM, name="Second", key="second", formula="first * 2 + prev(first) - months", **define)
        self.formulas = [first, second]
        mean = make_kpi(organization, "mean", source="rollup", rollup="mean", frequency="quarterly")
        make_link(mean, second)

    def push(self, kpi: int, month: int, value: int) -> None:
        record(self.organization, self.measured[kpi], {str(self._date(month)): value})

    def remove(self, kpi: int, month: int) -> None:
        chosen, date = self.measured[kpi], self._date(month)
        if not chosen.archived_at:
            remove_measurement(SYSTEM, chosen, date, organization=self.organization, via=Via.API, now=NOW)

    def link(self, parent: int, child: int) -> None:
        above, below = (self.months, self.quarters)[parent], self.measured[child]
        found = KpiLink.objects.known().filter(parent=above, child=below)
        if found.exists():
            found.update(replaced_at=NOW)
        else:
            make_link(above, below, contribution=-1 if child == 1 else 1)
        mark_stale(self.organization.pk, [above.pk], now=NOW)

    def target(self, kpi: int, month: int) -> None:
        kpi_ = [*self.measured, self.months, self.quarters][kpi]
        Target.objects.filter(kpi=kpi_, effective_from=self._date(month)).delete()
        Target.objects.create(kpi=kpi_, effective_from=self._date(month), target=month, floor=-1, recorded_at=NOW)
        mark_stale(self.organization.pk, [kpi_.pk], now=NOW)

    def archive(self, kpi: int) -> None:
        """Archive it, or restore it if it is archived."""
        self.measured[kpi].archived_at = None if self.measured[kpi].archived_at else NOW - dt.timedelta(days=70)
        self.measured[kpi].save()
        mark_stale(self.organization.pk, [self.measured[kpi].pk], now=NOW)

    def formula(self, kpi: int, number: int) -> None:
        text = self._text(number) if kpi == 0 else f"first + coalesce({self._text(number)}, months)"
        self.formulas[kpi] = update_kpi(SYSTEM, self.formulas[kpi], now=NOW, formula=text)

    def pace(self, kpi: int) -> None:
        """By the year before, or again by its days."""
        kpi_ = Kpi.objects.get(pk=[*self.measured, self.months, self.quarters][kpi].pk)
        other = "days" if kpi_.pace_profile == "last_year" else "last_year"
        if not kpi_.archived_at:
            update_kpi(SYSTEM, kpi_, now=NOW, pace_profile=other)

    def rename(self, kpi: int) -> None:
        chosen = self.measured[kpi]
        if not chosen.archived_at:
            self.measured[kpi] = update_kpi(SYSTEM, chosen, now=NOW, key=f"{chosen.key}_too"[:60])

    def _text(self, number: int) -> str:
        return FORMULAS[number].format(*(kpi.key for kpi in self.measured))

    def compute(self) -> None:
        self.organization.refresh_from_db()
        compute(self.organization, now=NOW)

    def _date(self, month: int) -> dt.date:
        return dt.date(2025 + (month + 8) // 12, (month + 8) % 12 + 1, 10)
