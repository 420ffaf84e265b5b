"""Explanations, forecasts and signals."""

import datetime as dt
import math

import pytest
import time_machine

from kpis.models import Annotation
from tests.api.conftest import errors_of
from tests.cast import NOW, inside, make_kpi

pytestmark = pytest.mark.django_db

MONTHS = [f"{year}-{month:02}-01" for year in (2024, 2025, 2026) for month in range(1, 13)][:34]  # to October 2026


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def orders(acme, writer):
    """Rises by 10 a month and wobbles; June 2026 is out of all proportion."""
    with inside(acme):
        kpi = make_kpi(acme, "orders")
    items = [
        {"kpi": "orders", "date": date, "value": 1000 + 10 * at + 15 * math.sin(at * 2.4)}
        for at, date in enumerate(MONTHS)
    ]
    writer.put("kpis/orders/targets/", [{"effective_from": "2024-01-01", "target": 1350, "floor": 900}])
    assert writer.post("measurements/?wait=true", items).status_code == 200
    return kpi


@pytest.fixture
def sales(acme, writer):
    made = {}
    for key, fields in (("total", {"source": "rollup", "rollup": "sum"}), ("east", {}), ("west", {})):
        body = {"key": key, "name": key, "unit": "number", "direction": "increase", "frequency": "monthly"}
        answer = writer.post("kpis/", {"source": "measured", **body, **fields, **({"parent": "total"} if made else {})})
        made[key] = answer.json()["id"]
    values = {"east": {"09": 300, "10": 280}, "west": {"09": 350, "10": 400}}
    items = [
        {"kpi": key, "date": f"2026-{month}-15", "value": value}
        for key, months in values.items()
        for month, value in months.items()
    ]
    assert writer.post("measurements/?wait=true", items).status_code == 200
    return made


def test_a_forecast_has_an_interval_a_backtest_and_the_chance_of_the_target(orders, reader):
    found = reader.get("kpis/orders/forecast/?periods=3").json()
    assert (found["is_offered"], found["reason"]) == (True, None)
    assert found["error"] < found["naive_error"]
    assert [point["period"] for point in found["points"]] == ["2026-11-01", "2026-12-01", "2027-01-01"]
    chances = [point["probability"] for point in found["points"]]
    assert all(point["low"] < point["mean"] < point["high"] for point in found["points"])
    assert all(point["target"] == 1350 for point in found["points"])
    assert chances == sorted(chances)


def test_a_forecast_tells_why_it_is_not_offered(sales, reader):
    found = reader.get("kpis/total/forecast/").json()
    assert (found["is_offered"], found["reason"], found["points"], found["due"]) == (False, "too_short", [], None)


def test_signals_give_limits_and_the_rules_that_mark_points(acme, orders, writer, reader):
    with inside(acme):
        Annotation.objects.create(kpi=orders, on=dt.date(2025, 7, 1), text="x", is_process_change=True, created_at=NOW)
    writer.put("kpis/orders/values/2026-06-01/", {"value": 5000})
    assert (
        writer.post("measurements/?wait=true", [{"kpi": "orders", "date": "2026-10-02", "value": 0}]).status_code == 200
    )
    found = reader.get("kpis/orders/signals/").json()
    june = next(point for point in found["points"] if point["period"] == "2026-06-01")
    assert {"rule": "outside", "side": "above"} in june["signals"]
    assert found["lower"] < found["centre"] < found["upper"] < 5000
    assert found["points"][0]["centre"] is None or found["points"][0]["centre"] != found["centre"]


def test_an_explanation_adds_up(sales, reader):
    found = reader.get("kpis/total/explain/").json()
    assert (found["period"], found["base"], found["value"], found["base_value"], found["change"]) == (
        "2026-10-01", "2026-09-01", 680, 650, 30,
    )  # fmt: skip
    parts = {part["kpi"]: part for part in found["parts"]}
    assert (parts[sales["west"]]["change"], parts[sales["east"]]["change"]) == (50, -20)
    assert parts[sales["west"]]["share"] == pytest.approx(50 / 30)


def test_an_explanation_goes_between_any_periods_and_against_the_target(sales, writer, reader):
    assert reader.get("kpis/total/explain/?period=2026-09-20&base=2026-10-02").json()["change"] == -30
    assert reader.get("kpis/total/explain/?base=target").json()["problem"] == "no_target"
    assert reader.get("kpis/total/explain/?depth=0").json()["parts"] == []


def test_they_answer_as_was_known_then(sales, writer, reader):
    with time_machine.travel(NOW + dt.timedelta(days=3), tick=False):
        writer.put("kpis/west/values/2026-10-15/", {"value": 1000})
        assert reader.get("kpis/total/explain/?as_of=2026-11-18").json()["change"] == 30
        assert reader.get("kpis/total/signals/?as_of=2026-11-18").json()["points"][-1]["value"] == 680
        assert reader.get("kpis/total/forecast/?as_of=2020-01-01").status_code == 404


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("forecast/?periods=0", "/periods"),
        ("forecast/?periods=1e9", "/periods"),
        ("explain/?period=soon", "/period"),
        ("explain/?base=never", "/base"),
        ("explain/?depth=-1", "/depth"),
        ("signals/?as_of=2999-01-01", "/as_of"),
    ],
)
def test_what_is_asked_wrongly_is_said(sales, reader, path, pointer):
    response = reader.get(f"kpis/total/{path}")
    assert response.status_code == 400
    assert errors_of(response)[0][0] == pointer
