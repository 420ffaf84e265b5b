"""What changed on the ladder between two instants: statuses, values, what came and what went."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from math import isclose
from typing import Final
from uuid import UUID

from accounts.models import Organization
from kpis.compute.known import known_at
from kpis.drawing.numbers import is_improvement, show, show_change
from kpis.drawing.status import STATUSES
from kpis.engine.comparison import RELATIVE_TOLERANCE
from kpis.instants import past_instant
from kpis.tree import Forest, Node, forest_as_known
from kpis.words import in_sentence
from reports.changes import URGENCY
from reports.figures import Figure, Teller, period_label
from reports.reading import instant_words

# How many days ago "since" is, by its name in the address.
AGO: Final = {"day": 1, "week": 7, "month": 30}
CHOICES: Final = (("day", "1 day ago"), ("week", "last week"), ("month", "last month"), ("date", "a date"))
SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Moved:
    """A KPI that stands elsewhere than it stood; ``before`` is None for one that was not there."""

    figure: Figure
    before: Node | None

    @property
    def node(self) -> Node:
        return self.figure.node

    @property
    def is_status_change(self) -> bool:
        return self.before is not None and self.before.status != self.node.status

    @property
    def step(self) -> int:
        """How many statuses it became worse by; negative for better, 0 where one of them is no judgement."""
        if self.before is None or self.before.status not in URGENCY or self.node.status not in URGENCY:
            return 0
        return URGENCY[self.before.status] - URGENCY[self.node.status]

    @property
    def status_words(self) -> str:
        """As in "at risk → off track since November 2026"; empty while it is the same."""
        if not self.is_status_change or self.before is None:
            return ""
        was, now = STATUSES[self.before.status].word.lower(), STATUSES[self.node.status].word.lower()
        return f"{was} → {now}{self._since}"

    @property
    def value_words(self) -> str:
        """How its headline moved, as in "+€ 2.1 k"; points for percentages; empty where it did not."""
        now, then = self._values
        if now is None or then is None or not self.is_other_value:
            return ""
        if self.node.unit.startswith("percent"):
            return show_change(now, then, self.node.unit, self.node.decimals)
        return str(show(now - then, self.node.unit, self.node.decimals, short=True, signed=True))

    @property
    def tone(self) -> str:
        """Whether it became better: ``good``, ``bad`` or ``quiet``."""
        if self.step:
            return "bad" if self.step > 0 else "good"
        now, then = self._values
        better = None if now is None or then is None else is_improvement(now, then, self.node.direction)
        return {True: "good", False: "bad", None: "quiet"}[better]

    @property
    def in_words(self) -> str:
        if self.before is None:
            return "new"
        now, then = self._values
        appeared = "first value" if then is None and now is not None else ""
        vanished = "value gone" if now is None and then is not None else ""
        return ", ".join(part for part in (self.status_words, self.value_words or appeared or vanished) if part)

    @property
    def is_other_value(self) -> bool:
        now, then = self._values
        if now is None or then is None:
            return now is not then
        return not isclose(now, then, rel_tol=RELATIVE_TOLERANCE)

    @property
    def _values(self) -> tuple[float | None, float | None]:
        return self.node.standing.value, self.before.standing.value if self.before else None

    @property
    def _since(self) -> str:
        since = self.node.standing.status_since
        if since is None:
            return ""
        return f" since {in_sentence(period_label(self.figure.calendar, self.node.frequency, since))}"


@dataclass(frozen=True)
class Since:
    """All that changed since an instant, the worst first; ``gone`` are the names of what was there then. Nothing is
    told where nothing was known yet.
    """

    moved: list[Moved]
    gone: list[str]
    then: str
    was_known: bool = True

    @property
    def first(self) -> list[Moved]:
        return self.moved[:SHOWN]

    @property
    def more(self) -> int:
        return max(len(self.moved) - SHOWN, 0)

    @cached_property
    def by_id(self) -> dict[UUID, Moved]:
        return {one.node.id: one for one in self.moved}

    @property
    def counts(self) -> str:
        """As in "2 worse, 1 better, 3 new, 14 with another value"."""
        worse, better = sum(one.step > 0 for one in self.moved), sum(one.step < 0 for one in self.moved)
        new = sum(one.before is None for one in self.moved)
        others = len(self.moved) - worse - better - new
        told = [(worse, "worse"), (better, "better"), (new, "new"), (others, "with another value or status")]
        return ", ".join(f"{count} {word}" for count, word in told if count)


def since_instant(choice: str, date: dt.date | None, organization: Organization, *, now: dt.datetime) -> dt.datetime:
    """The instant that "changed since" means; a date means its end. Raises ValueError for one that lies ahead."""
    if choice in AGO:
        return now - dt.timedelta(days=AGO[choice])
    if date is None:
        raise ValueError("Choose the date since when.")
    return past_instant(date.isoformat(), organization, now=now)


def changes_since(now: Forest, teller: Teller, instant: dt.datetime, organization: Organization) -> Since:
    """Compare the ladder with what was known of it at a past instant."""
    then = forest_as_known(known_at(organization, instant), instant)
    words = instant_words(instant, organization)
    if not len(then):
        return Since([], [], words, was_known=False)
    moved = [Moved(teller.figure(node), then.nodes.get(node.id)) for node in now]
    moved = sorted(filter(_has_moved, moved), key=_urgency)
    gone = [node.name for node in then if node.id not in now.nodes]
    return Since(moved, gone, words)


def _has_moved(one: Moved) -> bool:
    return one.before is None or one.is_status_change or one.is_other_value


def _urgency(one: Moved) -> tuple[int, int, bool, bool]:
    """What became worse comes before what became better, that before what only has another value."""
    rank = 0 if one.step > 0 else 1 if one.step < 0 else 2 if one.is_status_change else 3
    return rank, URGENCY.get(one.node.status, len(URGENCY)), one.tone != "bad", not one.node.is_strategic
