"""The ladder as a drawn tree: the company's KPIs at the top, what feeds them below.

Children stand side by side while they have children of their own; a node whose children are all leaves hangs them below
itself in columns, so that a tree of fifty KPIs stays about as wide as a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from kpis.drawing.sparkline import sparkline
from kpis.drawing.status import STATUSES

NODE_WIDTH, NODE_HEIGHT = 200, 84
GAP, INDENT, LEVEL_GAP, HANG_GAP = 16, 16, 36, 12
COLUMN = 6  # leaves that hang in one column
SPREAD = 4  # up to so many leaves stand side by side
MARGIN = 10  # the flags of changed nodes stand out
LETTER = 6  # about how wide a letter of the small lines is
EDGE = (
    f"M4 1.1A8 8 0 0 0 0 8V{NODE_HEIGHT - 8}A8 8 0 0 0 4 {NODE_HEIGHT - 1.1}z"  # the left edge, in the status's colour
)


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A KPI in the tree: texts are ready to show, ``status`` is a key of ``kpis.drawing.status``, ``trail`` its last
    values, oldest first.

    ``hidden`` says what a folded node hides ("14 KPIs, 2 off track"); ``focus`` marks the node the page is about,
    ``is_dim`` one that is beside the point, ``changed`` says how it moved lately. An ``is_operand`` feeds the formula
    above it, which a dashed link shows.
    """

    name: str
    value: str
    status: str
    href: str = ""
    note: str = ""
    trail: Sequence[float | None] = ()
    target: float | None = None
    hidden: str = ""
    focus: bool = False
    is_dim: bool = False
    is_operand: bool = False
    changed: str = ""
    children: Sequence["TreeNode"] = field(default=())


@dataclass(slots=True)
class _Placed:
    node: TreeNode
    width: int
    height: int
    x: int = 0
    y: int = 0
    hangs: bool = False
    children: list["_Placed"] = field(default_factory=list)


def tree(roots: Sequence[TreeNode], *, label: str) -> str:
    """Return the trees of ``roots`` side by side as one SVG, in its natural size in pixels (put it into a scrolling
    container).

    The same numbers stand in the page's nested list, so the picture is one labelled image group whose nodes remain
    links.
    """
    placed = [_measure(root, top=True) for root in roots]
    x = MARGIN
    for item in placed:
        _place(item, x, MARGIN)
        x += item.width + GAP
    width = max(x - GAP + MARGIN, NODE_WIDTH)
    height = max((item.height for item in placed), default=NODE_HEIGHT) + 2 * MARGIN
    links = "".join(_links(item, operands=False) for item in placed)
    dashed = "".join(_links(item, operands=True) for item in placed)
    nodes = "".join(_nodes(item) for item in placed)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    drawn = f"{connectors(links, dashed)}{nodes}"
    return f'<svg class="tree" {size} role="group" aria-label="{escape(label)}">{drawn}</svg>'


def _measure(node: TreeNode, *, top: bool = False) -> _Placed:
    """Find the room a node and everything below it takes."""
    children = [_measure(child) for child in node.children]
    leaves = all(not child.children for child in children)
    if not children:
        return _Placed(node, NODE_WIDTH, NODE_HEIGHT)
    if leaves and (len(children) > SPREAD or not top):
        columns = -(-len(children) // COLUMN)
        rows = min(len(children), COLUMN)
        width = columns * (NODE_WIDTH + INDENT) + (columns - 1) * GAP
        height = NODE_HEIGHT + rows * (NODE_HEIGHT + HANG_GAP)
        return _Placed(node, width, height, hangs=True, children=children)
    width = sum(child.width for child in children) + GAP * (len(children) - 1)
    height = NODE_HEIGHT + LEVEL_GAP + max(child.height for child in children)
    return _Placed(node, max(width, NODE_WIDTH), height, children=children)


def _place(item: _Placed, left: int, top: int) -> None:
    item.y = top
    if item.hangs:
        item.x = left
        for index, child in enumerate(item.children):
            column, row = divmod(index, COLUMN)
            below = top + NODE_HEIGHT + HANG_GAP + row * (NODE_HEIGHT + HANG_GAP)
            _place(child, left + INDENT + column * (NODE_WIDTH + INDENT + GAP), below)
        return
    x = left
    for child in item.children:
        _place(child, x, top + NODE_HEIGHT + LEVEL_GAP)
        x += child.width + GAP
    # Above its first child, so that the top of a wide ladder is in sight before anything is scrolled.
    item.x = left


def connectors(links: str, dashed: str) -> str:
    """The paths of links, whole ones and those from operands to their formulas."""
    drawn = f'<path class="tree-link" d="{links}"/>' if links else ""
    return drawn + (f'<path class="tree-link is-operand" d="{dashed}"/>' if dashed else "")


def _links(item: _Placed, *, operands: bool) -> str:
    """The connectors of a node to its children, either to operands or to the others, as the data of one path."""
    bottom = item.y + NODE_HEIGHT
    middle, bend = item.x + NODE_WIDTH // 2, bottom + LEVEL_GAP // 2
    own = "".join(
        _hanging_link(item, child) if item.hangs else f"M{middle} {bottom}V{bend}H{child.x + NODE_WIDTH // 2}V{child.y}"
        for child in item.children
        if child.node.is_operand is operands
    )
    return own + "".join(_links(child, operands=operands) for child in item.children)


def _hanging_link(item: _Placed, child: _Placed) -> str:
    rail, start = child.x - INDENT // 2, item.y + NODE_HEIGHT
    across = (
        f"M{item.x + INDENT // 2} {start}V{start + HANG_GAP // 2}H{rail}"
        if rail != item.x + INDENT // 2
        else f"M{rail} {start}"
    )
    return f"{across}V{child.y + NODE_HEIGHT // 2}H{child.x}"


def _nodes(item: _Placed) -> str:
    return draw_node(item.node, item.x, item.y) + "".join(_nodes(child) for child in item.children)


def draw_node(node: TreeNode, x: int, y: int) -> str:
    """A node with its upper left corner at a place."""
    status = STATUSES[node.status]
    told = (f"{node.name}: {node.value}", status.word.lower(), node.note, node.changed)
    inside = (
        f"<title>{escape(', '.join(part for part in told if part))}</title>"
        f'<rect class="tree-box" width="{NODE_WIDTH}" height="{NODE_HEIGHT}" rx="8"/>'
        f'<path class="tree-edge status-{node.status}" d="{EDGE}"/>'
        f'<text class="tree-name" x="14" y="21">{escape(_cut(node.name, 26))}</text>'
        f'<text class="tree-value" x="14" y="45">{escape(_cut(node.value, 14))}</text>'
        f"{_trail(node)}{_status(node)}{_changed(node)}"
    )
    if node.href:
        inside = f'<a href="{escape(node.href)}">{inside}</a>'
    marks = {"is-focus": node.focus, "is-dim": node.is_dim, "is-changed": bool(node.changed)}
    kind = " ".join(["tree-node", *(name for name, holds in marks.items() if holds)])
    return f'<g class="{kind}" transform="translate({x} {y})">{inside}</g>'


def _changed(node: TreeNode) -> str:
    """A flag over the upper right corner; how the node changed stands in its title and in the list beside."""
    if not node.changed:
        return ""
    return (
        f'<g transform="translate({NODE_WIDTH - 62} -8)"><rect class="tree-flag" width="58" height="16" rx="8"/>'
        '<text class="tree-flag-word" x="29" y="12" text-anchor="middle">changed</text></g>'
    )


def _trail(node: TreeNode) -> str:
    if not node.trail:
        return ""
    return (
        f'<g transform="translate({NODE_WIDTH - 76} 28)">{sparkline(node.trail, node.target, width=64, height=22)}</g>'
    )


def _status(node: TreeNode) -> str:
    status = STATUSES[node.status]
    room = (NODE_WIDTH - 50) // LETTER - len(status.word)
    note = node.hidden if len(node.hidden) <= room else node.hidden.partition(",")[0]
    note = _cut(note or node.note, room)
    aside = (
        f'<text class="tree-note" x="{NODE_WIDTH - 12}" y="71" text-anchor="end">{escape(note)}</text>' if note else ""
    )
    mark = f'<g class="tree-mark" transform="translate(14 61.5) scale(.9)">{status.shape}</g>'
    return (
        f'<g class="status-{node.status}">{mark}<text class="tree-word" x="30" y="71">{status.word}</text></g>{aside}'
    )


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
