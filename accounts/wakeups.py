"""Telling the workers that an organization has work waiting.

The work itself is rows, written by the caller in the same transaction. ``wake`` adds the wake-up row that the sweeper
goes by, and rings the doorbell after commit, so that a lost message delays work and loses none.
"""

import datetime as dt
from functools import partial
from uuid import UUID

import structlog
from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError

logger = structlog.get_logger(__name__)

# How long a worker may be silent about work it took before the sweeper hands the same work out again.
LEASE = dt.timedelta(seconds=15)


def wake(organization_id: UUID, kind: str, due_at: dt.datetime, *, now: dt.datetime) -> None:
    """Have the task named ``kind`` run for the organization, at ``due_at`` or earlier.

    Call it last in a transaction: the row it writes is one that concurrent writers share.
    """
    _upsert(organization_id, kind, due_at)
    if due_at <= now:
        _ring_once_after_commit(kind, organization_id)


def _ring_once_after_commit(kind: str, organization_id: UUID) -> None:
    """However much is written in a transaction, one message tells of it."""
    waiting = (getattr(function, "args", None) for _, function, *_ in connection.run_on_commit)
    if (kind, organization_id) not in waiting:
        transaction.on_commit(partial(ring, kind, organization_id))


def ring(kind: str, organization_id: UUID) -> None:
    """Publish one message; a dead broker is worth a warning, not an error, because the sweeper looks again."""
    try:
        current_app.send_task(kind, args=[str(organization_id)])
    except (OperationalError, OSError) as error:
        logger.warning("doorbell_failed", kind=kind, organization=str(organization_id), error=str(error))


def lease(organization_id: UUID, kind: str, *, now: dt.datetime) -> dt.datetime:
    """Put the wake-up off while the work is being done, so that it comes back by itself if the worker dies."""
    until = now + LEASE
    postpone(organization_id, kind, until)
    return until


def postpone(organization_id: UUID, kind: str, due_at: dt.datetime) -> None:
    """The work could not be done now: look again at ``due_at``, and not as soon as the lease ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_wakeup SET due_at = %s WHERE organization_id = %s AND kind = %s",
            [due_at, organization_id, kind],
        )


def release(organization_id: UUID, kind: str, leased_until: dt.datetime) -> None:
    """The work is done: remove the wake-up, unless somebody has asked for more in the meantime."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM accounts_wakeup WHERE organization_id = %s AND kind = %s AND due_at = %s",
            [organization_id, kind, leased_until],
        )


def _upsert(organization_id: UUID, kind: str, due_at: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_wakeup (organization_id, kind, due_at) VALUES (%s, %s, %s)
            ON CONFLICT (organization_id, kind) DO UPDATE
            SET due_at = LEAST(accounts_wakeup.due_at, excluded.due_at)
            """,
            [organization_id, kind, due_at],
        )
