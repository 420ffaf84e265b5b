"""Clients of the cast, and a clock that stands still."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.utils.html import strip_tags

from accounts.models import Member, Organization
from accounts.tenancy.context import organization_context
from kpis.actions.targets import TargetRow
from kpis.compute import compute
from kpis.models import Kpi, Target
from tests.cast import NOW, inside, make_kpi, record

Measured = Callable[..., Kpi]


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def net_sales(acme: Organization, bob: Member) -> Kpi:
    with inside(acme):
        return make_kpi(acme, "net_sales", unit="currency:EUR", owner=bob)


@pytest.fixture
def measured(acme: Organization) -> Measured:
    """Makes a KPI of Acme with values by date, targets, and scores computed from them."""

    def make(
        key: str, values: Mapping[str, float] | None = None, targets: tuple[TargetRow, ...] = (), **fields: object
    ) -> Kpi:
        with organization_context(acme.pk):
            kpi = make_kpi(acme, key, **fields)
            for row in targets:
                Target.objects.create(
                    kpi=kpi, effective_from=row.effective_from, target=row.target, floor=row.floor, recorded_at=NOW
                )
            if values:
                record(acme, kpi, values)
        score(acme)
        return kpi

    return make


def score(organization: Organization, now: dt.datetime = NOW) -> None:
    """Compute what is stale, as the workers do."""
    with organization_context(organization.pk):
        while (computed := compute(organization, now=now)) and computed.kpis:
            organization.refresh_from_db()


def text_of(answer: HttpResponse) -> str:
    """What is read of a page or a part of it."""
    return re.sub(r"\s+", " ", strip_tags(answer.content.decode())).replace("&amp;", "&")


def rows(*filled: dict[str, Any], initial: int = 0, reason: str = "") -> dict[str, str]:
    """What the editor of rows sends."""
    sent = {"rows-TOTAL_FORMS": str(len(filled)), "rows-INITIAL_FORMS": str(initial), "reason": reason}
    for index, row in enumerate(filled):
        sent |= {f"rows-{index}-{name}": value for name, value in row.items()}
    return sent
