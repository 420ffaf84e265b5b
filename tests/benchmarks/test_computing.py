"""Scores of 10,000 KPIs over 120 months: all of them, and after one changed value."""

import datetime as dt
import os
import sys
from statistics import median

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organization
from accounts.tenancy.context import organization_context
from kpis.actions.stale import mark_stale
from kpis.compute import compute, rebuild
from kpis.compute.definitions import load_whole
from kpis.compute.rebuild import _everything
from kpis.compute.standings import store_standings
from kpis.compute.store import everything, store_scores
from kpis.compute.values import load_all_measurements
from kpis.models import Kpi
from tests.benchmarks.results import Results, Row, milliseconds, seconds
from tests.benchmarks.worlds import forget_scores, make_tree, measure_monthly, vacuum
from tests.cast import record
from tests.kpis.workers.processes import ROOT

pytestmark = [pytest.mark.benchmark, pytest.mark.any_statement]
KPIS = 10_000
MONTHS = 120
FIRST = dt.date(2016, 12, 1)
NOW = dt.datetime(2026, 11, 18, 9, 30, tzinfo=dt.UTC)
CHANGES = 20
ROUNDS = 2
TITLE = "Scores of 10,000 KPIs over 120 months"
MEGABYTE = 1024


@pytest.fixture
def kpis(organization: Organization) -> list[Kpi]:
    made = make_tree(organization, KPIS)
    measure_monthly(organization, made, FIRST, MONTHS)
    vacuum()
    return made


def test_computing(organization: Organization, kpis: list[Kpi], results: Results) -> None:
    whole, again, alone = [], [], []
    for _ in range(ROUNDS):
        forget_scores()
        whole.append(seconds(lambda: in_organization(organization, lambda: rebuild(organization, now=NOW))))
        vacuum()
        again.append(seconds(lambda: in_organization(organization, lambda: rebuild(organization, now=NOW))))
        alone.append(_reading_and_writing_alone(organization))
    vacuum()
    changes = [_one_change(organization, kpis[-1 - 7 * number], float(number)) for number in range(CHANGES)]
    changed, statements = median(took for took, _ in changes), max(count for _, count in changes)
    memory = _memory_of_a_rebuild()
    once = min(whole)
    results.add(
        TITLE,
        Row(
            "first computation / reading and writing alone",
            milliseconds(min(alone)),
            milliseconds(once),
            once / min(alone),
            "<= 1.2",
        ),
        Row("rebuild that changes nothing / first", milliseconds(once), milliseconds(min(again)), min(again) / once),
        Row(
            f"first computation / one changed value ({statements} statements)",
            milliseconds(once),
            milliseconds(changed),
            once / changed,
            ">= 300",
        ),
        Row("memory of `rebuild_scores`", "", f"{memory:,.0f} MB", None),
    )


def test_computing_what_the_statistics_do_not_know(organization: Organization, results: Results) -> None:
    """An organization that imports all it has into a database of others, before that counted its rows."""
    _import(organization)
    vacuum()
    known = seconds(lambda: in_organization(organization, lambda: compute(organization, now=NOW)))
    new = Organization.objects.create(name="New", slug="new")
    _import(new)
    unknown = seconds(lambda: in_organization(new, lambda: compute(new, now=NOW)))
    row = Row(
        f"first computation of {KPIS:,} KPIs before / after the database counted their rows",
        milliseconds(known),
        milliseconds(unknown),
        unknown / known,
        "<= 2",
    )
    results.add(TITLE, row)


def _import(organization: Organization) -> None:
    """KPIs with a year of values, all of them marked as stale on the day on which midnight was seen to already."""
    kpis = make_tree(organization, KPIS, formulas=KPIS // 3)
    measure_monthly(organization, kpis, dt.date(2025, 12, 1), 12)
    Organization.objects.filter(pk=organization.pk).update(scored_on=organization.today(NOW))
    with organization_context(organization.pk):
        mark_stale(organization.pk, [kpi.pk for kpi in kpis], now=NOW)


def in_organization(organization: Organization, action: object) -> None:
    organization.refresh_from_db()
    with organization_context(organization.pk):
        action()  # type: ignore[operator]


def _reading_and_writing_alone(organization: Organization) -> float:
    """The same rows read and the same rows written, with nothing computed in between."""
    today = organization.today(NOW)
    with organization_context(organization.pk):
        graph, scope, columns = _everything(organization, today)
    forget_scores()

    def read() -> None:
        load_all_measurements(organization, load_whole(organization).graph)

    def write() -> None:
        store_scores(organization, columns, everything([kpi.id for kpi in graph.kpis]))
        store_standings(organization, graph, np.arange(len(graph)), scope.reach, today)

    return sum(seconds(lambda action=action: in_organization(organization, action)) for action in (read, write))


def _one_change(organization: Organization, kpi: Kpi, value: float) -> tuple[float, int]:
    """How long a changed value takes to be in all ancestors, committed, and by how many statements."""
    organization.refresh_from_db()
    with organization_context(organization.pk):
        record(organization, kpi, {"2026-09-01": 200 + value})
    with CaptureQueriesContext(connection) as queries:
        took = seconds(lambda: in_organization(organization, lambda: compute(organization, now=NOW)))
    return took, len(queries)


def _memory_of_a_rebuild() -> float:
    """The most memory that the command held, in megabytes."""
    database = connection.get_connection_params()
    url = f"postgresql://{database['user']}@/{database['dbname']}?host={database['host']}"
    environment = {**os.environ, "DATABASE_URL": url}
    process = os.posix_spawn(sys.executable, [sys.executable, str(ROOT / "manage.py"), "rebuild_scores"], environment)
    _, status, usage = os.wait4(process, 0)
    assert status == 0
    return usage.ru_maxrss / MEGABYTE
