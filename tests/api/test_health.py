"""The two questions that machines ask."""

import pytest
from django.db import OperationalError, connection
from django.test import Client

from config import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _not_asked_before(monkeypatch):
    monkeypatch.setattr(health, "_ready", set())


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_healthy_process_says_ok_to_whatever_host_name(path):
    response = Client().get(path, headers={"host": "10.1.2.3:8000"})
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_without_its_tables_it_is_not_ready(monkeypatch):
    monkeypatch.setattr("config.health.MigrationExecutor.migration_plan", lambda *_: [("accounts.0002", False)])
    response = Client().get("/readyz")
    assert (response.status_code, "migrate" in response.content.decode()) == (503, True)


def test_without_its_database_it_lives_but_is_not_ready(monkeypatch):
    def fail() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", fail)
    assert Client().get("/healthz").status_code == 200
    response = Client().get("/readyz")
    assert (response.status_code, response.content) == (503, b"The database does not answer.\n")
