"""The outbox: each reader gets every message, once it has taken note it is gone, and without readers nothing is."""

import pytest
from uuid_utils.compat import uuid7

from accounts.models import Organization, OutboxMessage, Wakeup
from accounts.outbox import announce, take
from tests.cast import NOW


@pytest.fixture
def readers(settings: object) -> None:
    settings.OUTBOX_READERS = {"thing.happened": ["one.task", "other.task"]}  # type: ignore[attr-defined]


def test_every_reader_takes_note_by_itself(in_acme: Organization, readers: None) -> None:
    first, second = uuid7(), uuid7()
    announce(in_acme.pk, "thing.happened", [first], now=NOW)
    announce(in_acme.pk, "thing.happened", [first, second], now=NOW)
    assert {wakeup.kind for wakeup in Wakeup.objects.all()} == {"one.task", "other.task"}
    assert take(in_acme.pk, "one.task") == {"thing.happened": {first, second}}
    assert take(in_acme.pk, "one.task") == {}
    assert take(in_acme.pk, "other.task") == {"thing.happened": {first, second}}


def test_what_nobody_reads_or_is_about_nothing_leaves_nothing(in_acme: Organization, readers: None) -> None:
    announce(in_acme.pk, "other.happened", [uuid7()], now=NOW)
    announce(in_acme.pk, "thing.happened", [], now=NOW)
    assert not OutboxMessage.objects.exists()
    assert not Wakeup.objects.exists()
