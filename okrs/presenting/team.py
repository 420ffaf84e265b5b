"""Who of a team checked in, how their check-ins were kept, and what moved in the last week."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import Organization
from kpis.drawing.numbers import MINUS
from kpis.drawing.status import STATUSES
from kpis.engine.cadence import Outcome, outcomes
from kpis.words import day
from okrs.presenting.check_ins import stands_at
from okrs.presenting.figures import Figures, mark, percent, points
from okrs.presenting.words import ago_words, counted, due_words
from okrs.progress import status
from okrs.reading import KeyResultView

WEEK: Final = dt.timedelta(days=7)
SHOWN: Final = 6
KEPT: Final = {"on_time": "on time", "late": "late", "missed": "missed"}
# Progress that differs by less shows as none.
STILL: Final = 0.005


@dataclass(frozen=True)
class Line:
    """A key result: whether it was checked in on, and what became of it in a week."""

    view: KeyResultView
    organization: Organization
    today: dt.date

    @property
    def title(self) -> str:
        return str(self.view.key_result.title)

    @property
    def href(self) -> str:
        return reverse("okrs:key-result", args=[self.organization.slug, self.view.id])

    @property
    def above(self) -> str:
        return str(self.view.key_result.objective.title)

    @property
    def is_by_data(self) -> bool:
        """Nobody owes a check-in: a KPI moves it."""
        return self.view.key_result.is_linked

    @property
    def is_owed(self) -> bool:
        return self.view.owed_since is not None

    @property
    def is_late(self) -> bool:
        return self.view.owed_since is not None and self.view.owed_since < self.today

    @property
    def now(self) -> str:
        """As in "checked in yesterday", "check-in due since 6 November 2026"."""
        if self.is_owed:
            return due_words(None, self.view.owed_since, self.today)
        said = self.view.check_in
        return f"checked in {ago_words(said.on, self.today)}" if said else "nothing due yet"

    @cached_property
    def kept(self) -> list[tuple[str, str]]:
        """How the latest due dates were kept, oldest first: (how, in words)."""
        return [(one.kept, _told(one)) for one in self._outcomes[-SHOWN:]]

    @cached_property
    def _outcomes(self) -> list[Outcome]:
        if self.is_by_data:
            return []
        facts, grace = self.view.facts, self.organization.grace_days
        return outcomes(
            facts.cadence, facts.said.days, facts.owing.begins_on, min(self.today, facts.span.ends_on), grace
        )

    @property
    def comment(self) -> str:
        """What was said within the week."""
        said = self.view.check_in
        return said.comment if said and said.on > self.today - WEEK else ""

    @property
    def status(self) -> SafeString:
        return mark(self.view.status)

    @property
    def progress(self) -> str:
        return percent(self.view.progress_raw)

    @property
    def stands_at(self) -> str:
        return stands_at(self.view)

    @cached_property
    def before(self) -> tuple[float | None, float]:
        """Its value and progress a week ago."""
        then = [record for record in self.view.trend if record.on <= self.today - WEEK]
        return (then[-1].current, then[-1].progress_raw) if then else (None, 0.0)

    @property
    def moved(self) -> str:
        """As in "40 → 45, +5 points"; empty where nothing moved."""
        value, progress = self.before
        change = self.view.progress_raw - progress
        if abs(change) < STILL:
            return ""
        figures = Figures(self.view.key_result)
        told = f"{'+' if change > 0 else MINUS}{points(change)}"
        if self.view.milestones or value is None or self.view.current is None:
            return told
        return f"{' → '.join(figures.apart(value, self.view.current))}, {told}"

    @property
    def tone(self) -> str:
        return "good" if self.view.progress_raw > self.before[1] else "bad"

    @property
    def status_change(self) -> str:
        """As in "at risk → on track"; empty where it is what it was."""
        then = self.today - WEEK
        if then < self.view.span.starts_on:
            return ""
        _, progress = self.before
        was = status(progress, self.view.facts.expected(then), self.view.span, then)
        if was == self.view.status:
            return ""
        return f"{STATUSES[was].word.lower()} → {STATUSES[self.view.status].word.lower()}"


@dataclass(frozen=True)
class Person:
    """Somebody with their key results."""

    name: str
    department: str
    lines: list[Line]

    @property
    def owed(self) -> int:
        return sum(line.is_owed for line in self.lines)

    @property
    def is_late(self) -> bool:
        return any(line.is_late for line in self.lines)

    @property
    def due(self) -> int:
        """How many of the key results are theirs to check in on."""
        return sum(not line.is_by_data for line in self.lines)

    @property
    def summary(self) -> str:
        """As in "all 3 up to date", "1 of 3 missing"."""
        if not self.due:
            return "data updates everything"
        if not self.owed:
            return "up to date" if self.due == 1 else f"all {self.due} up to date"
        return f"{self.owed} of {self.due} missing"


@dataclass(frozen=True)
class Team:
    """Everybody whose key results are looked at, who is late first."""

    people: list[Person]

    @property
    def summary(self) -> str:
        """As in "5 of 7 people are up to date, 3 check-ins are missing"."""
        good = sum(not person.owed for person in self.people)
        owed = sum(person.owed for person in self.people)
        missing = (
            f"{counted(owed, 'check-in')} {'is' if owed == 1 else 'are'} missing" if owed else "nothing is missing"
        )
        return f"{good} of {counted(len(self.people), 'person', 'people')} up to date, {missing}"

    @property
    def moved(self) -> int:
        return sum(bool(line.moved) for person in self.people for line in person.lines)


def team(views: Iterable[KeyResultView], organization: Organization, today: dt.date) -> Team:
    """The key results by their owners; those without one are left out."""
    lines: dict[object, list[Line]] = defaultdict(list)
    owners = {}
    for view in views:
        owner = view.key_result.owner
        if owner:
            owners[owner.pk] = owner
            lines[owner.pk].append(Line(view, organization, today))
    people = [
        Person(str(owner), str(owner.department or ""), sorted(lines[pk], key=lambda line: not line.is_late))
        for pk, owner in owners.items()
    ]
    return Team(sorted(people, key=lambda person: (not person.is_late, not person.owed, person.name.casefold())))


def _told(outcome: Outcome) -> str:
    return f"{day(outcome.due_on)}: {KEPT[outcome.kept]}"
