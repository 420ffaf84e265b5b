"""KPIs that a sum counts more than once, because they reach it by several ways at a time. Pure: plain values in."""

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol
from uuid import UUID


class Linked(Protocol):
    """A link as far as counting goes: a stored one or one of the hierarchy."""

    @property
    def parent_id(self) -> UUID: ...
    @property
    def child_id(self) -> UUID: ...
    @property
    def contribution(self) -> int: ...
    @property
    def valid_from(self) -> dt.date | None: ...
    @property
    def valid_to(self) -> dt.date | None: ...


class _Way(NamedTuple):
    """How a value arrives at the top: with which sign, and on which days, both inclusive."""

    sign: int
    first: dt.date
    last: dt.date

    def through(self, link: Linked) -> "_Way":
        first = max(self.first, link.valid_from or self.first)
        return _Way(self.sign * link.contribution, first, min(self.last, link.valid_to or self.last))

    def meets(self, other: "_Way") -> bool:
        return self.sign == other.sign and max(self.first, other.first) <= min(self.last, other.last)


_Ways = Mapping[UUID, set[_Way]]


def counted_twice(top: UUID, links: Iterable[Linked], *, since: dt.date) -> dict[UUID, list[UUID]]:
    """Return the KPIs whose values arrive at ``top`` by several of their parents at a time, with one sign, and these
    parents, those nearest to the top first.

    ``links`` are those to sums alone, for only sums pass values on as they are. What ended before ``since`` is past. A
    KPI below such a one, which has no second way of its own, is not named again.
    """
    below: dict[UUID, list[Linked]] = defaultdict(list)
    for link in links:
        below[link.parent_id].append(link)
    arrived: dict[UUID, dict[UUID, set[_Way]]] = defaultdict(lambda: defaultdict(set))
    waiting = deque([(top, _Way(1, since, dt.date.max))])
    while waiting:
        parent, way = waiting.popleft()
        for link in below[parent]:
            own, known = way.through(link), arrived[link.child_id][parent]
            if own.first <= own.last and own not in known:
                known.add(own)
                waiting.append((link.child_id, own))
    return {child: parents for child, ways in arrived.items() if (parents := _parents_together(ways))}


def _parents_together(ways: _Ways) -> list[UUID]:
    """The parents by which a value arrives while it also does by another."""
    return [parent for parent in ways if any(_meet(ways[parent], ways[other]) for other in ways if other != parent)]


def _meet(some: set[_Way], others: set[_Way]) -> bool:
    return any(one.meets(other) for one in some for other in others)
