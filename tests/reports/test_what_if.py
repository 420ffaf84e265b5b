"""Other values supposed, and what they would do up the ladder."""

import csv
import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from accounts.actors import SYSTEM
from accounts.models import Member, Organization
from kpis.actions.definitions import create_kpi
from kpis.actions.links import LinkSpec
from kpis.actions.targets import TargetRow, set_targets
from kpis.compute import compute
from kpis.models import Kpi, Measurement, Score
from tests.cast import NOW, client_of, inside, record

HTMX = {"hx-request": "true"}
OCTOBER = "2026-10-01"


@pytest.fixture
def client(acme: Organization, vera: Member) -> Client:
    """Net sales are those of North and South; the basket is net sales by visits; nothing was ever surveyed."""
    with time_machine.travel(NOW, tick=False), inside(acme):
        common = {"now": NOW, "direction": "increase", "frequency": "monthly"}
        euros = {"unit": "currency:EUR", **common}
        net = create_kpi(SYSTEM, name="Net sales", source="rollup", level="strategic", **euros)
        north = create_kpi(SYSTEM, name="North", source="measured", links=[LinkSpec(net)], **euros)
        south = create_kpi(SYSTEM, name="South", source="measured", links=[LinkSpec(net)], **euros)
        visits = create_kpi(SYSTEM, name="Visits", unit="number", source="measured", kind="metric", **common)
        create_kpi(SYSTEM, name="Basket", source="formula", formula="net_sales / visits", **euros)
        create_kpi(SYSTEM, name="Surveyed", unit="percent", source="measured", **common)
        set_targets(SYSTEM, net, [TargetRow(dt.date(2026, 1, 1), target=1000, floor=800)], now=NOW)
        for kpi, value in ((north, 400.0), (south, 600.0), (visits, 50.0)):
            record(acme, kpi, {"2026-09-01": value, OCTOBER: value})
        compute(acme, now=NOW)
        yield client_of(vera)


def body(client: Client, query: str, **options) -> str:
    response = client.get(f"/acme/what-if/?{query}", **options)
    assert response.status_code == 200, query
    return response.content.decode()


def effects(client: Client, query: str) -> list[dict[str, str]]:
    answer = client.get(f"/acme/what-if/csv/?{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(answer.content.decode().splitlines()))


def test_effects_climb_the_ladder_the_worst_first(client: Client) -> None:
    rows = effects(client, "kpi=north&period=2026-10-01&value=100")
    moved = {row["kpi"]: (float(row["before"]), float(row["after"])) for row in rows}
    assert moved == {"net_sales": (1000, 700), "north": (400, 100), "basket": (20, 14)}
    assert (rows[0]["kpi"], rows[0]["status_before"], rows[0]["status_after"]) == ("net_sales", "on_track", "off_track")
    assert {row["kpi"] for row in rows if row["supposed"] == "True"} == {"north"}


def test_several_changes_work_together(client: Client) -> None:
    rows = effects(client, "kpi=north&period=&value=500&kpi=visits&period=2026-10-01&value=55")
    moved = {row["kpi"]: float(row["after"]) for row in rows}
    assert moved == {"net_sales": 1100, "north": 500, "visits": 55}  # 1100 by 55 is the basket there was


def test_a_computed_value_can_be_supposed_too(client: Client) -> None:
    rows = effects(client, "kpi=net_sales&period=2026-10-01&value=500")
    assert {row["kpi"]: float(row["after"]) for row in rows} == {"net_sales": 500, "basket": 10}


def test_nothing_is_stored(client: Client, acme: Organization) -> None:
    def stored() -> tuple[object, ...]:
        with inside(acme):
            return (
                list(Score.objects.order_by("kpi_id", "period").values_list("kpi_id", "period", "value")),
                list(Measurement.objects.order_by("kpi_id", "date").values_list("kpi_id", "date", "value")),
            )

    before = stored()
    assert "3 KPIs would move: 1 worse" in body(client, "kpi=north&period=2026-10-01&value=100")
    assert stored() == before


def test_the_page_shows_before_and_after_with_their_statuses(client: Client) -> None:
    html = body(client, "kpi=north&period=2026-10-01&value=100")
    row = html[html.index("<tbody>") :]
    assert row.index("On track") < row.index("becomes") < row.index("Off track")
    assert html.count('class="trend moves-drawn') == 2
    assert "Nothing is stored" in html


def test_the_latest_complete_period_is_offered(client: Client) -> None:
    html = body(client, "kpi=north")
    assert '<option value="2026-10-01" selected>October 2026</option>' in html
    assert 'placeholder="400"' in html
    assert "Nothing moves yet" in html


def test_the_slider_stands_where_the_value_is(client: Client) -> None:
    assert re.search(r'type="range"[^>]*min="0" max="800" step="1" value="400"', body(client, "kpi=north"))
    assert re.search(r'type="range"[^>]*max="800"[^>]*value="100"', body(client, "kpi=north&period=&value=100"))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("kpi=surveyed&period=&value=0.5", "It has no value yet"),
        ("kpi=north&period=&value=many", "is not a number"),
        ("kpi=north&period=1999-01-01&value=5", "Choose one of its periods"),
        ("kpi=nothing&period=&value=5", "There is no KPI in use with the key “nothing”"),
    ],
)
def test_what_cannot_be_supposed_is_said_beside_it(client: Client, query: str, said: str) -> None:
    html = body(client, f"{query}&kpi=south&period=2026-10-01&value=700")
    assert said in html
    assert "KPIs would move" in html  # the other row still counts


def test_htmx_gets_the_part_and_an_address_to_send_on(client: Client) -> None:
    response = client.get("/acme/what-if/?kpi=north&period=&value=100&kpi=", headers=HTMX)
    assert "<html" not in response.content.decode()
    assert response["HX-Replace-Url"] == "/acme/what-if/?kpi=north&period=2026-10-01&value=100"


def test_an_empty_organization_says_what_it_is_for(acme: Organization, vera: Member) -> None:
    assert "Nothing to suppose yet" in body(client_of(vera), "")


def test_the_api_answers_the_same(client: Client) -> None:
    changes = [{"kpi": "north", "period": "2026-10-15", "value": 100}]
    response = client.post("/api/v1/kpis/what-if/", {"changes": changes}, content_type="application/json")
    assert response.status_code == 200
    answer = response.json()
    assert answer["key_results"] == []
    assert [(one["before"], one["after"]) for one in answer["effects"]] == [(1000, 700), (20, 14)]
    assert {one["period"] for one in answer["effects"]} == {OCTOBER}


def test_the_api_points_at_what_cannot_be_supposed(client: Client) -> None:
    changes = [{"kpi": key, "period": OCTOBER, "value": 1} for key in ("north", "surveyed", "north")]
    response = client.post("/api/v1/kpis/what-if/", {"changes": changes}, content_type="application/json")
    assert response.status_code == 400
    assert [(error["pointer"], error["code"]) for error in response.json()["errors"]] == [
        ("/changes/1/kpi", "no_data"),
        ("/changes/2/period", "twice"),
    ]


def test_every_aggregation_takes_the_supposed_value(acme: Organization, vera: Member) -> None:
    with inside(acme):
        for aggregation in ("sum", "last", "mean", "min", "max"):
            kpi = create_kpi(
                SYSTEM, now=NOW, name=f"By {aggregation}", unit="number", direction="increase", frequency="monthly",
                source="measured", aggregation=aggregation,
            )  # fmt: skip
            record(acme, kpi, {"2026-10-01": 3.0, "2026-10-12": 5.0, "2026-10-31": 4.0})
        compute(acme, now=NOW)
        keys = list(Kpi.objects.values_list("key", flat=True))
    with time_machine.travel(NOW, tick=False):
        for key in keys:
            rows = effects(client_of(vera), f"kpi={key}&period=2026-10-01&value=7.5")
            assert [float(row["after"]) for row in rows] == [7.5]
