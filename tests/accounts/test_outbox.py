"""The outbox: each reader gets what concerns it, once it has taken note it is gone, and nobody else is woken."""

from collections.abc import Iterator

import pytest
from uuid_utils.compat import uuid7

from accounts.models import Organization, OutboxMessage, Wakeup
from accounts.outbox import Reader, announce, register, take, unregister
from tests.cast import NOW

FIRST, SECOND, THIRD = uuid7(), uuid7(), uuid7()
CONCERNED = {"one.task": [FIRST, SECOND], "other.task": [SECOND]}


@pytest.fixture
def readers() -> Iterator[None]:
    for task, subjects in CONCERNED.items():
        register("thing.happened", Reader(task, concerned=lambda subjects=subjects: subjects))
    yield
    for task in CONCERNED:
        unregister("thing.happened", task)


def test_every_reader_takes_note_of_what_concerns_it(in_acme: Organization, readers: None) -> None:
    announce(in_acme.pk, "thing.happened", [FIRST, THIRD], now=NOW)
    assert {wakeup.kind for wakeup in Wakeup.objects.all()} == {"one.task"}
    announce(in_acme.pk, "thing.happened", [FIRST, SECOND, THIRD], now=NOW)
    assert {wakeup.kind for wakeup in Wakeup.objects.all()} == {"one.task", "other.task"}
    assert take(in_acme.pk, "one.task") == {"thing.happened": {FIRST, SECOND}}
    assert take(in_acme.pk, "one.task") == {}
    assert take(in_acme.pk, "other.task") == {"thing.happened": {SECOND}}


def test_what_concerns_nobody_leaves_nothing(in_acme: Organization, readers: None) -> None:
    announce(in_acme.pk, "other.happened", [FIRST], now=NOW)
    announce(in_acme.pk, "thing.happened", [THIRD], now=NOW)
    announce(in_acme.pk, "thing.happened", [], now=NOW)
    assert not OutboxMessage.objects.exists()
    assert not Wakeup.objects.exists()
