"""Benchmarks commit for real, one organization each; what they measured is printed at the end, and written down."""

import gc
from collections.abc import Iterator

import pytest
from django.urls import get_resolver

from accounts.models import Organization
from tests.benchmarks.results import Results


@pytest.fixture(scope="session")
def results(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: object) -> Iterator[Results]:
    """A run of some of the benchmarks prints only; a whole one is written to docs/performance.md."""
    found = Results()
    yield found
    print(f"\n\n{found.text()}")
    config = request.config
    if config.args == ["tests/benchmarks"] and not config.option.keyword and not request.session.testsfailed:
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            found.write()


@pytest.fixture(scope="session", autouse=True)
def _frozen() -> Iterator[None]:
    """Garbage is collected as in the web process, without what it loaded (``config.wsgi``)."""
    get_resolver().reverse_dict  # noqa: B018
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def organization(transactional_db: None) -> Organization:
    return Organization.objects.create(name="Large", slug="large")
