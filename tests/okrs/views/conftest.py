"""Clients of the cast, a clock that stands still, and Acme's running quarter."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from accounts.actors import SYSTEM
from accounts.models import Member, Organization
from okrs.actions.cycles import activate_cycle, create_cycle
from okrs.actions.key_results import create_key_result
from okrs.actions.objectives import create_objective
from okrs.models import Cycle, KeyResult, Objective
from tests.cast import NOW, inside

BEGAN = dt.datetime(2026, 10, 1, 12, tzinfo=dt.UTC)
START, END = dt.date(2026, 10, 1), dt.date(2026, 12, 31)


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def quarter(acme: Organization) -> Cycle:
    """Q4 2026, active since its first day; the clock stands at 18 November, 49 of its 92 days gone."""
    with inside(acme):
        cycle = create_cycle(SYSTEM, now=BEGAN, name="Q4 2026", starts_on=START, ends_on=END, length="quarter")
        return activate_cycle(SYSTEM, cycle, now=BEGAN)


@pytest.fixture
def objective(acme: Organization, quarter: Cycle, bob: Member) -> Objective:
    """Bob's."""
    with inside(acme):
        return create_objective(SYSTEM, quarter, now=BEGAN, title="Win the region", owner=bob)


@pytest.fixture
def shops(acme: Organization, objective: Objective, bob: Member) -> KeyResult:
    """Bob's, from 0 to 100 shops."""
    with inside(acme):
        return create_key_result(
            SYSTEM,
            objective,
            now=BEGAN,
            title="Shops that sell us",
            owner=bob,
            unit="custom:shops",
            start=0,
            target=100,
        )
