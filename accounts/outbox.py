"""How an app tells those above it that something happened, without knowing them.

Which tasks take note of what is a setting, ``OUTBOX_READERS``: ``{"kpi.scored": ["okrs.tasks.follow_scores"]}``. A
message is a row for each of them, written in the transaction of what happened, and the reader's wake-up; the task takes
its messages in the transaction that does what follows from them. So it may die at any line, and nothing is lost.
"""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db import connection
from uuid_utils.compat import uuid7

from accounts.wakeups import wake


def readers_of(kind: str) -> list[str]:
    """The tasks that take note of such messages."""
    return list(settings.OUTBOX_READERS.get(kind, ()))


def announce(organization_id: UUID, kind: str, subject_ids: Iterable[UUID], *, now: dt.datetime) -> None:
    """Tell every reader that ``kind`` happened to these subjects. Call it last in a transaction, as ``wake``."""
    readers = readers_of(kind)
    subjects = f"{{{','.join(map(str, subject_ids))}}}" if readers else "{}"
    if subjects == "{}":
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO accounts_outboxmessage (organization_id, id, reader, kind, subject_ids, announced_at)
            VALUES (%s, %s, %s, %s, %s::uuid[], %s)
            """,
            [(organization_id, uuid7(), reader, kind, subjects, now) for reader in readers],
        )
    for reader in readers:
        wake(organization_id, reader, now, now=now)


def take(organization_id: UUID, reader: str) -> dict[str, set[UUID]]:
    """Delete what a reader was told and answer it: the subjects by kind.

    The messages are gone once the transaction ends, so what follows from them belongs into the same one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM accounts_outboxmessage WHERE organization_id = %s AND reader = %s RETURNING kind, subject_ids
            """,
            [organization_id, reader],
        )
        told: dict[str, set[UUID]] = {}
        for kind, subject_ids in cursor.fetchall():
            told.setdefault(kind, set()).update(subject_ids)
        return told
