"""Explanations from stored scores."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from accounts.actors import SYSTEM
from accounts.models import Organization
from kpis.actions.definitions import create_kpi, update_kpi
from kpis.actions.purging import purge_kpi
from kpis.compute import compute
from kpis.compute.explaining import explain_as_known, explain_kpi
from kpis.compute.known import known_at
from kpis.engine.explaining.explanation import Explanation, Part
from kpis.engine.explaining.splits import Mark, Of, Reason
from kpis.models import Kpi
from tests.cast import NOW, make_kpi, make_link, record
from tests.kpis.compute.test_compute import define_formula, make_target

OCTOBER = dt.date(2026, 10, 1)
TODAY = NOW.date()


@pytest.fixture
def shop(in_acme: Organization) -> dict[str, Kpi]:
    """A quarter's profit from the months' sales of two departments less costs, and the average basket."""
    measured = {key: make_kpi(in_acme, key) for key in ("produce", "bakery", "costs", "baskets")}
    sales = make_kpi(in_acme, "sales", source="rollup", rollup="sum")
    profit = make_kpi(in_acme, "profit", source="rollup", rollup="sum", frequency="quarterly")
    make_link(sales, measured["produce"])
    make_link(sales, measured["bakery"], valid_from=OCTOBER)
    make_link(profit, sales)
    make_link(profit, measured["costs"], contribution=-1)
    average = define_formula("average_basket", "sales / baskets")
    record(in_acme, measured["produce"], {"2026-08-10": 80, "2026-09-10": 100, "2026-10-10": 120})
    record(in_acme, measured["bakery"], {"2026-09-12": 50, "2026-10-12": 40})
    record(in_acme, measured["costs"], {"2026-09-12": 30, "2026-10-12": 20})
    record(in_acme, measured["baskets"], {"2026-09-30": 10, "2026-10-31": 8})
    kpis = {**measured, "sales": sales, "profit": profit, "average_basket": average}
    for key, target in (("sales", 200), ("produce", 150), ("bakery", 30)):
        make_target(kpis[key], "2026-01-01", target=target)
    compute(in_acme, now=NOW)
    return kpis


def tree(kpis: dict[str, Kpi], parts: Sequence[Part]) -> dict[str, Any]:
    """Each part's contribution and what is beneath it."""
    keys = {kpi.pk: key for key, kpi in kpis.items()}
    return {keys.get(part.kpi, str(part.of)): (round(part.change, 9), tree(kpis, part.parts)) for part in parts}  # type: ignore[call-overload]


def why(organization: Organization, kpi: Kpi, **asked: Any) -> Explanation:
    asked = {"period": dt.date(2026, 10, 17), "base": "previous", "depth": 5, "today": TODAY, **asked}
    return explain_kpi(organization, kpi.pk, **asked)


def test_a_sum_is_explained_by_its_children(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    explained = why(in_acme, shop["sales"])
    assert (explained.value, explained.base_value, explained.change) == (160, 100, 60)
    assert (str(explained.period), str(explained.base)) == ("2026-10-01", "2026-09-01")
    assert tree(shop, explained.parts) == {"bakery": (40, {}), "produce": (20, {})}
    assert explained.parts[0].mark is Mark.JOINED
    assert explained.parts[0].own_change == -10


def test_a_quarter_is_explained_by_the_quarters_of_its_months(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    explained = why(in_acme, shop["profit"])
    assert (explained.value, explained.base_value) == (140, 150)
    assert tree(shop, explained.parts) == {
        "sales": (-20, {"produce": (-60, {}), "bakery": (40, {})}),
        "costs": (10, {}),
    }


def test_depth_cuts_the_tree_and_the_reading(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    assert tree(shop, why(in_acme, shop["profit"], depth=1).parts) == {"sales": (-20, {}), "costs": (10, {})}
    assert why(in_acme, shop["profit"], depth=0).parts == ()


def test_a_formula_is_explained_by_its_operands_and_theirs(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    explained = why(in_acme, shop["average_basket"])
    assert (explained.value, explained.base_value, explained.change) == (20, 10, 10)
    assert tree(shop, explained.parts) == {
        "sales": (6.75, {"bakery": (40, {}), "produce": (20, {})}),
        "baskets": (3.25, {}),
    }


def test_any_two_periods_are_compared(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    explained = why(in_acme, shop["sales"], base=dt.date(2026, 8, 31))
    assert (explained.base_value, str(explained.base)) == (80, "2026-08-01")
    assert tree(shop, explained.parts) == {"produce": (40, {}), "bakery": (40, {})}


def test_a_value_is_explained_against_its_target(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    explained = why(in_acme, shop["sales"], base="target")
    assert (explained.value, explained.base_value, explained.change, explained.base) == (160, 200, -40, None)
    assert tree(shop, explained.parts) == {"produce": (-30, {}), "bakery": (10, {}), "remainder": (-20, {})}
    assert explained.parts[-1].of is Of.REMAINDER
    assert why(in_acme, shop["profit"], base="target").problem is Reason.NO_TARGET


def test_a_missing_period_says_which(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    explained = why(in_acme, shop["sales"], base=dt.date(2025, 1, 1))
    assert (explained.change, explained.problem, explained.parts) == (None, Reason.BASE_VALUE_MISSING, ())
    assert why(in_acme, shop["sales"], period=dt.date(2027, 1, 1)).problem is Reason.VALUE_MISSING


def test_a_measured_kpi_has_no_parts(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    explained = why(in_acme, shop["produce"])
    assert (explained.change, explained.problem, explained.parts) == (20, None, ())


def test_links_that_changed_since_the_scores_were_computed_are_told(
    in_acme: Organization, shop: dict[str, Kpi]
) -> None:
    make_link(shop["sales"], shop["costs"])
    explained = why(in_acme, shop["sales"])
    assert (explained.change, explained.problem, explained.parts) == (60, Reason.OUT_OF_DATE, ())


def test_a_weighted_mean_among_the_operands_needs_no_weights(in_acme: Organization) -> None:
    visits = make_kpi(in_acme, "visits")
    conversion = make_kpi(in_acme, "conversion", aggregation="mean", weight_by=visits)
    overall = make_kpi(in_acme, "overall", source="rollup", rollup="weighted_mean", aggregation="mean")
    make_link(overall, conversion)
    lift = define_formula("lift", "conversion - overall / 2")
    for kpi, value in ((visits, 10), (conversion, 0.5)):
        record(in_acme, kpi, {"2026-09-10": value, "2026-10-10": 2 * value})
    compute(in_acme, now=NOW)
    explained = why(in_acme, lift, depth=1)
    assert (explained.value, explained.base_value) == (0.5, 0.25)
    assert [round(part.change, 9) for part in explained.parts] == [0.5, -0.25]


def test_the_past_is_explained_as_it_was_known(in_acme: Organization) -> None:
    fields: dict[str, Any] = {"unit": "number", "direction": "increase", "frequency": "monthly", "now": NOW}
    sales, baskets = (
        create_kpi(SYSTEM, key=key, name=key, source="measured", **fields) for key in ("sales", "baskets")
    )
    average = create_kpi(SYSTEM, key="aov", name="aov", source="formula", formula="sales / baskets", **fields)
    record(in_acme, sales, {"2026-09-10": 100, "2026-10-10": 160})
    record(in_acme, baskets, {"2026-09-10": 10, "2026-10-10": 8})
    make_target(average, "2026-01-01", target=15, floor=10)
    compute(in_acme, now=NOW)
    known = known_at(in_acme, NOW, only=average.pk)
    for base in ("previous", "target", dt.date(2026, 8, 1)):
        asked: dict[str, Any] = {"period": OCTOBER, "base": base, "depth": 5}
        assert explain_as_known(known, average.pk, **asked) == why(in_acme, average, **asked)


def test_deeper_explanations_need_no_more_statements(
    in_acme: Organization, shop: dict[str, Kpi], django_assert_num_queries: Any
) -> None:
    for depth in (1, 4):
        with django_assert_num_queries(5):
            why(in_acme, shop["profit"], depth=depth)


def test_the_past_of_one_kpi_is_not_that_of_another(in_acme: Organization) -> None:
    """Everything that was known is at hand, and no other KPI's value is taken for the one asked about."""
    fields = {"now": NOW, "unit": "number", "direction": "increase", "frequency": "monthly"}
    produce, bakery = (create_kpi(SYSTEM, name=name, source="measured", **fields) for name in ("Produce", "Bakery"))
    for kpi, value in ((produce, 5), (bakery, 9)):
        record(in_acme, kpi, {"2026-09-10": 4, "2026-10-10": value})
    known = known_at(in_acme, NOW)
    for kpi, value in ((produce, 5), (bakery, 9)):
        explained = explain_as_known(known, kpi.pk, period=OCTOBER, base="previous", depth=1)
        assert (explained.value, explained.base_value) == (value, 4)


def test_a_formula_whose_operand_was_removed_for_good_has_no_past_value(in_acme: Organization) -> None:
    fields = {"now": NOW, "unit": "number", "direction": "increase", "frequency": "monthly"}
    sales, baskets = (create_kpi(SYSTEM, name=name, source="measured", **fields) for name in ("Sales", "Baskets"))
    average = create_kpi(SYSTEM, name="Average", source="formula", formula="sales / baskets", **fields)
    doubled = create_kpi(SYSTEM, name="Doubled", source="formula", formula="average * 2", **fields)
    record(in_acme, sales, {"2026-09-10": 4, "2026-10-10": 5})
    record(in_acme, baskets, {"2026-09-10": 2, "2026-10-10": 2})
    update_kpi(SYSTEM, average, now=NOW + dt.timedelta(days=1), formula="sales / 2")
    purge_kpi(SYSTEM, baskets, now=NOW + dt.timedelta(days=2))
    known = known_at(in_acme, NOW)
    for kpi in (average, doubled):
        for base in ("previous", "target"):
            explained = explain_as_known(known, kpi.pk, period=OCTOBER, base=base, depth=5)
            assert (explained.value, explained.problem, explained.parts) == (None, Reason.VALUE_MISSING, ())
        assert {point["value"] for point in known_at(in_acme, NOW, only=kpi.pk).points(kpi.pk).values()} <= {None}
    assert explain_as_known(known, sales.pk, period=OCTOBER, base="previous", depth=5).change == 1
