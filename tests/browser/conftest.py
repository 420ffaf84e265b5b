"""What browser tests share: the system's Chromium, a server with the real static files, a worker, the axe check."""

import datetime as dt
import shutil
import threading
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, cast

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.actors import Actor
from accounts.models import Member, Organization, Role, User
from accounts.wakeups import lease_due
from config.celery import app
from tests.browser import snapshot
from tests.browser.bakery import Bakery, open_bakery
from tests.browser.bakery_objectives import BakeryObjectives, set_objectives
from tests.browser.door import Door
from tests.cast import client_of, inside, make_member

ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync"
).split()
# The worker looks for work so often, in seconds; pages are given so long to show what they must, in milliseconds.
LOOKS_EVERY, AT_ONCE = 0.1, 10
PATIENCE = 15_000
AXE_PATH = "/axe.js"


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
def door(live_server: Any) -> Door:
    server = live_server.thread.httpd
    door = Door(server.get_app(), {AXE_PATH: Axe().axe_script})
    server.set_app(door)
    return door


@pytest.fixture
def site(live_server: Any, door: Door, settings: Any) -> Iterator[str]:
    """The address of the running product."""
    settings.BASE_URL = live_server.url
    cache.clear()  # rate limits of one test are not held against the next
    expect.set_options(timeout=PATIENCE)
    door.open()
    yield live_server.url
    door.close()
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="session")
def opened() -> dict[dt.date, tuple[Bakery, dict[str, bytes]]]:
    """The bakery and all its rows, by the day it was opened on: it is built once, and put back for other tests."""
    return {}


@pytest.fixture
def bakery(transactional_db: None, opened: dict[dt.date, tuple[Bakery, dict[str, bytes]]]) -> Bakery:
    today = timezone.now().date()
    if today in opened:
        snapshot.put_back(opened[today][1])
    else:
        assert not User.objects.exists(), "Whoever else takes part comes after the bakery."
        acme = Organization.objects.create(name="Acme", slug="acme")
        alice, bob = make_member(acme, "Alice", Role.OWNER), make_member(acme, "Bob", Role.CONTRIBUTOR)
        opened[today] = open_bakery(acme, alice, bob, make_member(acme, "Vera", Role.VIEWER)), snapshot.take()
    return deepcopy(opened[today][0])


def _cast(name: str) -> Any:
    """Of tests in the bakery, its own ``name``; of others, everybody's."""

    @pytest.fixture(name=name)
    def who(request: pytest.FixtureRequest) -> Organization | Member:
        in_bakery = "bakery" in request.fixturenames
        found = request.getfixturevalue("bakery").cast[name] if in_bakery else request.getfixturevalue(name)
        return cast(Organization | Member, found)

    return who


acme, alice, bob, vera = map(_cast, ("acme", "alice", "bob", "vera"))


@pytest.fixture
def objectives(bakery: Bakery, alice: Member, bob: Member) -> BakeryObjectives:
    with inside(bakery.organization):
        return set_objectives(Actor(member=alice), bakery.departments, bakery.kpis, bob, now=timezone.now())


@pytest.fixture
def enter(site: str, browser: Browser) -> Iterator[Callable[..., Page]]:
    """``enter(alice, "/acme/")`` opens a page in a browser of hers, logged in; options go to the browser's context.

    With a ``clock``, that of the page may be put forward.
    """
    contexts: list[BrowserContext] = []

    def open_page(member: Member, path: str, *, clock: bool = False, **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        if clock:
            context.clock.install()
        log_in(context, site, member)
        page = context.new_page()
        page.goto(site + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def log_in(context: BrowserContext, site: str, member: Member) -> None:
    session = client_of(member).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": site}])


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
