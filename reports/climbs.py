"""My ladder: from a KPI each way up to the company's, with what every step adds to the next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

from kpis.drawing.numbers import show
from kpis.models.choices import Rollup, Source
from kpis.tree import Forest, Link, Node, Step
from reports.changes import own_change
from reports.entry import EntryForm
from reports.figures import Figure, Teller, amount

# Ways beyond these are counted, not drawn.
WAYS = 4


@dataclass(frozen=True, slots=True)
class Tread:
    """One step of a way. ``feeds`` and ``moved`` say what the step below does to it: "adds € 94 k, 23 % of it" and
    "+€ 2.1 k of its change of +€ 9.8 k"; both are empty for the first step.
    """

    figure: Figure
    feeds: str = ""
    moved: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A chain of steps, mine first, the company's last."""

    treads: list[Tread]
    goals: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """As in "Produce sales \u2192 Fresh sales \u2192 Net sales \u2192 Objective: Grow fresh"."""
        names = [tread.figure.name for tread in self.treads]
        return " \u2192 ".join([*names, *(f"Objective: {title}" for title in self.goals[:1])])


@dataclass(frozen=True, slots=True)
class Climb:
    """A KPI with its ways up, and the form to enter a value for those who may."""

    figure: Figure
    ways: list[Way]
    has_more: bool
    entry: EntryForm | None = None

    @property
    def is_at_the_top(self) -> bool:
        return len(self.ways[0].treads) == 1

    @property
    def reaches_nothing(self) -> bool:
        """It feeds no other KPI and is not one of the company's own."""
        node = self.figure.node
        return self.is_at_the_top and not node.is_strategic and node.department_id is not None


def climbs(
    forest: Forest,
    teller: Teller,
    nodes: Iterable[Node],
    entries: Mapping[UUID, EntryForm] | None = None,
    goals: Mapping[UUID, list[str]] | None = None,
) -> list[Climb]:
    """The ways up of each node; ``entries`` are forms by the node's id, ``goals`` the objectives that KPIs move."""
    forms = entries or {}
    return [_climb(forest, teller, node, forms.get(node.id), goals or {}) for node in nodes]


def _climb(
    forest: Forest, teller: Teller, node: Node, entry: EntryForm | None, goals: Mapping[UUID, list[str]]
) -> Climb:
    chains = forest.chains(node, limit=WAYS + 1)
    ways = [Way(_treads(forest, teller, chain), _goals(chain, goals)) for chain in chains[:WAYS]]
    return Climb(teller.figure(node), ways, len(chains) > WAYS, entry)


def _goals(chain: tuple[Step, ...], goals: Mapping[UUID, list[str]]) -> list[str]:
    """The objectives moved by a KPI of the way, those of the highest first."""
    found = [title for step in reversed(chain) for title in goals.get(step.node.id, ())]
    return list(dict.fromkeys(found))


def _treads(forest: Forest, teller: Teller, chain: tuple[Step, ...]) -> list[Tread]:
    first = Tread(teller.figure(chain[0].node))
    return [first, *(_tread(forest, teller, below.node, step) for below, step in pairwise(chain))]


def _tread(forest: Forest, teller: Teller, child: Node, step: Step) -> Tread:
    figure = teller.figure(step.node)
    if step.link is None:
        return Tread(figure)
    return Tread(figure, feeding(forest, child, step.node, step.link), _moved(child, step.node, step.link))


def feeding(forest: Forest, child: Node, parent: Node, link: Link) -> str:
    """What a child does to its parent's value, in a few words."""
    if parent.source != Source.ROLLUP:
        return "supports"
    match parent.rollup:
        case Rollup.SUM:
            return _summand(child, parent, link)
        case Rollup.WEIGHTED_MEAN:
            return _weight(forest, child, parent, link)
        case Rollup.MEAN:
            return f"one of {len(forest.links_down(parent))} averaged in"
    extreme = "lowest" if parent.rollup == Rollup.MIN else "highest"
    return f"one of {len(forest.links_down(parent))}, of which the {extreme} counts in"


def _summand(child: Node, parent: Node, link: Link) -> str:
    """The share is said only where it means something: both of one period, the whole positive, the part within it."""
    value, whole = child.standing.value, parent.standing.value
    verb = "adds" if link.contribution > 0 else "takes"
    into = "to" if link.contribution > 0 else "off"
    if value is None or whole is None or not _speak_of_one_period(child, parent):
        return f"{verb} its value {into}"
    text = f"{verb} {amount(child, value)} {into}"
    is_part = link.contribution > 0 and 0 < value <= whole
    return f"{verb} {amount(child, value)}, {_share(value / whole)} of" if is_part else text


def _weight(forest: Forest, child: Node, parent: Node, link: Link) -> str:
    if child.weight_by_id is not None:
        weigher = forest.nodes.get(child.weight_by_id)
        return f"weighs by {weigher.name} in" if weigher else "weighs by another KPI in"
    total = sum(each.weight for each in forest.links_down(parent))
    return f"weighs {_share(link.weight / total)} in"


def _moved(child: Node, parent: Node, link: Link) -> str:
    """The child's part of a sum's change against the period before; empty where it cannot be told."""
    if parent.source != Source.ROLLUP or parent.rollup != Rollup.SUM:
        return ""
    part, whole = own_change(child, parent), own_change(parent, parent)
    if part is None or not whole:
        return ""
    return f"{_signed(parent, link.contribution * part)} of its change of {_signed(parent, whole)}"


def _speak_of_one_period(child: Node, parent: Node) -> bool:
    return (child.frequency, child.standing.period) == (parent.frequency, parent.standing.period)


def _signed(node: Node, value: float) -> str:
    return str(show(value, node.unit, node.decimals, short=True, signed=True))


def _share(share: float) -> str:
    return str(show(share, "percent", 0 if share >= 0.1 else 1))
