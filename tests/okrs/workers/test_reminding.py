"""A reminder arrives once, though a worker is killed over it and others are told of it again."""

import datetime as dt
from pathlib import Path

import pytest
from celery import current_app

from accounts.actions.organizations import create_organization
from accounts.actors import SYSTEM
from accounts.models import Member, Organization
from okrs.actions.cycles import activate_cycle, create_cycle
from okrs.actions.key_results import create_key_result
from okrs.actions.objectives import create_objective
from okrs.actions.reminding import REMIND
from okrs.models import Reminder
from tests.cast import inside, make_user
from tests.kpis.workers.processes import Broker, Process, Worker
from tests.okrs.workers.holding import held_back
from tests.waiting import eventually

pytestmark = pytest.mark.slow

# Long ago, so that what the scheduler asks for today sends nothing.
SET_AT = dt.datetime(2025, 11, 17, 12, tzinfo=dt.UTC)
MORNING = dt.datetime(2025, 11, 21, 9, tzinfo=dt.UTC)


@pytest.fixture
def owing(transactional_db: None) -> Organization:
    """Dana owes a check-in on 21 November."""
    organization = create_organization(make_user("Dana"), now=SET_AT, name="Danas")
    with inside(organization):
        dana = Member.objects.of_organization(organization.pk).get()
        first, last = dt.date(2025, 10, 1), dt.date(2025, 12, 31)
        cycle = create_cycle(SYSTEM, now=SET_AT, name="Q4 2025", starts_on=first, ends_on=last)
        activate_cycle(SYSTEM, cycle, now=SET_AT)
        objective = create_objective(SYSTEM, cycle, now=SET_AT, title="Grow")
        create_key_result(SYSTEM, objective, now=SET_AT, title="Reach 100 shops", start=0, target=100, owner=dana)
    return organization


def ring(organization: Organization) -> None:
    current_app.send_task(REMIND, args=[str(organization.pk), MORNING])


def letters(folders: Broker) -> list[Path]:
    return list((folders.folder / "outbox").glob("*.eml"))


def is_told(organization: Organization) -> bool:
    with inside(organization):
        return Reminder.objects.count() == 1


def test_a_letter_arrives_once_though_its_worker_was_killed(
    owing: Organization, folders: Broker, processes: list[Process | Worker]
) -> None:
    with held_back("okrs_reminder") as waiting:
        worker = Worker(folders)
        processes.append(worker)
        ring(owing)
        assert eventually(waiting)
        worker.kill()
    assert not letters(folders)
    assert not is_told(owing)
    processes.append(Worker(folders))
    ring(owing)
    ring(owing)
    assert eventually(lambda: is_told(owing))
    assert eventually(lambda: not list((folders.folder / "broker" / "queue").iterdir()))
    processes[-1].kill()
    assert len(letters(folders)) == 1
    assert b"check-in is due" in letters(folders)[0].read_bytes()
