"""What browser tests share: the system's Chromium, a server with the real static files, a worker, the axe check."""

import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.wakeups import lease_due
from config.celery import app

ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync"
).split()
# The worker looks for work so often, in seconds; pages are given so long to show what they must, in milliseconds.
LOOKS_EVERY, AT_ONCE = 0.1, 10
PATIENCE = 15_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.any_statement)  # the server's statements are watched by the other tests


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed; `apt-get install chromium` brings it.")
    return {"executable_path": program, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def static_files() -> None:
    """The built front end, hashed as in production."""
    call_command("collectstatic", verbosity=0, interactive=False)


@pytest.fixture
def site(static_files: None, live_server: Any, settings: Any) -> Iterator[str]:
    """The address of the running product."""
    settings.BASE_URL = live_server.url
    cache.clear()  # rate limits of one test are not held against the next
    expect.set_options(timeout=PATIENCE)
    yield live_server.url
    expect.set_options(timeout=5_000)


@pytest.fixture
def worker(site: str) -> Iterator[None]:
    """Does what is due, as the workers of the product would: scores, letters."""
    stopped = threading.Event()
    failed: list[BaseException] = []
    thread = threading.Thread(target=_work, args=(stopped, failed))
    thread.start()
    yield
    stopped.set()
    thread.join()
    assert not failed, failed


@pytest.fixture
def accessible(page: Page) -> Callable[[], None]:
    """``accessible()`` fails with every violation axe finds on the page as it stands."""

    def check() -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    return check


def _work(stopped: threading.Event, failed: list[BaseException]) -> None:
    app.loader.import_default_modules()
    try:
        while not stopped.wait(LOOKS_EVERY):
            for organization_id, kind in lease_due(timezone.now(), AT_ONCE):
                app.tasks[kind](str(organization_id))
    except BaseException as error:
        failed.append(error)
    finally:
        connection.close()
