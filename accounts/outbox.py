"""How an app tells those above it that something happened, without knowing them.

The apps above register in ``AppConfig.ready`` what they want to hear of, and the task that takes note of it:

    register("kpi.scored", Reader("okrs.tasks.follow_scores", concerned=kpis_that_move_key_results))

A message is a row, written in the transaction of what happened, and the reader's wake-up; the task takes its messages
in the transaction that does what follows from them. So it may die at any line, and nothing is lost.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from uuid_utils.compat import uuid7

from accounts.wakeups import wake


@dataclass(frozen=True)
class Reader:
    """The task of a reader, and which subjects of the entered organization concern it at present."""

    task: str
    concerned: Callable[[], Iterable[UUID]]


_registered: dict[str, dict[str, Reader]] = {}


def register(kind: str, reader: Reader) -> None:
    """Have a reader told of such messages; the same task again replaces the former."""
    _registered.setdefault(kind, {})[reader.task] = reader


def unregister(kind: str, task: str) -> None:
    """Tell a reader of such messages no more."""
    _registered.get(kind, {}).pop(task, None)


def announce(organization_id: UUID, kind: str, subject_ids: Collection[UUID], *, now: dt.datetime) -> None:
    """Tell every reader that ``kind`` happened to those of these subjects which concern it.

    Call it last in a transaction, with the organization's row locked as by whoever changes what concerns a reader:
    then nobody becomes concerned unnoticed meanwhile.
    """
    for reader in _registered.get(kind, {}).values():
        subjects = sorted(set(reader.concerned()).intersection(subject_ids))
        if subjects:
            _write(organization_id, kind, reader.task, subjects, now)
            wake(organization_id, reader.task, now, now=now)


def take(organization_id: UUID, task: str) -> dict[str, set[UUID]]:
    """Delete what a reader was told and answer it: the subjects by kind.

    The messages are gone once the transaction ends, so what follows from them belongs into the same one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM accounts_outboxmessage WHERE organization_id = %s AND reader = %s RETURNING kind, subject_ids
            """,
            [organization_id, task],
        )
        told: dict[str, set[UUID]] = {}
        for kind, subject_ids in cursor.fetchall():
            told.setdefault(kind, set()).update(subject_ids)
        return told


def _write(organization_id: UUID, kind: str, task: str, subjects: list[UUID], now: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_outboxmessage (organization_id, id, reader, kind, subject_ids, announced_at)
            VALUES (%s, %s, %s, %s, %s::uuid[], %s)
            """,
            [organization_id, uuid7(), task, kind, f"{{{','.join(map(str, subjects))}}}", now],
        )
