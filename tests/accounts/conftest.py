"""What the tests of ``accounts`` share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from accounts import ownership
from accounts.models import Department
from accounts.ownership import Belongings


@pytest.fixture(autouse=True)
def fresh_rate_limits() -> None:
    """What one test tried too often is not held against the next."""
    cache.clear()


@pytest.fixture
def hats() -> Iterator[dict[object, int]]:
    """Hats, which members and departments of these tests can own: ``hats[owner.pk] = 2``."""
    owned: dict[object, int] = {}

    def hand_on(owner, successor, *, actor, now):
        owned[successor.pk] = owned.get(successor.pk, 0) + owned.pop(owner.pk, 0)

    registered = dict(ownership._registered)
    ownership.register(Belongings("hat", "hats", count=lambda owner: owned.get(owner.pk, 0), transfer=hand_on))
    yield owned
    ownership._registered.clear()
    ownership._registered.update(registered)


@pytest.fixture
def sales(in_acme: object) -> Department:
    return Department.objects.create(name="Sales")
