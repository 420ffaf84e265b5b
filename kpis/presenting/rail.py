"""Beside a KPI: what it ladders up to, and what it is fed by."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID

from django.utils.safestring import SafeString

from kpis import words
from kpis.advice import advice_on
from kpis.engine.formula.syntax import Name, walk
from kpis.engine.periods import Frequency
from kpis.models import Kpi
from kpis.models.choices import Source
from kpis.plain import stored_formula
from kpis.presenting.doubles import DoubleCounts
from kpis.presenting.figures import Figures, mark
from kpis.standpoint import Standpoint
from kpis.tree import Forest, Link, Node

CHAINS: Final = 4


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another KPI beside this one: above it in a chain, or feeding it. ``key`` is today's, for its address."""

    key: str
    name: str
    value: SafeString
    status: SafeString
    note: str


class Rail:
    """A KPI's place in the hierarchy."""

    def __init__(self, standpoint: Standpoint) -> None:
        self.standpoint, self.kpi = standpoint, standpoint.kpi

    @cached_property
    def forest(self) -> Forest:
        return self.standpoint.forest()

    @property
    def node(self) -> Node | None:
        return self.forest.nodes.get(self.kpi.pk)

    @cached_property
    def chains(self) -> list[list[Neighbour]]:
        """The ways up, each from this KPI's parent to the top; none where it stands at the top itself."""
        if self.node is None:
            return []
        chains = self.forest.chains(self.node, limit=CHAINS)
        return [[self._neighbour(step.node, step.link) for step in chain[1:]] for chain in chains if len(chain) > 1]

    @cached_property
    def children(self) -> list[Neighbour]:
        """What ladders up to it, in its order."""
        return [self._neighbour(self.forest.nodes[link.child_id], link) for link in self._links_down()]

    @cached_property
    def operands(self) -> list[Neighbour]:
        """What its formula is computed from, in the order in which it names them."""
        if self.kpi.source != Source.FORMULA:
            return []
        found = [self.forest.by_key(key) for key in formula_keys(self.kpi)]
        return [self._neighbour(node, None) for node in found if node]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What KPIs are called, by their keys."""
        return {node.key: node.name for node in self.forest}

    @property
    def how_fed(self) -> str:
        """What the children are to it."""
        if self.kpi.source == Source.ROLLUP:
            return words.source_words(self.kpi.source, self.kpi.aggregation, self.kpi.rollup, self.kpi.frequency)
        return "These help it along; it is not computed from them."

    @property
    def advice(self) -> list[str]:
        doubles = DoubleCounts(self.forest, since=self.standpoint.today).within(self.node) if self.node else []
        children = [self.forest.nodes[link.child_id] for link in self._links_down()]
        return [*advice_on(self.kpi, children), *doubles]

    def address_key(self, node_id: UUID, key: str) -> str:
        """The key by which a KPI is found today."""
        return self._keys.get(node_id, key)

    @cached_property
    def _keys(self) -> Mapping[UUID, str]:
        """Keys may have changed since the instant from which one looks."""
        return dict(Kpi.objects.values_list("pk", "key")) if self.standpoint.known else {}

    def _links_down(self) -> list[Link]:
        return list(self.forest.links_down(self.node)) if self.node else []

    def _neighbour(self, node: Node, link: Link | None) -> Neighbour:
        figures = Figures(Kpi(unit=node.unit, decimals=node.decimals, direction=node.direction))
        weighed = words.weighed(link.weight, link.contribution) if link else ""
        note = ", ".join(filter(None, (self._period(node), weighed)))
        value = figures.html(node.standing.value, short=True)
        return Neighbour(self.address_key(node.id, node.key), node.name, value, mark(node.status), note)

    def _period(self, node: Node) -> str:
        """Of when its value is, where that is another kind of period than this KPI's: the two cannot be set against
        each other."""
        if node.frequency == self.kpi.frequency or node.standing.period is None:
            return ""
        return words.short_label(self.standpoint.calendar, Frequency(node.frequency), node.standing.period)


def formula_keys(kpi: Kpi) -> list[str]:
    """The keys a formula names, each once, in their order."""
    if not kpi.formula:
        return []
    named = [part for part in walk(stored_formula(kpi.formula)) if isinstance(part, Name)]
    return list(dict.fromkeys(part.key for part in sorted(named, key=lambda part: part.column)))
