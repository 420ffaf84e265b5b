"""Advice about KPIs that a sum counts more than once."""

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from functools import cached_property
from uuid import UUID

from kpis.advice import advice_on_double_count
from kpis.double_counts import counted_twice
from kpis.models import KpiLink
from kpis.models.choices import Rollup
from kpis.tree import Forest, Link, Node
from kpis.tree.nodes import STORED

TOLD = 3


class DoubleCounts:
    """What an organization's sums count more than once from a day on: one query where there is a sum to ask for."""

    def __init__(self, forest: Forest, *, since: dt.date) -> None:
        self.nodes, self.since = forest.nodes, since

    @cached_property
    def links(self) -> Sequence[Link]:
        """Those by which values pass on into sums, on that day or later."""
        rows = KpiLink.objects.known_from(self.since).order_by("id").values_list(*STORED)
        return [link for link in map(Link._make, rows) if self._passes_on(link)]

    def within(self, top: Node) -> list[str]:
        """Sentences for the page of a sum."""
        if top.rollup != Rollup.SUM:
            return []
        said = list(self._said(top, self._found(top)))
        rest = len(said) - TOLD
        more = f"{rest} more {'KPI is' if rest == 1 else 'KPIs are'} counted more than once in it."
        return [*said[:TOLD], *([more] if rest > 0 else [])]

    def concerning(self, kpi_id: UUID) -> list[str]:
        """Sentences for whoever says what a KPI ladders up to: about it and what feeds it, each at the lowest sum."""
        concerned = {kpi_id, *self._reached(kpi_id, upwards=False)}
        said: list[str] = []
        for top_id in self._reached(kpi_id, upwards=True):
            top = self.nodes[top_id]
            found = {child: parents for child, parents in self._found(top).items() if child in concerned}
            concerned -= found.keys()
            said += self._said(top, found)
        return said[:TOLD]

    def _passes_on(self, link: Link) -> bool:
        parent = self.nodes.get(link.parent_id)
        return parent is not None and parent.rollup == Rollup.SUM and link.child_id in self.nodes

    def _found(self, top: Node) -> dict[UUID, list[UUID]]:
        return counted_twice(top.id, self.links, since=self.since)

    def _said(self, top: Node, found: dict[UUID, list[UUID]]) -> Iterator[str]:
        for child, parents in found.items():
            by = [self.nodes[parent].name for parent in parents if parent != top.id]
            yield advice_on_double_count(top.name, self.nodes[child].name, by, directly=top.id in parents)

    def _reached(self, start: UUID, *, upwards: bool) -> Sequence[UUID]:
        """The sums above a KPI, or what it sums up, nearest first."""
        following: dict[UUID, list[UUID]] = defaultdict(list)
        for link in self.links:
            begin, end = (link.child_id, link.parent_id) if upwards else (link.parent_id, link.child_id)
            following[begin].append(end)
        found: dict[UUID, None] = {}
        waiting = deque([start])
        while waiting:
            new = [end for end in following[waiting.popleft()] if end not in found]
            found.update(dict.fromkeys(new))
            waiting.extend(new)
        return list(found)
