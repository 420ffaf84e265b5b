"""Tests with real processes commit for real, and everything they start has ended when they end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.models import Organization
from tests.kpis.workers.processes import Broker, Process, Worker


@pytest.fixture
def acme(transactional_db: None) -> Organization:
    return Organization.objects.create(name="Acme", slug="acme")


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Broker]:
    """The broker of the embedded run: folders."""
    broker = Broker(tmp_path, "filesystem://localhost")
    with broker.used_here():
        yield broker


@pytest.fixture
def processes() -> Iterator[list[Process | Worker]]:
    """Whatever is added here is killed at the end of the test."""
    started: list[Process | Worker] = []
    yield started
    for process in started:
        process.kill()
