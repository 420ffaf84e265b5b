"""Acme's fourth quarter of 2026, on 18 November: more than half of it has passed."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from accounts.actors import SYSTEM, Actor
from accounts.models import Member, Organization
from okrs.actions.cycles import activate_cycle, create_cycle
from okrs.actions.key_results import create_key_result
from okrs.actions.objectives import create_objective
from okrs.following.rebuild import differences
from okrs.models import Cycle, KeyResult, Objective
from okrs.reading import KeyResultView, load_key_result
from tests.cast import NOW

START, END = dt.date(2026, 10, 1), dt.date(2026, 12, 31)
TODAY = NOW.date()


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def at(text: str) -> dt.datetime:
    """Noon of a day."""
    return dt.datetime.combine(date(text), dt.time(12), dt.UTC)


@pytest.fixture
def quarter(in_acme: Organization) -> Cycle:
    """Active since its first day."""
    began = at("2026-10-01")
    cycle = create_cycle(SYSTEM, now=began, name="Q4 2026", starts_on=START, ends_on=END, length="quarter")
    return activate_cycle(SYSTEM, cycle, now=began)


@pytest.fixture
def objective(quarter: Cycle, alice: Member) -> Objective:
    return create_objective(SYSTEM, quarter, now=at("2026-10-01"), title="Win the region", owner=alice)


MakeKeyResult = Callable[..., KeyResult]


@pytest.fixture
def make(objective: Objective) -> MakeKeyResult:
    """A key result as editors set it, by default from 0 to 100."""

    def make_key_result(title: str = "Reach 100 shops", **fields: Any) -> KeyResult:
        of = fields.pop("objective", objective)
        now = fields.pop("now", at("2026-10-01"))
        if not fields.keys() & {"kind", "target", "kpi"}:
            fields = {"start": 0, "target": 100, **fields}
        return create_key_result(SYSTEM, of, now=now, title=title, **fields)

    return make_key_result


@pytest.fixture
def as_bob(bob: Member) -> Actor:
    return Actor(member=bob)


@pytest.fixture
def as_vera(vera: Member) -> Actor:
    return Actor(member=vera)


def view_of(key_result: KeyResult, on: dt.date = TODAY, as_of: dt.datetime | None = None) -> KeyResultView:
    organization = Organization.objects.get(pk=key_result.organization_id)
    return load_key_result(organization, key_result, on, as_of)


def is_settled(organization: Organization, now: dt.datetime = NOW) -> bool:
    """Whether what is stored equals what a rebuild would store."""
    return not differences(organization, now=now)
