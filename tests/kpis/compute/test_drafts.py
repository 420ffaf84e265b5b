"""What is previewed is what will be stored: formulas before they are saved, and KPIs judged by another frequency."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from accounts.actors import SYSTEM
from accounts.models import Organization
from kpis.actions.definitions import create_kpi, update_kpi
from kpis.actions.links import LinkSpec, set_parents
from kpis.compute import compute
from kpis.compute.drafts import DraftPoint, draft_series
from kpis.compute.formula_preview import preview_formula
from kpis.engine.cycles import CycleError
from kpis.engine.formula.parsing import parse
from kpis.engine.periods import Frequency
from kpis.models import Kpi, Score
from kpis.plain import plain_kpi
from tests.cast import NOW, make_kpi, record

TODAY = NOW.date()


def days(start: str, count: int) -> list[str]:
    first = dt.date.fromisoformat(start)
    return [str(first + dt.timedelta(days=day)) for day in range(count)]


@pytest.fixture
def shop(in_acme: Organization) -> dict[str, Kpi]:
    """A year of daily sales, weekly baskets, monthly areas with a hole, a formula over them, and a roll-up."""
    kpis = {
        "sales": make_kpi(in_acme, "sales", frequency="daily"),
        "visits": make_kpi(in_acme, "visits", frequency="daily", aggregation="mean"),
        "baskets": make_kpi(in_acme, "baskets", frequency="weekly"),
        "area": make_kpi(in_acme, "area", aggregation="last", carry_forward=2),
        "north": make_kpi(in_acme, "north"),
        "south": make_kpi(in_acme, "south"),
        "total": make_kpi(in_acme, "total", source="rollup", rollup="sum"),
    }
    record(in_acme, kpis["sales"], {day: 100.0 + at % 7 for at, day in enumerate(days("2025-11-10", 370))})
    record(in_acme, kpis["visits"], {day: 5.0 + at % 4 for at, day in enumerate(days("2026-08-20", 80))})
    record(in_acme, kpis["baskets"], {day: 10.0 + at % 3 for at, day in enumerate(days("2025-11-10", 370)[::7])})
    record(in_acme, kpis["area"], {"2026-02-01": 50.0, "2026-06-01": 60.0, "2026-10-01": 0.0})
    for month in range(1, 12):
        record(in_acme, kpis["north"], {f"2026-{month:02}-01": 10.0 * month})
        record(in_acme, kpis["south"], {f"2026-{month:02}-01": 7.0})
    for child in ("north", "south"):
        set_parents(SYSTEM, kpis[child], [LinkSpec(kpis["total"])], now=NOW)
    fields: dict[str, Any] = {"unit": "number", "direction": "increase", "source": "formula"}
    kpis["basket"] = create_kpi(SYSTEM, now=NOW, name="Basket", formula="sales / baskets", frequency="weekly", **fields)
    compute(in_acme, now=NOW)
    return kpis


OVER_DAYS = (
    "sales * 2",
    "sales - prev(sales, 3)",
    "rolling_mean(sales, 3) + ytd(sales)",
    "same_period_last_year(sales)",
    "5",
)
OVER_MONTHS = (
    "basket + growth(basket)",
    "sales / area",
    "total - children_sum(total) + children_mean(total)",
    "qtd(north) / total",
    "if(area == 0, coalesce(south, 1), north / area)",
    "sqrt(-north)",
)


@pytest.mark.parametrize("frequency", ["daily", "weekly", "monthly", "quarterly"])
def test_a_preview_over_daily_values_is_what_will_be_stored(
    in_acme: Organization, shop: dict[str, Kpi], frequency: str
) -> None:
    assert_previewed(in_acme, OVER_DAYS, frequency)


def test_a_preview_over_formulas_roll_ups_and_stocks_is_what_will_be_stored(
    in_acme: Organization, shop: dict[str, Kpi]
) -> None:
    assert_previewed(in_acme, OVER_MONTHS, "monthly")


def assert_previewed(acme: Organization, texts: Sequence[str], frequency: str) -> None:
    previewed = [
        preview_formula(acme, parse(text), frequency=Frequency(frequency), periods=30, today=TODAY) for text in texts
    ]
    fields: dict[str, Any] = {"unit": "number", "direction": "increase", "frequency": frequency}
    kpis = [create_kpi(SYSTEM, now=NOW, name="New", source="formula", formula=text, **fields) for text in texts]
    acme.refresh_from_db()
    compute(acme, now=NOW)
    for kpi, points in zip(kpis, previewed, strict=True):
        assert told(points) == stored(kpi, points[-1].period, 30), kpi.formula


def told(points: Sequence[DraftPoint]) -> list[tuple[Any, ...]]:
    return [(point.period, point.value, point.problem, point.complete) for point in points]


def stored(kpi: Kpi, until: dt.date, periods: int) -> list[tuple[Any, ...]]:
    rows = Score.objects.filter(kpi_id=kpi.pk, period__lte=until).order_by("-period")
    return list(rows.values_list("period", "value", "problem", "complete")[:periods])[::-1]


def test_a_preview_of_an_edited_formula_uses_its_own_children(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    fields: dict[str, Any] = {"unit": "number", "direction": "increase", "frequency": "monthly"}
    kpi = create_kpi(SYSTEM, now=NOW, name="Profit", source="formula", formula="north", **fields)
    set_parents(SYSTEM, shop["south"], [LinkSpec(kpi)], now=NOW)
    compute(in_acme, now=NOW)
    shown = preview_formula(
        in_acme,
        parse("children_sum() * 2"),
        frequency=Frequency.MONTHLY,
        periods=2,
        today=TODAY,
        kpi_id=kpi.pk,
        key=kpi.key,
    )
    assert [(str(point.period), point.value) for point in shown] == [("2026-10-01", 14), ("2026-11-01", 14)]


def test_a_preview_says_why_a_value_is_missing(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    shown = preview_formula(in_acme, parse("north / area"), frequency=Frequency.MONTHLY, periods=9, today=TODAY)
    assert {str(point.period): point.problem for point in shown if point.value is None} == {
        "2026-05-01": "missing_operand: area",
        "2026-09-01": "missing_operand: area",
        "2026-10-01": "division_by_zero",
        "2026-11-01": "division_by_zero",
    }


def test_operands_without_data_give_no_preview(in_acme: Organization) -> None:
    make_kpi(in_acme, "empty")
    assert preview_formula(in_acme, parse("empty * 2"), frequency=Frequency.MONTHLY, periods=9, today=TODAY) == []


def test_a_preview_that_would_depend_on_itself_is_refused(in_acme: Organization, shop: dict[str, Kpi]) -> None:
    with pytest.raises(CycleError, match="sales -> basket -> sales"):
        preview_formula(
            in_acme,
            parse("basket + 1"),
            frequency=Frequency.WEEKLY,
            periods=9,
            today=TODAY,
            kpi_id=shop["sales"].pk,
            key="sales",
        )


@pytest.mark.parametrize(("key", "frequency"), [("visits", "monthly"), ("basket", "monthly"), ("total", "quarterly")])
def test_another_frequency_is_previewed_as_it_will_be_stored(
    in_acme: Organization, shop: dict[str, Kpi], key: str, frequency: str
) -> None:
    kpi = shop[key]
    kpi.frequency = frequency
    previewed = draft_series(in_acme, plain_kpi(kpi), periods=400, today=TODAY)
    kpi.refresh_from_db()
    update_kpi(SYSTEM, kpi, now=NOW, frequency=frequency)
    in_acme.refresh_from_db()
    compute(in_acme, now=NOW)
    assert told(previewed) == stored(kpi, previewed[-1].period, 400)
