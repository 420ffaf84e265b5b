"""The company's ladder as a page shows it: which nodes are open, folded, dimmed or left out."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from kpis.drawing.tree import TreeNode
from kpis.tree import Forest, Link, Node
from reports.figures import Figure, Teller
from reports.since import Moved

# Up to so many nodes everything is open from the start; larger hierarchies open at so many levels.
SMALL = 60
LEVELS = 2
ALL_LEVELS = 100


@dataclass(frozen=True, slots=True)
class Opening:
    """How a ladder is opened: so many levels from the top, and whatever is named, however deep it lies."""

    levels: int
    keys: Collection[str] = ()

    @classmethod
    def of(cls, forest: Forest, *, levels: int | None = None, keys: Collection[str] = ()) -> "Opening":
        usual = ALL_LEVELS if len(forest) <= SMALL else LEVELS
        return cls(usual if levels is None else levels, keys)

    def shows_below(self, node: Node, level: int) -> bool:
        return level < self.levels or node.key in self.keys


@dataclass(frozen=True, slots=True)
class Rung:
    """A node in the nested list. ``below`` says what feeds it ("14 KPIs, 2 off track"); ``children`` is empty while it
    is folded, and where it ``appears_above`` already, because a KPI with several parents unfolds once. One that
    ``is_kept_open`` was unfolded by the reader, and stays so when the page is refreshed. An ``is_operand`` feeds the
    formula above it; ``moved`` says how it changed since the instant that was asked for.
    """

    figure: Figure
    below: str = ""
    is_subtracted: bool = False
    is_focus: bool = False
    is_dim: bool = False
    appears_above: bool = False
    is_kept_open: bool = False
    is_operand: bool = False
    moved: Moved | None = None
    children: list["Rung"] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.figure.node.key


class Grower:
    """Grows rungs from a forest; every node can unfold where it is met first."""

    def __init__(
        self,
        forest: Forest,
        teller: Teller,
        opening: Opening,
        *,
        focus: str = "",
        lit: Collection[UUID] | None = None,
        moved: Mapping[UUID, Moved] | None = None,
    ) -> None:
        self.forest, self.teller, self.opening = forest, teller, opening
        self.focus, self.lit, self.moved = focus, lit, moved or {}
        self._met: set[UUID] = set()

    def rungs(self, nodes: Iterable[Node]) -> list[Rung]:
        """The trees that begin with ``nodes``."""
        return [self._rung(node, None, 1) for node in nodes]

    def rungs_below(self, node: Node) -> list[Rung]:
        """What feeds one node, folded."""
        self._met.add(node.id)
        return self._children(node, 1)

    def _rung(self, node: Node, link: Link | None, level: int) -> Rung:
        has_children = bool(self.forest.links_down(node))
        appears_above = has_children and node.id in self._met
        is_open = has_children and not appears_above and self.opening.shows_below(node, level)
        self._met.add(node.id)
        return Rung(
            self.teller.figure(node),
            below=what_feeds(self.forest, node) if has_children else "",
            is_subtracted=link is not None and link.contribution < 0,
            is_focus=node.key == self.focus,
            is_dim=self.lit is not None and node.id not in self.lit,
            appears_above=appears_above,
            is_kept_open=is_open and node.key in self.opening.keys,
            is_operand=link is not None and link.is_operand,
            moved=self.moved.get(node.id),
            children=self._children(node, level + 1) if is_open else [],
        )

    def _children(self, node: Node, level: int) -> list[Rung]:
        links = self.forest.links_down(node)
        return [self._rung(self.forest.nodes[link.child_id], link, level) for link in links]


def what_feeds(forest: Forest, node: Node) -> str:
    """What lies below a node: "14 KPIs, 2 off track", or "3 metrics" where nothing else does."""
    below = forest.descendants(node)
    counts = forest.counts(below)
    metrics = len(below) - counts.total
    return str(counts) if counts.total else f"{metrics} {'metric' if metrics == 1 else 'metrics'}"


def tree_node(rung: Rung, address: str) -> TreeNode:
    """A rung as the drawing takes it, with what unfolds below it."""
    return replace(lone_node(rung, address), children=[tree_node(child, address) for child in rung.children])


def lone_node(rung: Rung, address: str) -> TreeNode:
    """The same by itself. Choosing a node focuses on it; choosing the focus opens its page."""
    figure, standing = rung.figure, rung.figure.node.standing
    return TreeNode(
        name=figure.name,
        value=figure.plain_value,
        status=figure.node.status,
        href=figure.href if rung.is_focus else f"{address}&focus={rung.key}",
        note=figure.node.department,
        trail=standing.recent_values,
        target=standing.target,
        hidden=rung.below if rung.below and not rung.children and not rung.appears_above else "",
        focus=rung.is_focus,
        is_dim=rung.is_dim,
        is_operand=rung.is_operand,
        changed=rung.moved.in_words if rung.moved else "",
    )


def around(forest: Forest, node: Node) -> Forest:
    """A node with everything it feeds, up to the top, and everything that feeds it."""
    near = [node, *forest.ancestors(node), *forest.descendants(node)]
    return forest.only({each.id for each in near})


def with_ways_up(forest: Forest, nodes: Iterable[Node]) -> Forest:
    """The given nodes with everything they feed."""
    kept = {each.id for node in nodes for each in (node, *forest.ancestors(node))}
    return forest.only(kept)


def tops(forest: Forest) -> tuple[list[Node], list[Node]]:
    """What stands at the top: the company's KPIs, and those of departments that lead nowhere yet.

    While nothing is linked, everything stands at the top.
    """
    loose = [node for node in forest.roots if _is_loose(forest, node)] if forest.links else []
    apart = {node.id for node in loose}
    return [node for node in forest.roots if node.id not in apart], loose


def csv_rows(forest: Forest, nodes: Iterable[Node]) -> Iterator[list[object]]:
    """The nodes as a table, with the keys of what each feeds; numbers as they are stored."""
    yield [
        "key",
        "name",
        "level",
        "department",
        "owner",
        "status",
        "period",
        "value",
        "target",
        "low",
        "high",
        "unit",
        "feeds",
    ]
    for node in nodes:
        at = node.standing
        told = (node.key, node.name, node.level, node.department, node.owner, node.status)
        feeds = " ".join(parent.key for parent in forest.parents(node))
        yield [*told, at.period, at.value, at.target, at.low, at.high, node.unit, feeds]


def _is_loose(forest: Forest, node: Node) -> bool:
    belongs_to_a_part = node.department_id is not None and not node.is_strategic
    return not forest.links_down(node) and (belongs_to_a_part or node.is_metric)
