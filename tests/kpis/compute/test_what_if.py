"""What-if on stored scores."""

import datetime as dt
from uuid import uuid4

import pytest

from accounts.models import Organization
from kpis.compute import compute, differences
from kpis.compute.whatif import WhatIfRefusedError, what_if
from kpis.engine.what_if import Override
from kpis.models import Kpi, Score
from tests.cast import NOW, make_kpi, make_link, record
from tests.kpis.compute.test_compute import define_formula

SEPTEMBER, OCTOBER = dt.date(2026, 9, 1), dt.date(2026, 10, 1)
TODAY = NOW.date()


@pytest.fixture
def shop(in_acme: Organization) -> dict[str, Kpi]:
    """Sales of two departments, the average basket and the quarter's sales, all scored."""
    measured = {key: make_kpi(in_acme, key) for key in ("produce", "bakery", "baskets", "idle")}
    sales = make_kpi(in_acme, "sales", source="rollup", rollup="sum")
    quarter = make_kpi(in_acme, "quarter", source="rollup", rollup="sum", frequency="quarterly")
    for parent, child in ((sales, measured["produce"]), (sales, measured["bakery"]), (quarter, sales)):
        make_link(parent, child)
    average = define_formula("average_basket", "sales / baskets")
    record(in_acme, measured["produce"], {"2026-09-10": 100, "2026-10-10": 120})
    record(in_acme, measured["bakery"], {"2026-09-12": 50, "2026-10-12": 40})
    record(in_acme, measured["baskets"], {"2026-09-30": 10, "2026-10-31": 8})
    compute(in_acme, now=NOW)
    return {**measured, "sales": sales, "quarter": quarter, "average_basket": average}


def moved(organization: Organization, kpis: dict[str, Kpi], *changes: Override) -> dict[tuple[str, str], object]:
    keys = {kpi.pk: key for key, kpi in kpis.items()}
    found = what_if(organization, changes, today=TODAY)
    return {(keys[one.kpi], str(one.period)): (one.before, one.after) for one in found}


def test_everything_above_a_changed_number_moves_and_nothing_is_stored(
    in_acme: Organization, shop: dict[str, Kpi]
) -> None:
    before = list(Score.objects.order_by("kpi_id", "period").values())
    assert moved(in_acme, shop, Override(shop["produce"].pk, OCTOBER, 200.0)) == {
        ("sales", "2026-10-01"): (160, 240),
        ("average_basket", "2026-10-01"): (20, 30),
        ("quarter", "2026-10-01"): (160, 240),
    }
    assert list(Score.objects.order_by("kpi_id", "period").values()) == before
    assert differences(in_acme, now=NOW) == []


def test_what_if_tells_what_recording_the_number_does(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    told = moved(in_acme, shop, Override(shop["bakery"].pk, SEPTEMBER, 75.0))
    record(in_acme, shop["bakery"], {"2026-09-12": 75})
    compute(in_acme, now=NOW)
    keys = {kpi.pk: key for key, kpi in shop.items()}
    stored = {(keys[score.kpi_id], str(score.period)): score.value for score in Score.objects.all()}
    assert {cell: after for cell, (_, after) in told.items()} == {cell: stored[cell] for cell in told}
    assert told.keys() == {("sales", "2026-09-01"), ("average_basket", "2026-09-01"), ("quarter", "2026-07-01")}


def test_a_computed_kpi_and_a_future_period_can_be_changed(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    assert moved(in_acme, shop, Override(shop["sales"].pk, dt.date(2027, 2, 14), 300.0)) == {
        ("quarter", "2027-01-01"): (None, 300)
    }


def test_what_is_wrong_is_refused_with_its_place(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    changes = [
        Override(shop["produce"].pk, OCTOBER, 1.0),
        Override(shop["idle"].pk, OCTOBER, 1.0),
        Override(uuid4(), OCTOBER, 1.0),
        Override(shop["produce"].pk, dt.date(2026, 10, 31), 2.0),
    ]
    with pytest.raises(WhatIfRefusedError, match="“idle” has no data yet") as caught:
        what_if(in_acme, changes, today=TODAY)
    assert [(one.code, one.index) for one in caught.value.refusals] == [
        ("no_data", 1),
        ("unknown_kpi", 2),
        ("twice", 3),
    ]


def test_a_kpi_of_another_organization_does_not_exist(
    in_acme: Organization, globex: Organization, shop: dict[str, Kpi]
) -> None:
    foreign = Override(uuid4(), OCTOBER, 1.0)
    with pytest.raises(WhatIfRefusedError, match="There is no such KPI"):
        what_if(in_acme, [foreign], today=TODAY)


def test_no_more_statements_are_needed_for_many_changes(
    in_acme: Organization, shop: dict[str, Kpi], django_assert_num_queries: object
) -> None:
    changes = [Override(shop[key].pk, date, 1.0) for key in ("produce", "bakery") for date in (SEPTEMBER, OCTOBER)]
    with django_assert_num_queries(5):  # type: ignore[operator]
        what_if(in_acme, changes, today=TODAY)
