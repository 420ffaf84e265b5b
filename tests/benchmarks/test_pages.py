"""The pages of an organization with 2,000 KPIs, over HTTP, and as many queries as for 50."""

import datetime as dt
from pathlib import Path
from statistics import median

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Member, Organization, Role
from accounts.tenancy.context import organization_context
from kpis.compute import rebuild
from tests.benchmarks.results import Results, Row, milliseconds, seconds
from tests.benchmarks.serving import Server, serving
from tests.benchmarks.worlds import make_tree, measure_monthly, vacuum
from tests.cast import client_of, make_user

pytestmark = [pytest.mark.benchmark, pytest.mark.any_statement]
LARGE, SMALL = 2_000, 50
OWNED = 20
TIMES = 20
LIMIT = 0.3
PAGES = {
    "Home": "",
    "KPI list": "kpis/",
    "Ladder": "ladder/",
    "Lanes": "ladder/?view=tree",
    "My ladder": "my-ladder/",
    "One KPI": "kpis/kpi_1/",
}
TITLE = "Pages of an organization with 2,000 KPIs"


def client_in(slug: str, number: int) -> Client:
    """Somebody who owns twenty of so many KPIs, all of them scored."""
    organization = Organization.objects.create(name=slug.capitalize(), slug=slug)
    member = Member.objects.create(
        organization=organization, user=make_user(slug), role=Role.OWNER, joined_at=timezone.now()
    )
    today = timezone.now().date()
    kpis = make_tree(organization, number)
    with organization_context(organization.pk):
        for kpi in kpis[-OWNED:]:
            kpi.owner = member
            kpi.save(update_fields=["owner"])
    measure_monthly(organization, kpis, dt.date(today.year - 2, today.month, 1), 24)
    with organization_context(organization.pk):
        rebuild(organization, now=timezone.now())
    return client_of(member)


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_pages(transactional_db: None, results: Results, tmp_path: Path) -> None:
    large, small = client_in("large", LARGE), client_in("small", SMALL)
    vacuum()
    with serving(tmp_path) as server:
        for name, path in PAGES.items():
            many, few = queries(large, f"/large/{path}"), queries(small, f"/small/{path}")
            took = time_of(server, f"/large/{path}", large)
            what = f"{name}: {many} queries, {few} with 50 KPIs"
            results.add(TITLE, Row(what, milliseconds(LIMIT), milliseconds(took), took / LIMIT, "<= 1"))
            assert many == few


def time_of(server: Server, path: str, reader: Client) -> float:
    """How long a page usually takes over HTTP, once the process is warm."""
    server.get(path, reader)
    return median(seconds(lambda: server.get(path, reader)) for _ in range(TIMES))
