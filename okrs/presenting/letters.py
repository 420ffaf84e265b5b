"""What the letters about due things say."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse

from accounts.models import Organization
from kpis.words import day, in_sentence
from okrs.duties import Duty
from okrs.letters import Letter
from okrs.models.reminders import DutyKind, ToldAs
from okrs.presenting.words import WEEKDAYS, counted
from okrs.waiting import SECONDS_EACH

NOUNS: Final = {DutyKind.CHECK_IN: "check-in", DutyKind.VALUE: "value", DutyKind.REVIEW: "review"}


@dataclass(frozen=True)
class Item:
    """One thing: what it is called, what is asked for, and by when."""

    title: str
    asked: str
    when: str
    path: str


@dataclass(frozen=True)
class Group:
    """Somebody with all that they owe."""

    name: str
    items: list[Item]


def template_of(letter: Letter) -> str:
    """Of the letter's three parts."""
    return "okrs/mail/due" if letter.told_as == ToldAs.OWNER else "okrs/mail/overdue"


def address_of(letter: Letter) -> str:
    """Where it goes."""
    return letter.member.email


def contents(letter: Letter, organization: Organization) -> dict[str, Any]:
    """What the templates take."""
    return {
        "member": letter.member,
        "organization": organization,
        "summary": _counted(letter.duties),
        "one": len(letter.duties) == 1,
        "go_on": "Go through it" if len(letter.duties) == 1 else "Go through them",
        "minutes": _minutes(letter.duties),
        "items": [_item(duty, organization, letter.day) for duty in letter.duties],
        "groups": _groups(letter, organization),
        "flow": reverse("okrs:check-in-flow", args=[organization.slug]),
        "team": reverse("okrs:team", args=[organization.slug]),
        "profile": reverse("accounts:profile"),
    }


def when_words(due_on: dt.date, since: dt.date, today: dt.date) -> str:
    """As in "due today", "due on Saturday", "was due on Friday"; beside a later date, since when it is overdue."""
    dated = f"{'due' if due_on > today else 'was due'} on {WEEKDAYS[due_on.weekday()]}, {day(due_on)}"
    told = "due today" if due_on == today else dated
    return f"{told}; overdue since {day(since)}" if since < min(due_on, today) else told


def _item(duty: Duty, organization: Organization, today: dt.date) -> Item:
    when = when_words(duty.due[-1], duty.since, today)
    return Item(duty.title, _asked(duty), when, _path(duty, organization))


def _asked(duty: Duty) -> str:
    match duty.kind:
        case DutyKind.CHECK_IN:
            return f"check-in for “{duty.about}”"
        case DutyKind.VALUE:
            return f"value for {in_sentence(duty.about)}"
    return "to be looked at together"


def _path(duty: Duty, organization: Organization) -> str:
    if duty.kind == DutyKind.CHECK_IN:
        return reverse("okrs:key-result", args=[organization.slug, duty.subject_id])
    return reverse("kpis:detail", args=[organization.slug, duty.key])


def _groups(letter: Letter, organization: Organization) -> list[Group]:
    """By person, whoever owes most first."""
    by_owner: dict[str, list[Item]] = defaultdict(list)
    for duty in letter.duties:
        by_owner[str(letter.owners[duty.owner_id])].append(_item(duty, organization, letter.day))
    groups = [Group(name, items) for name, items in by_owner.items()]
    return sorted(groups, key=lambda group: (-len(group.items), group.name.casefold()))


def _counted(duties: Iterable[Duty]) -> str:
    """As in "2 check-ins, 1 value and 1 review"."""
    counts = Counter(duty.kind for duty in duties)
    told = [counted(counts[kind], noun) for kind, noun in NOUNS.items() if counts[kind]]
    return " and ".join(filter(None, [", ".join(told[:-1]), told[-1]]))


def _minutes(duties: Iterable[Duty]) -> str:
    """About how long it takes; empty where all that is asked for is a review, which takes as long as it takes."""
    quick = sum(duty.kind != DutyKind.REVIEW for duty in duties)
    return counted(-(-quick * SECONDS_EACH // 60), "minute") if quick else ""
