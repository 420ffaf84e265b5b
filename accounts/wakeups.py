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
    """Put the wake-up off while the work is being done, so that it comes back by itself if the worker dies.

    Call it before looking for work: what is asked for afterwards is then seen, or keeps the wake-up from being removed.
    """
    until = now + LEASE
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_wakeup SET due_at = %s WHERE organization_id = %s AND kind = %s",
            [until, organization_id, kind],
        )
    return until


def extend(organization_id: UUID, kind: str, leased_until: dt.datetime, *, now: dt.datetime) -> dt.datetime:
    """The work takes longer; answers until when it is leased: as before if more was asked for meanwhile."""
    until = now + LEASE
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_wakeup SET due_at = %s WHERE organization_id = %s AND kind = %s AND due_at = %s",
            [until, organization_id, kind, leased_until],
        )
        return until if cursor.rowcount else leased_until


def finish(organization_id: UUID, kind: str, leased_until: dt.datetime, *, again_at: dt.datetime | None = None) -> None:
    """The work is done, until ``again_at`` if that is given; unless more was asked for meanwhile."""
    with connection.cursor() as cursor:
        if again_at is None:
            cursor.execute(
                "DELETE FROM accounts_wakeup WHERE organization_id = %s AND kind = %s AND due_at = %s",
                [organization_id, kind, leased_until],
            )
            return
        cursor.execute(
            """
            INSERT INTO accounts_wakeup (organization_id, kind, due_at) VALUES (%s, %s, %s)
            ON CONFLICT (organization_id, kind) DO UPDATE SET due_at = excluded.due_at
            WHERE accounts_wakeup.due_at = %s
            """,
            [organization_id, kind, again_at, leased_until],
        )


def lease_due(now: dt.datetime, most: int) -> list[tuple[UUID, str]]:
    """Lease the longest due wake-ups and answer them as (organization, kind); no two sweepers get the same."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE accounts_wakeup SET due_at = %s
            FROM (
                SELECT organization_id, kind FROM accounts_wakeup WHERE due_at <= %s
                ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
            ) due
            WHERE accounts_wakeup.organization_id = due.organization_id AND accounts_wakeup.kind = due.kind
            RETURNING accounts_wakeup.organization_id, accounts_wakeup.kind
            """,
            [now + LEASE, now, most],
        )
        return list(cursor.fetchall())


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
