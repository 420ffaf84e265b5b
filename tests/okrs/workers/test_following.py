"""A pushed number moves the key result that its KPI is linked to, whatever happens to the workers."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.actors import SYSTEM
from accounts.models import Organization, OutboxMessage, Wakeup
from kpis.models import Kpi
from okrs.actions.cycles import activate_cycle, create_cycle
from okrs.actions.key_results import create_key_result
from okrs.actions.objectives import create_objective
from okrs.following.rebuild import differences
from okrs.models import KeyResult, ProgressRecord
from tests.cast import inside, make_kpi, make_link, record
from tests.kpis.workers.processes import Broker, Process, Worker
from tests.okrs.workers.holding import held_back
from tests.waiting import eventually

pytestmark = pytest.mark.slow


@pytest.fixture
def shops(acme: Organization) -> Kpi:
    """The shops of one region ladder up to those of the company, which a key result of a running cycle reads."""
    today = dt.date.today()  # noqa: DTZ011 - the organization is in UTC, as the workers are
    with inside(acme):
        total = make_kpi(acme, "shops", source="rollup", rollup="sum", frequency="daily")
        region = make_kpi(acme, "region", frequency="daily", aggregation="last")
        make_link(total, region)
        now = timezone.now()
        cycle = create_cycle(
            SYSTEM,
            now=now,
            name="Now",
            starts_on=today - dt.timedelta(days=30),
            ends_on=today + dt.timedelta(days=30),
        )
        activate_cycle(SYSTEM, cycle, now=now)
        objective = create_objective(SYSTEM, cycle, now=now, title="Grow")
        create_key_result(
            SYSTEM, objective, now=now, title="Reach 100", kpi=total, start=0, target=100, reads="last_complete"
        )
    return region


def push(organization: Organization, kpi: Kpi, value: float) -> None:
    yesterday = dt.date.today() - dt.timedelta(days=1)  # noqa: DTZ011
    with inside(organization):
        record(organization, kpi, {str(yesterday): value})


def progress(organization: Organization) -> float | None:
    with inside(organization):
        key_result = KeyResult.objects.get()
        rows = ProgressRecord.objects.filter(key_result_id=key_result.pk).order_by("-on")
        return rows.values_list("progress_raw", flat=True).first()


def settled(organization: Organization) -> bool:
    with inside(organization):
        return not OutboxMessage.objects.exists() and not differences(organization, now=timezone.now())


def test_a_push_moves_a_linked_key_result(
    acme: Organization, shops: Kpi, folders: Broker, processes: list[Process | Worker]
) -> None:
    processes.append(Worker(folders))
    push(acme, shops, 40)
    assert eventually(lambda: progress(acme) == 0.4)
    push(acme, shops, 60)
    assert eventually(lambda: progress(acme) == 0.6)
    assert eventually(lambda: settled(acme))


def test_it_moves_although_the_worker_was_killed_while_it_followed(
    acme: Organization, shops: Kpi, folders: Broker, processes: list[Process | Worker]
) -> None:
    with held_back("okrs_progressrecord") as waiting:
        worker = Worker(folders)
        processes.append(worker)
        push(acme, shops, 40)
        assert eventually(waiting)
        worker.kill()
    assert progress(acme) is None
    with inside(acme):
        assert OutboxMessage.objects.exists()
    # The fifteen seconds pass for which the dead worker had the work to itself.
    Wakeup.objects.update(due_at=timezone.now())
    processes.append(Worker(folders))
    assert eventually(lambda: progress(acme) == 0.4)
    assert eventually(lambda: settled(acme))
