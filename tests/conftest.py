"""The database as the runtime role sees it."""

import fcntl
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import setup_databases
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.emptying import empty_database
from tests.environment import VAR
from tests.isolation.statements import missing_predicates

# Every test client would index the static files anew.
settings.WHITENOISE_AUTOREFRESH = True
# A slow hash protects people's passwords; the cast's need no protection.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# How long an example takes says how busy the machine is.
UNTIMED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
hypothesis_settings.register_profile("every example", **UNTIMED)
hypothesis_settings.register_profile("a quarter", max_examples=25, **UNTIMED)
hypothesis_settings.load_profile("every example")
DATABASE = "test_ladder"
# After every test with real transactions all tables would be made anew.
TransactionTestCase._fixture_teardown = empty_database  # type: ignore[attr-defined]

pytest_plugins = ["tests.cast", "tests.scheduling"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of tests with one name pytest-xdist runs only one, and says nothing."""
    repeated = [name for name, count in Counter(item.nodeid for item in items).items() if count > 1]
    if repeated:
        raise pytest.UsageError(f"Give each of these tests a name of its own: {', '.join(repeated)}")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any, worker_id: str) -> None:
    """The owner creates and migrates the test database, once for all workers, which take a copy each; tests run as the
    runtime role, which owns nothing.

    Nothing is dropped: the whole cluster is thrown away with the run.
    """
    with django_db_blocker.unblock(), (VAR / "tables.made").open("a") as made:
        fcntl.flock(made, fcntl.LOCK_EX)
        _become("ladder_owner")
        connection.settings_dict["TEST"]["NAME"] = DATABASE
        if not os.fstat(made.fileno()).st_size:
            setup_databases(verbosity=0, interactive=False, aliases={"default"}, serialized_aliases=set())
            made.write("by the first worker")
        if worker_id != "master":
            connection.close()  # what has a session open is not copied
            connection.settings_dict["NAME"] = DATABASE
            connection.creation.clone_test_db(worker_id, verbosity=0)
            connection.settings_dict["NAME"] = f"{DATABASE}_{worker_id}"
        _become("ladder_app")


@pytest.fixture(autouse=True)
def every_statement_names_its_organization(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails the test that runs a statement on a tenant table without an ``organization_id``."""
    if request.node.get_closest_marker("any_statement"):
        yield
        return

    def guard(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        assert not missing_predicates(sql), f"A statement on a tenant table without organization_id: {sql}"
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(guard):
        yield


@contextmanager
def as_owner() -> Iterator[None]:
    """The connection of the role that migrates, for tests that break things on purpose."""
    _become("ladder_owner")
    try:
        yield
    finally:
        _become("ladder_app")


def _become(role: str) -> None:
    connection.close()
    connection.settings_dict["USER"] = role
