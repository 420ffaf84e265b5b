"""Scores arrive and are right whatever happens to the broker and to the workers."""

import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Organization, Wakeup
from kpis.compute import differences
from kpis.models import Kpi, Score, StaleMark
from tests.cast import inside, make_kpi, make_link, record
from tests.kpis.workers.processes import Broker, Process, Worker, start_redis
from tests.waiting import eventually

WRITE_SECONDS = 2


@pytest.fixture
def sales(acme: Organization, transactional_db: None) -> Kpi:
    """Bakery's sales ladder up to the company's."""
    with inside(acme):
        total = make_kpi(acme, "net_sales", source="rollup", rollup="sum")
        bakery = make_kpi(acme, "bakery")
        make_link(total, bakery)
    return bakery


def push(organization: Organization, kpi: Kpi, value: float) -> float:
    """Record the value of one day; answers how many seconds the caller waited, message included."""
    began = time.monotonic()
    with inside(organization):
        record(organization, kpi, {"2026-09-10": value})
    return time.monotonic() - began


def company_sales(organization: Organization) -> float | None:
    with inside(organization):
        total = Kpi.objects.get(key="net_sales")
        return Score.objects.filter(kpi_id=total.pk, period=date(2026, 9, 1)).values_list("value", flat=True).first()


def settled(organization: Organization) -> bool:
    """Nothing waits, and what is stored equals a full computation."""
    with inside(organization):
        return not StaleMark.objects.exists() and not differences(organization, now=timezone.now())


@pytest.fixture
def redis(tmp_path: Path, processes: list[Process | Worker]) -> Process:
    if not shutil.which("redis-server"):
        pytest.skip("no redis-server here (apt-get install it)")
    processes.append(start_redis(tmp_path))
    return processes[-1]


@pytest.fixture
def worker(redis: Process, acme: Organization, tmp_path: Path, processes: list[Process | Worker]) -> Iterator[Worker]:
    """One that takes its messages from that Redis, at which this process rings."""
    broker = Broker(tmp_path, f"redis+socket://{tmp_path}/redis.sock")
    with broker.used_here():
        processes.append(Worker(broker))
        yield processes[-1]


@pytest.mark.slow
@pytest.mark.parametrize("stop", ["ended", "silent"])
def test_a_write_while_redis_is_away_succeeds_at_once_and_is_scored_when_it_is_back(
    stop: str,
    acme: Organization,
    sales: Kpi,
    redis: Process,
    worker: Worker,
    tmp_path: Path,
    processes: list[Process | Worker],
    caplog: pytest.LogCaptureFixture,
) -> None:
    push(acme, sales, 1)
    assert eventually(lambda: company_sales(acme) == 1)
    redis.kill() if stop == "ended" else redis.signal(signal.SIGSTOP)
    assert push(acme, sales, 2) < WRITE_SECONDS
    assert push(acme, sales, 3) < WRITE_SECONDS
    assert caplog.text.count("doorbell_failed") == 2
    if stop == "ended":
        processes.append(start_redis(tmp_path))
    else:
        redis.signal(signal.SIGCONT)
    assert eventually(lambda: worker.keep_running() or company_sales(acme) == 3)
    assert eventually(lambda: worker.keep_running() or settled(acme))


@pytest.mark.slow
def test_a_worker_whose_redis_was_silent_when_its_work_ended_takes_more_work_when_it_is_back(
    acme: Organization, sales: Kpi, redis: Process, worker: Worker
) -> None:
    other = Organization.objects.create(name="Other", slug="other")
    with inside(other):
        elsewhere = make_kpi(other, "elsewhere")
    with held_back() as waiting:
        push(acme, sales, 1)
        push(other, elsewhere, 1)
        assert eventually(lambda: waiting() == worker.CONCURRENCY)
        redis.signal(signal.SIGSTOP)
    # Neither piece of work can be acknowledged now. Should the worker look after its connection at this very moment, it
    # gives that up instead, and says other words.
    eventually(lambda: worker.said("Couldn't ack") >= worker.CONCURRENCY, seconds=5)
    redis.signal(signal.SIGCONT)
    push(acme, sales, 2)
    assert eventually(lambda: worker.keep_running() or company_sales(acme) == 2)
    assert eventually(lambda: worker.keep_running() or settled(acme))


def test_a_write_while_the_brokers_folder_is_gone_is_scored_when_it_is_back(
    acme: Organization, sales: Kpi, folders: Broker, processes: list[Process | Worker]
) -> None:
    queue = folders.folder / "broker" / "queue"
    queue.rename(folders.folder / "away")
    assert push(acme, sales, 2) < WRITE_SECONDS
    assert not queue.exists()
    (folders.folder / "away").rename(queue)
    processes.append(Worker(folders))
    assert eventually(lambda: company_sales(acme) == 2)
    assert eventually(lambda: settled(acme))


def test_scores_are_right_and_written_once_although_the_worker_was_killed_while_it_wrote_them(
    acme: Organization, sales: Kpi, folders: Broker, processes: list[Process | Worker]
) -> None:
    with inside(acme):
        record(acme, sales, {f"2026-{month:02}-10": month for month in range(1, 10)})
    with held_back() as waiting:
        worker = Worker(folders)
        processes.append(worker)
        assert eventually(waiting)
        worker.kill()
    assert company_sales(acme) is None
    with inside(acme):
        assert StaleMark.objects.exists()
    version = Organization.objects.get().version
    # The fifteen seconds pass for which the dead worker had the work to itself.
    Wakeup.objects.update(due_at=timezone.now())
    processes.append(Worker(folders))
    assert eventually(lambda: company_sales(acme) == 9)
    assert eventually(lambda: settled(acme))
    assert Organization.objects.get().version == version + 1


@pytest.mark.slow
def test_two_workers_at_once_leave_every_score_right(
    acme: Organization, sales: Kpi, folders: Broker, processes: list[Process | Worker]
) -> None:
    processes.extend([Worker(folders), Worker(folders)])
    for value in range(20):
        push(acme, sales, value)
    assert eventually(lambda: company_sales(acme) == 19)
    assert eventually(lambda: settled(acme))


@contextmanager
def held_back() -> Iterator[Callable[[], int]]:
    """Nobody can write scores while this lasts; yields a question: how many wait to?"""
    parameters = connection.get_connection_params()
    with psycopg.connect(host=parameters["host"], dbname=parameters["dbname"], user=parameters["user"]) as other:
        other.execute("LOCK TABLE kpis_score IN SHARE MODE")
        yield lambda: _waiters(other)


def _waiters(other: "psycopg.Connection[tuple[int]]") -> int:
    found = other.execute("SELECT count(*) FROM pg_locks WHERE relation = 'kpis_score'::regclass AND NOT granted")
    row = found.fetchone()
    return row[0] if row else 0
