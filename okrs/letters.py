"""The letters of a morning: to everybody one with all that is due, and to leads one with all that is overdue."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from accounts.models import Department, Member, Organization, Role
from okrs.duties import Duty, load_duties
from okrs.models import Reminder
from okrs.models.reminders import ToldAs
from okrs.mornings import WORKING, morning_of

# How far back it is looked up whether somebody was told: of no due date before that anybody is.
LOOKED_BACK: Final = dt.timedelta(days=60)
# (member, told as, kind, subject, due date)
Told = tuple[UUID, str, str, UUID, dt.date]


@dataclass(frozen=True)
class Letter:
    """What one member is told on one morning. Each duty's ``due`` are the dates told of; ``owners`` owe, by id."""

    member: Member
    told_as: ToldAs
    day: dt.date
    duties: Sequence[Duty]
    owners: Mapping[UUID, Member]

    def told(self) -> Iterator[Told]:
        """Everything in it, one for each due date."""
        for duty in self.duties:
            for due_on in duty.due:
                yield self.member.pk, self.told_as.value, duty.kind.value, duty.subject_id, due_on


@dataclass(frozen=True)
class Staff:
    """The organization's ``members`` by id, and the ``leads`` of departments by the department's id."""

    members: Mapping[UUID, Member]
    leads: Mapping[UUID, UUID]

    @classmethod
    def of(cls, organization: Organization) -> "Staff":
        members = Member.objects.of_organization(organization.pk).select_related("user")
        leads = Department.objects.active().filter(lead__isnull=False).values_list("pk", "lead_id")
        return cls({member.pk: member for member in members}, dict(leads))

    def owes(self, duty: Duty) -> bool:
        """Viewers are asked for nothing."""
        owner = self.members.get(duty.owner_id)
        return owner is not None and owner.has_role(Role.CONTRIBUTOR)

    def lead_of(self, duty: Duty) -> UUID | None:
        """Who leads the owner's department, or where the owner is in none, that of the thing; nobody leads themself."""
        department = self.members[duty.owner_id].department_id or duty.department_id
        lead = self.leads.get(department) if department else None
        return lead if lead != duty.owner_id else None


def load_letters(organization: Organization, now: dt.datetime) -> list[Letter]:
    """The letters that are to go out by now and have not, for this day's mornings; call it inside the organization.

    What was set after somebody's morning is not told of on that day.
    """
    mornings = _mornings(organization, now)
    if not mornings:
        return []
    staff, known = Staff.of(organization), _known(min(mornings) - LOOKED_BACK)
    found: list[Letter] = []
    for date, awake in mornings.items():
        duties = [duty for duty in load_duties(organization, date, now) if staff.owes(duty)]
        for told_as, of_member in ((ToldAs.OWNER, _by_owner(duties)), (ToldAs.LEAD, _by_lead(duties, staff, date))):
            for id, morning in awake:
                there = [duty for duty in of_member.get(id, ()) if duty.set_at <= morning]
                found += _letters(Letter(staff.members[id], told_as, date, there, staff.members), known)
    return found


def _mornings(organization: Organization, now: dt.datetime) -> dict[dt.date, list[tuple[UUID, dt.datetime]]]:
    """By their date, who has had their morning and when; on earth it is two or three dates at once."""
    found: dict[dt.date, list[tuple[UUID, dt.datetime]]] = defaultdict(list)
    people = Member.objects.of_organization(organization.pk).reminded()
    for id, time_zone in people.values_list("pk", "user__time_zone"):
        if morning := morning_of(time_zone, now, WORKING):
            found[morning.date()].append((id, morning))
    return found


def _by_owner(duties: Iterable[Duty]) -> dict[UUID, list[Duty]]:
    found: dict[UUID, list[Duty]] = defaultdict(list)
    for duty in duties:
        if duty.due:
            found[duty.owner_id].append(duty)
    return found


def _by_lead(duties: Iterable[Duty], staff: Staff, date: dt.date) -> dict[UUID, list[Duty]]:
    """A lead is told of the first date that was due, so once until the thing is done."""
    found: dict[UUID, list[Duty]] = defaultdict(list)
    for duty in duties:
        lead = staff.lead_of(duty)
        if lead and WORKING.before(date) <= duty.lead_told_on <= date:
            found[lead].append(replace(duty, due=(duty.since,)))
    return found


def _letters(letter: Letter, known: set[Told]) -> Iterator[Letter]:
    """The letter with what its reader was not told of before; none where nothing is left."""
    new = {told[2:] for told in letter.told() if told not in known}
    duties = [
        replace(duty, due=tuple(on for on in duty.due if (duty.kind.value, duty.subject_id, on) in new))
        for duty in letter.duties
    ]
    left = sorted((duty for duty in duties if duty.due), key=lambda duty: (duty.since, duty.kind.value, duty.title))
    if left:
        yield replace(letter, duties=left)


def _known(since: dt.date) -> set[Told]:
    rows = Reminder.objects.filter(due_on__gte=since)
    return set(rows.values_list("member_id", "told_as", "kind", "subject_id", "due_on"))
