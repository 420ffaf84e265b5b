"""The hierarchy in memory: who stands above and below whom, and how a part of it fares."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from uuid import UUID

from kpis.engine.health import Health, Member, health
from kpis.engine.scoring import Status
from kpis.tree.nodes import Link, Node

# More ways up than a reader can follow; a hierarchy with many parents a KPI has exponentially many.
MOST_CHAINS = 12


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a chain: a node, and the link by which the step before feeds it (null for the first)."""

    node: Node
    link: Link | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many KPIs a part of the hierarchy has, by status; metrics are not counted."""

    total: int
    by_status: Counter[str]

    @property
    def off_track(self) -> int:
        return self.by_status["off_track"]

    def __str__(self) -> str:
        """As in "14 KPIs, 2 off track"."""
        noun = "KPI" if self.total == 1 else "KPIs"
        return f"{self.total} {noun}" + (f", {self.off_track} off track" if self.off_track else "")


class Forest:
    """Nodes in the order their organization gave them, and the links among them; a KPI can have several parents.

    Links to what is not among the nodes are dropped. ``on_track_at`` and ``at_risk_at`` are the thresholds of health.
    """

    def __init__(self, nodes: Iterable[Node], links: Iterable[Link], *, on_track_at: float, at_risk_at: float) -> None:
        self.nodes: dict[UUID, Node] = {node.id: node for node in nodes}
        self.on_track_at, self.at_risk_at = on_track_at, at_risk_at
        self._rank = rank = {node_id: index for index, node_id in enumerate(self.nodes)}
        # Ends are looked up once: hashing ids is most of the work.
        ends = [(rank.get(link.parent_id), rank.get(link.child_id), link) for link in links]
        placed = [(above, below, link) for above, below, link in ends if above is not None and below is not None]
        self.links = [link for _, _, link in placed]
        # By rank, for health, which looks each end up again; an operand is no part of what a formula stands for.
        self._pairs = [(above, below) for above, below, link in placed if not link.is_operand]
        self._down: dict[UUID, list[Link]] = defaultdict(list)
        self._up: dict[UUID, list[Link]] = defaultdict(list)
        for _, _, link in sorted(placed, key=itemgetter(1)):
            self._down[link.parent_id].append(link)
        for _, _, link in sorted(placed, key=itemgetter(0)):
            self._up[link.child_id].append(link)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes.values())

    def __len__(self) -> int:
        return len(self.nodes)

    @cached_property
    def roots(self) -> list[Node]:
        """The nodes that ladder up to nothing."""
        return [node for node in self if node.id not in self._up]

    @cached_property
    def _by_key(self) -> dict[str, Node]:
        return {node.key: node for node in self}

    def by_key(self, key: str) -> Node | None:
        return self._by_key.get(key)

    @cached_property
    def _by_department(self) -> dict[UUID | None, list[Node]]:
        grouped: dict[UUID | None, list[Node]] = defaultdict(list)
        for node in self:
            grouped[node.department_id].append(node)
        return grouped

    def of_departments(self, ids: Iterable[UUID]) -> list[Node]:
        """The nodes of the given departments, in the organization's order."""
        found = [node for department_id in ids for node in self._by_department.get(department_id, ())]
        return sorted(found, key=lambda node: self._rank[node.id])

    def only(self, ids: Container[UUID]) -> "Forest":
        """The part of the hierarchy made of the given nodes and the links among them."""
        kept = [node for node in self if node.id in ids]
        return Forest(kept, self.links, on_track_at=self.on_track_at, at_risk_at=self.at_risk_at)

    def links_down(self, node: Node) -> Sequence[Link]:
        """The links to what feeds a node, in the children's order."""
        return self._down.get(node.id, ())

    def links_up(self, node: Node) -> Sequence[Link]:
        """The links to what a node feeds, in the parents' order."""
        return self._up.get(node.id, ())

    def children(self, node: Node) -> list[Node]:
        return [self.nodes[link.child_id] for link in self.links_down(node)]

    def parents(self, node: Node) -> list[Node]:
        return [self.nodes[link.parent_id] for link in self.links_up(node)]

    def descendants(self, node: Node) -> list[Node]:
        """Everything beneath a node, each once, nearest first."""
        return self._reached(node, self.children)

    def ancestors(self, node: Node) -> list[Node]:
        """Everything above a node, each once, nearest first."""
        return self._reached(node, self.parents)

    def chains(self, node: Node, *, limit: int = MOST_CHAINS) -> list[tuple[Step, ...]]:
        """The ways from a node (their first step) up to the top (their last), the shortest first, at most ``limit``."""
        chains: list[tuple[Step, ...]] = []
        waiting: deque[tuple[Step, ...]] = deque([(Step(node, None),)])
        while waiting and len(chains) < limit:
            chain = waiting.popleft()
            above = [link for link in self.links_up(chain[-1].node) if not _passes(chain, link.parent_id)]
            if not above:
                chains.append(chain)
            # Every unfinished chain has an end, so more of them than asked for would only take room.
            room = limit - len(chains) - len(waiting)
            waiting.extend((*chain, Step(self.nodes[link.parent_id], link)) for link in above[:room])
        return chains

    def counts(self, nodes: Iterable[Node]) -> Counts:
        """The KPIs among the nodes, by the status their mark shows."""
        by_status = Counter(node.status for node in nodes if not node.is_metric)
        return Counts(by_status.total(), by_status)

    def counts_below(self, node: Node) -> Counts:
        """What folding a node hides."""
        return self.counts(self.descendants(node))

    def health(self, nodes: Iterable[Node]) -> Health:
        """Health of a set of nodes (a department's, a subtree's, all), metrics left out."""
        members = [self._member(node) for node in nodes if not node.is_metric]
        return health(members, self._pairs, self.on_track_at, self.at_risk_at)

    def _member(self, node: Node) -> Member:
        standing, status = node.standing, Status[node.standing.status.upper()]
        return Member(self._rank[node.id], status, standing.score, node.has_target, node.is_strategic)

    def _reached(self, start: Node, following: Callable[[Node], list[Node]]) -> list[Node]:
        seen = {start.id: start}
        waiting = deque([start])
        while waiting:
            for node in following(waiting.popleft()):
                if node.id not in seen:
                    seen[node.id] = node
                    waiting.append(node)
        return list(seen.values())[1:]


def _passes(chain: tuple[Step, ...], node_id: UUID) -> bool:
    """Cycles are refused on save; should one exist nevertheless, a chain ends where it would come round."""
    return any(step.node.id == node_id for step in chain)
