"""Cycles that are made ahead by themselves, in the rhythms of the organization."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

from accounts.actors import SYSTEM, Actor
from accounts.audit import record
from accounts.models import Organization
from accounts.wakeups import wake
from okrs.actions.changing import announce, lock_objectives
from okrs.actions.cycles import create_cycle
from okrs.actions.permissions import require_lead
from okrs.actions.refusals import Problem, refuse
from okrs.cycle_calendar import CalendarCycle, RegularLength, cycles_to_create
from okrs.following.readings import span_of
from okrs.models import Cycle, CycleRhythm
from okrs.models.choices import CycleLength
from okrs.spans import DAY

PLAN: Final = "okrs.tasks.plan_cycles"


def set_rhythms(actor: Actor, lengths: Mapping[str, int], *, now: dt.datetime) -> list[CycleRhythm]:
    """Which cycles are made ahead by themselves: the days ahead by length, for each of ``quarter``, ``half``, ``year``
    that is wanted."""
    require_lead(actor)
    organization = lock_objectives()
    rhythms = [CycleRhythm(length=length, days_ahead=days) for length, days in lengths.items()]
    for rhythm in rhythms:
        refuse(rhythm, [], _rhythm_problems(rhythm))
    before = [str(rhythm) for rhythm in CycleRhythm.objects.order_by("length")]
    CycleRhythm.objects.all().delete()
    for rhythm in rhythms:
        rhythm.save(force_insert=True)
    after = sorted(str(rhythm) for rhythm in rhythms)
    record(actor, "cycle.rhythms_set", organization, now=now, changes={"cycles": (sorted(before), after)})
    announce()
    wake(organization.pk, PLAN, due_at=now, now=now)
    return rhythms


def _rhythm_problems(rhythm: CycleRhythm) -> Iterator[Problem]:
    if rhythm.length == CycleLength.CUSTOM:
        yield "length", "Cycles with dates of their own are made by hand; choose quarter, half or year.", "custom"
    if not 0 <= rhythm.days_ahead <= 366:
        yield "days_ahead", "Give a number of days from 0 to 366.", "days_ahead"


def create_cycles_ahead(*, now: dt.datetime) -> list[Cycle]:
    """Plan the cycles that run or begin soon and are not there yet; a name that is taken already is left alone."""
    organization = lock_objectives()
    taken = {name.lower() for name in Cycle.objects.values_list("name", flat=True)}
    return [
        create_cycle(
            SYSTEM,
            now=now,
            name=cycle.name,
            starts_on=cycle.span.starts_on,
            ends_on=cycle.span.ends_on,
            length=cycle.length,
        )
        for cycle in _missing(organization, organization.today(now))
        if cycle.name.lower() not in taken
    ]


def _missing(organization: Organization, today: dt.date) -> Iterator[CalendarCycle]:
    existing = {span_of(cycle) for cycle in Cycle.objects.all()}
    for rhythm in CycleRhythm.objects.order_by("length"):
        for date in (today, today + rhythm.days_ahead * DAY):
            lengths = [_regular(rhythm.length)]
            found = cycles_to_create(date, lengths, existing, organization.fiscal_year_start, ahead=0)
            existing |= {cycle.span for cycle in found}
            yield from found


def _regular(length: str) -> RegularLength:
    match length:
        case CycleLength.QUARTER:
            return "quarter"
        case CycleLength.HALF:
            return "half"
    return "year"
