"""The ladder in lanes, with what formulas are computed from, as it was known, and with what changed since."""

import datetime as dt
import re
from dataclasses import dataclass

import pytest
import time_machine
from django.test import Client

from accounts.actors import SYSTEM
from accounts.models import Department, Member, Organization
from kpis.actions.definitions import create_kpi
from kpis.actions.links import LinkSpec, set_parents
from kpis.actions.measurements import record_measurements
from kpis.actions.targets import TargetRow, set_targets
from kpis.compute import compute
from kpis.ingest import Batch
from kpis.models import Kpi
from kpis.models.measurements import Via
from tests.cast import NOW, client_of, inside

BEFORE, LATELY = NOW - dt.timedelta(days=20), NOW - dt.timedelta(days=2)
OCTOBER, SEPTEMBER = dt.date(2026, 10, 1), dt.date(2026, 9, 1)


@dataclass
class World:
    """Basket is sales by visits; sales are the shops'. September was known early, October lately and worse."""

    organization: Organization
    shops: Department
    kpis: dict[str, Kpi]

    def push(self, key: str, date: dt.date, value: float, now: dt.datetime) -> None:
        batch = Batch([self.kpis[key].pk], [date], [value], [""], received=1)
        record_measurements(SYSTEM, batch, organization=self.organization, via=Via.API, now=now)


@pytest.fixture
def world(acme: Organization) -> World:
    with inside(acme):
        shops = Department.objects.create(name="Shops")
        common = {"now": BEFORE, "direction": "increase", "frequency": "monthly"}
        euros = {"unit": "currency:EUR", **common}
        net = create_kpi(SYSTEM, name="Net sales", source="rollup", level="strategic", **euros)
        below = [LinkSpec(net)]
        sales = create_kpi(SYSTEM, name="Sales", source="measured", department=shops, links=below, **euros)
        visits = create_kpi(SYSTEM, name="Visits", unit="number", source="measured", kind="metric", **common)
        asked = {"source": "formula", "formula": "sales / visits", "level": "strategic"}
        basket = create_kpi(SYSTEM, name="Basket", **asked, **euros)
        set_targets(SYSTEM, sales, [TargetRow(dt.date(2026, 1, 1), target=1000, floor=800)], now=BEFORE)
        made = World(acme, shops, {"net_sales": net, "sales": sales, "visits": visits, "basket": basket})
        for key, value in (("sales", 1000.0), ("visits", 50.0)):
            made.push(key, SEPTEMBER, value, BEFORE)
        made.push("sales", OCTOBER, 700.0, LATELY)
        compute(acme, now=NOW)
    with time_machine.travel(NOW, tick=False):
        yield made


@pytest.fixture
def client(vera: Member, world: World) -> Client:
    return client_of(vera)


def body(client: Client, address: str, **options) -> str:
    response = client.get(address, **options)
    assert response.status_code == 200, address
    return response.content.decode()


def test_what_a_formula_is_computed_from_stands_below_it(client: Client) -> None:
    html = body(client, "/acme/ladder/")
    below = html[html.index('id="below-basket"') :]
    assert below.index("in the formula") < below.index(">Visits<")
    assert "Not on the ladder yet" not in html


def test_a_linked_operand_is_a_child_and_no_operand(client: Client, world: World) -> None:
    with inside(world.organization):
        set_parents(SYSTEM, world.kpis["visits"], [LinkSpec(world.kpis["basket"])], now=NOW)
    html = body(client, "/acme/ladder/")
    assert html.count('class="rung-tag">in the formula') == 1 + 1  # sales below the basket, and the legend


def test_departments_are_lanes_with_their_health(client: Client) -> None:
    html = body(client, "/acme/ladder/?view=tree")
    assert re.findall(r'class="lane-name"[^>]*>([^<]+)<', html) == ["Company", "Shops"]
    assert "Off track" in html[html.index(">Shops<") :]
    assert "0 % health · 1 KPI, 1 off track" in html
    assert html.count('class="tree-node"') == 4
    assert 'class="tree-link is-operand"' in html


def test_a_focus_dims_the_rest_of_the_lanes(client: Client) -> None:
    html = body(client, "/acme/ladder/?view=tree&focus=net_sales")
    assert html.count("tree-node is-dim") == 2
    assert html.count("is-focus") == 1


def test_the_ladder_reads_as_it_was_known(client: Client) -> None:
    html = body(client, "/acme/ladder/?as_of=2026-11-01")
    assert "As it was known on <strong>1 November 2026</strong>" in html
    assert 'href="?">back to now' in html
    assert html.count('class="rung-tag">in the formula') == 2 + 1  # what the basket was computed from, and the legend
    assert 'data-watch="sales"><span class="value"><span class="unit">€</span>\u00a01\u00a0k' in html
    assert 'data-watch="sales"><span class="value"><span class="unit">€</span>\u00a0700' in body(
        client, "/acme/ladder/"
    )


def test_before_anything_was_known_the_page_says_so(client: Client) -> None:
    assert "Nothing was known yet" in body(client, "/acme/ladder/?as_of=2026-01-01")


@pytest.mark.parametrize("asked", ["tomorrow", "2027-01-01"])
def test_what_cannot_be_read_is_said_and_today_is_shown(client: Client, asked: str) -> None:
    html = body(client, f"/acme/ladder/?as_of={asked}")
    assert "Today’s ladder is shown" in html
    assert "As it was known" not in html


def test_changes_are_marked_with_their_words_the_worst_first(client: Client) -> None:
    html = body(client, "/acme/ladder/?since=week")
    assert "2 changed since 11 November 2026" in html
    moves = re.findall(r"<li>\s*<a href[^>]*>([^<]+)</a>.*?<span class=\"(\w+)\">([^<]+)</span>\s*</li>", html, re.S)
    assert moves[0] == ("Sales", "bad", "on track → off track since October 2026, \u2212€\u00a0300")
    assert [name for name, _, _ in moves] == ["Sales", "Net sales"]
    assert html.count("is-changed") == 3  # sales stand in two places


def test_changes_are_flagged_in_the_lanes(client: Client) -> None:
    assert body(client, "/acme/ladder/?view=tree&since=week").count('class="tree-flag"') == 2


def test_nothing_changed_is_said(client: Client) -> None:
    assert "Nothing changed since" in body(client, "/acme/ladder/?since=day")


def test_since_a_date_asks_for_the_date(client: Client) -> None:
    assert "Choose the date since when." in body(client, "/acme/ladder/?since=date")
    assert "2 changed since 10 November 2026<" in body(client, "/acme/ladder/?since=date&since_on=2026-11-10")


def test_before_the_first_definition_nothing_counts_as_changed(client: Client) -> None:
    html = body(client, "/acme/ladder/?since=date&since_on=2026-01-01")
    assert "Nothing was known yet on 1 January 2026" in html
    assert "is-changed" not in html


def test_a_part_unfolds_in_place_as_it_was_known(client: Client) -> None:
    html = body(client, "/acme/ladder/net_sales/children/?as_of=2026-11-01", headers={"hx-request": "true"})
    assert "\u00a01\u00a0k" in html
    assert "as_of=2026-11-01&amp;focus=sales" in html
