"""Reminders: when the next are due, and that one has gone."""

import datetime as dt
from typing import Final
from uuid import UUID

from accounts.models import Member
from accounts.wakeups import wake
from okrs.letters import Letter
from okrs.models import Reminder
from okrs.mornings import WORKING, next_morning

REMIND: Final = "okrs.tasks.send_reminders"


def next_reminders_at(organization_id: UUID, now: dt.datetime) -> dt.datetime | None:
    """The earliest of the next mornings of its members, wherever they live; None where nobody is written to."""
    people = Member.objects.of_organization(organization_id).reminded()
    zones = people.values_list("user__time_zone", flat=True).order_by("user__time_zone").distinct()
    return min((next_morning(zone, now, WORKING) for zone in zones), default=None)


def expect_mornings(organization_id: UUID, *, now: dt.datetime) -> None:
    """Have the workers woken at the next morning: somebody came, moved, or wants to be reminded from now on.

    From then on each run asks for the next by itself. Call it last in a transaction, as ``wake``.
    """
    due_at = next_reminders_at(organization_id, now)
    if due_at:
        wake(organization_id, REMIND, due_at, now=now)


def note(letter: Letter, *, now: dt.datetime) -> None:
    """Write down what a letter tells. Raises IntegrityError where another worker has told any of it."""
    Reminder.objects.bulk_create(
        Reminder(member_id=member, told_as=told_as, kind=kind, subject_id=subject, due_on=due_on, sent_at=now)
        for member, told_as, kind, subject, due_on in letter.told()
    )
