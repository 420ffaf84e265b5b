"""Why the top of 10,000 KPIs changed, and what a changed number at the bottom would do to it."""

import datetime as dt
from collections.abc import Callable, Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organization
from accounts.tenancy.context import organization_context
from kpis.compute import rebuild
from kpis.compute.explaining import explain_kpi
from kpis.compute.whatif import what_if
from kpis.engine.explaining.explanation import Part
from kpis.engine.what_if import Override
from kpis.models import Kpi
from tests.benchmarks.results import Results, Row, milliseconds, seconds
from tests.benchmarks.worlds import make_tree, measure_monthly, vacuum

pytestmark = [pytest.mark.benchmark, pytest.mark.any_statement]
KPIS, FORMULAS = 10_000, 3_333
MONTHS = 120
FIRST = dt.date(2016, 12, 1)
NOW = dt.datetime(2026, 11, 18, 9, 30, tzinfo=dt.UTC)
PERIOD = dt.date(2026, 10, 1)
TIMES = 15
LIMIT = 0.2
DEPTH = 3  # levels that the API shows unless asked for more or fewer
TITLE = "Explain and what-if, 10,000 KPIs over 120 months, a third of them formulas"


@pytest.fixture
def kpis(organization: Organization) -> list[Kpi]:
    made = make_tree(organization, KPIS, formulas=FORMULAS)
    measure_monthly(organization, made, FIRST, MONTHS)
    with organization_context(organization.pk):
        rebuild(organization, now=NOW)
    vacuum()
    return made


def test_explaining(organization: Organization, kpis: list[Kpi], results: Results) -> None:
    organization.refresh_from_db()
    bottom = [kpi for kpi in kpis if kpi.is_measured]
    changes = [Override(kpi.pk, PERIOD, 90.0) for kpi in bottom[:: len(bottom) // 100][:100]]
    with organization_context(organization.pk):
        rows = [
            explaining(organization, kpis[0], depth=1, base="previous"),
            explaining(organization, kpis[0], depth=DEPTH, base="previous", goal=True),
            explaining(organization, kpis[0], depth=DEPTH, base=dt.date(2017, 1, 1), goal=True),
            explaining(organization, kpis[0], depth=DEPTH, base="target", goal=True),
            explaining(organization, kpis[0], depth=10, base="previous"),
            asking(organization, changes[:1], goal=True),
            asking(organization, changes[:10], goal=True),
            asking(organization, changes),
        ]
    results.add(TITLE, *rows)


def explaining(organization: Organization, kpi: Kpi, *, depth: int, base: object, goal: bool = False) -> Row:
    def explain() -> Sequence[Part]:
        asked = {"period": PERIOD, "base": base, "depth": depth, "today": NOW.date()}
        return explain_kpi(organization, kpi.pk, **asked).parts  # type: ignore[arg-type]

    what = base if isinstance(base, str) else f"{PERIOD.year - base.year} years before"  # type: ignore[attr-defined]
    return measured(f"explain the top, {count(explain()):,} parts, against {what}", explain, goal)


def asking(organization: Organization, changes: list[Override], *, goal: bool = False) -> Row:
    def ask() -> int:
        return len(what_if(organization, changes, today=NOW.date()))

    return measured(f"what-if of {len(changes)} numbers, {ask()} effects", ask, goal)


def measured(what: str, action: Callable[[], object], goal: bool) -> Row:
    """The reference is the limit."""
    with CaptureQueriesContext(connection) as queries:
        action()
    took = min(seconds(action) for _ in range(TIMES))
    return Row(
        f"{what} ({len(queries)} statements) / limit",
        milliseconds(LIMIT),
        milliseconds(took),
        took / LIMIT,
        "<= 1" if goal else "",
    )


def count(parts: Sequence[Part]) -> int:
    return sum(1 + count(part.parts) for part in parts)
