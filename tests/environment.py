"""Loaded by pytest before the settings: every run has a folder, a PostgreSQL and a broker of its own.

The folder's name is made here, because the settings are read before any hook runs; the workers of pytest-xdist inherit
it. Two runs at once, or a run beside ``make run``, never meet.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ

if not IS_WORKER:
    for inherited in ("DATABASE_URL", "DATABASE_OWNER_URL", "CELERY_BROKER_URL", "EMAIL_URL", "BASE_URL", "DEBUG"):
        os.environ.pop(inherited, None)
    os.environ["LADDER_VAR"] = tempfile.mkdtemp(prefix="ladder-test-")
    os.environ["SECRET_KEY"] = "only-for-tests"
    os.environ["CACHE_URL"] = "locmemcache://"
    # Playwright keeps an event loop running in the thread of the tests.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

VAR = Path(os.environ["LADDER_VAR"])
_cluster = None


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    global _cluster
    for folder in ("broker/queue", "broker/control", "broker/processed", "static"):
        (VAR / folder).mkdir(parents=True, exist_ok=True)
    if not IS_WORKER and not session.config.option.collectonly:
        from django.core.management import call_command

        from tests.cluster import start

        _cluster = start(VAR / "pg")
        # The pages are tested with the hashed files that production serves.
        call_command("collectstatic", interactive=False, verbosity=0)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if IS_WORKER:
        return
    if _cluster is not None:
        _cluster.stop()
    shutil.rmtree(VAR, ignore_errors=True)
