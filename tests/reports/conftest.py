"""A small company for the pages that tell how it fares."""

import datetime as dt
from dataclasses import dataclass

import pytest
import time_machine

from accounts.models import Department, Member, Organization
from kpis.models import Kpi
from tests.cast import NOW, inside, make_kpi, make_link, make_standing

OCTOBER = dt.date(2026, 10, 1)


@dataclass
class Company:
    """Net sales, of which Fresh sales are a part, of which Produce sales, Bob's, are one; Returns lead nowhere."""

    fresh: Department
    net_sales: Kpi
    fresh_sales: Kpi
    produce_sales: Kpi
    returns: Kpi


@pytest.fixture(autouse=True)
def _today() -> None:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def company(acme: Organization, alice: Member, bob: Member) -> Company:
    with inside(acme):
        fresh = Department.objects.create(name="Fresh", lead=alice)
        produce = Department.objects.create(name="Produce", parent=fresh)
        rolled = {"unit": "currency:EUR", "source": "rollup", "rollup": "sum"}
        net = make_kpi(acme, "net_sales", level="strategic", position=1, **rolled)
        part = make_kpi(acme, "fresh_sales", department=fresh, position=2, **rolled)
        mine = make_kpi(
            acme, "produce_sales", department=produce, owner=bob, position=3, unit="currency:EUR", source="measured"
        )
        returns = make_kpi(acme, "returns", department=fresh, position=4)
        make_link(net, part)
        make_link(part, mine)
        spoken = {"period": OCTOBER, "recent_values": [1.0, 2.0], "recent_targets": [2.0, 2.0]}
        make_standing(net, "on_track", value=400_000.0, previous_value=390_000.0, target=395_000.0, score=1.0, **spoken)
        make_standing(part, "at_risk", value=160_000.0, previous_value=150_000.0, target=170_000.0, score=0.5, **spoken)
        make_standing(mine, "off_track", value=40_000.0, previous_value=42_000.0, target=60_000.0, score=0.0, **spoken)
        return Company(fresh, net, part, mine, returns)
