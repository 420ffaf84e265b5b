"""50,000 measurements through the public API, over HTTP, against the least any path could take."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from rest_framework import serializers

from accounts.actions.tokens import create_token
from accounts.actors import SYSTEM
from accounts.models import Organization, Scope
from accounts.tenancy.context import organization_context
from kpis.models import Kpi, Measurement
from tests.benchmarks.results import Results, Row, rate, seconds
from tests.benchmarks.serving import Server, serving
from tests.cast import make_kpi

pytestmark = [pytest.mark.benchmark, pytest.mark.any_statement]
KPIS = 200
DAYS = 250
ROWS = KPIS * DAYS
ROUNDS = 5
TITLE = "Pushing 50,000 measurements"


@pytest.fixture
def kpis(organization: Organization) -> list[Kpi]:
    with organization_context(organization.pk):
        return [make_kpi(organization, f"kpi_{number}", frequency="daily") for number in range(KPIS)]


@pytest.fixture
def server(organization: Organization, tmp_path: Path) -> Iterator[Server]:
    with organization_context(organization.pk):
        _, text = create_token(SYSTEM, now=timezone.now(), name="Benchmark", scopes=[Scope.MEASUREMENTS])
    with serving(tmp_path, text) as started:
        yield started


class Days:
    """Blocks of days that no round has used before, so that every round inserts."""

    def __init__(self) -> None:
        self._next = dt.date(1990, 1, 1)

    def block(self) -> list[dt.date]:
        days = [self._next + dt.timedelta(days=number) for number in range(DAYS)]
        self._next = days[-1] + dt.timedelta(days=1)
        return days


def body(kpis: list[Kpi], days: list[dt.date], value: float) -> bytes:
    return msgspec.json.encode(
        [{"kpi": kpi.key, "date": day, "value": value + place} for kpi in kpis for place, day in enumerate(days)]
    )


class Staged:
    """The reference: the rows lie in a temporary table already, and one statement upserts them."""

    def __init__(self, organization: Organization, kpis: list[Kpi]) -> None:
        parameters = connection.get_connection_params()
        self.organization_id, self.ids = organization.pk, [kpi.pk for kpi in kpis]
        self.database = psycopg.connect(
            host=parameters["host"], dbname=parameters["dbname"], user=parameters["user"], autocommit=True
        )
        self.database.execute("CREATE TEMPORARY TABLE staged (kpi_id uuid, date date, value float8, note text)")

    def stage(self, days: list[dt.date], value: float) -> None:
        self.database.execute("TRUNCATE staged")
        self.database.execute(
            "INSERT INTO staged SELECT id, day, %s + place, '' FROM unnest(%s::uuid[]) id,"
            " unnest(%s::date[]) WITH ORDINALITY AS days (day, place)",
            [value, self.ids, days],
        )
        self.database.execute("ANALYZE staged")

    def upsert(self) -> None:
        with self.database.transaction():
            self.database.execute(f"SET LOCAL app.organization_id = '{self.organization_id}'")
            self.database.execute(
                _UPSERT,
                [self.organization_id, uuid4()],
            )


_UPSERT = """
INSERT INTO kpis_measurement (organization_id, kpi_id, date, value, note, push_id)
SELECT %s, kpi_id, date, value, note, %s FROM staged ORDER BY kpi_id, date
ON CONFLICT (organization_id, kpi_id, date) DO UPDATE
SET value = excluded.value, note = excluded.note, push_id = excluded.push_id
WHERE (kpis_measurement.value, kpis_measurement.note) IS DISTINCT FROM (excluded.value, excluded.note)
"""


class PlainSerializer(serializers.Serializer[object]):
    """What most would write first."""

    kpi = serializers.CharField()
    date = serializers.DateField()
    value = serializers.FloatField()
    note = serializers.CharField(default="", allow_blank=True)


def plain_push(organization: Organization, ids: dict[str, UUID], sent: bytes) -> None:
    serializer = PlainSerializer(data=json.loads(sent), many=True)
    serializer.is_valid(raise_exception=True)
    push = uuid4()
    with organization_context(organization.pk):
        Measurement.objects.bulk_create(
            [
                Measurement(organization=organization, kpi_id=ids[item.pop("kpi")], push_id=push, **item)
                for item in serializer.validated_data
            ],
            update_conflicts=True,
            update_fields=["value", "note", "push_id"],
            unique_fields=["organization", "kpi", "date"],
            batch_size=5000,
        )


def test_pushing(organization: Organization, kpis: list[Kpi], server: Server, results: Results) -> None:
    days, staged = Days(), Staged(organization, kpis)
    ids = {kpi.key: kpi.pk for kpi in kpis}
    times: dict[str, list[float]] = {"staged": [], "pushed": [], "again": [], "here": [], "plain": []}
    for _ in range(ROUNDS):
        staged.stage(days.block(), 1)
        times["staged"].append(seconds(staged.upsert))
        sent = body(kpis, days.block(), 1)
        times["pushed"].append(seconds(lambda sent=sent: server.post(sent)))
        times["again"].append(seconds(lambda sent=sent: server.post(sent)))
        sent = body(kpis, days.block(), 1)
        times["here"].append(seconds(lambda sent=sent: server.post_here(sent)))
        sent = body(kpis, days.block(), 1)
        times["plain"].append(seconds(lambda sent=sent: plain_push(organization, ids, sent)))
    reference, pushed, again, here, plain = (min(found) for found in times.values())

    known = body(kpis, days.block(), 1)
    server.post(known)
    before = versions(organization)
    assert server.post(known)["unchanged"] == ROWS
    assert versions(organization) == before  # no row was written, so none died
    results.add(
        TITLE,
        Row(
            "new values over HTTP / upsert of staged rows",
            rate(ROWS, reference),
            rate(ROWS, pushed),
            reference / pushed,
            ">= 0.6",
        ),
        Row(
            "the same without HTTP / DRF serializer and bulk_create",
            rate(ROWS, plain),
            rate(ROWS, here),
            plain / here,
            ">= 3",
        ),
        Row(
            "the same values again / upsert of staged rows",
            rate(ROWS, reference),
            rate(ROWS, again),
            reference / again,
            ">= 1",
        ),
    )


def versions(organization: Organization) -> list[tuple[str, int]]:
    """A fingerprint of which row versions there are."""
    with organization_context(organization.pk), connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(xmin::text::bigint)::text, count(*) FROM kpis_measurement WHERE organization_id = %s",
            [organization.pk],
        )
        return list(cursor.fetchall())
