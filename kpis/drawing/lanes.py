"""The ladder in lanes: the company's KPIs on top, a lane for each department below, links across them.

Within a lane a KPI stands below what it feeds there, set in. Links from above run down at the left of a lane; those
between lanes are drawn as curves. Boxes lie over links, so that texts stay readable.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from kpis.drawing.status import STATUSES
from kpis.drawing.tree import GAP, HANG_GAP, INDENT, MARGIN, NODE_HEIGHT, NODE_WIDTH, TreeNode, connectors, draw_node

ROWS = 8  # nodes of a lane below each other, before its next column begins where that breaks no family
PITCH = NODE_HEIGHT + HANG_GAP
HEAD, PAD, GUTTER = 52, 12, 18
SPACE, STAGGER, DROP = 40, 12, 6  # between the company's nodes; from one of their rows to the next; where links leave
BUS = 28
BEND = 48


@dataclass(frozen=True, slots=True)
class LaneNode:
    """A KPI in a lane. ``feeds`` names by their ``key`` those that it stands below or is linked to, each with whether
    their formula is computed from it; the children of ``node`` are not looked at.
    """

    key: str
    node: TreeNode
    feeds: Sequence[tuple[str, bool]] = ()


@dataclass(frozen=True, slots=True)
class Lane:
    """A department with its nodes, each after what it feeds; ``note`` says how it fares ("72 % health · 14 KPIs")."""

    name: str
    nodes: Sequence[LaneNode]
    status: str = ""
    note: str = ""
    href: str = ""


@dataclass(slots=True)
class _Place:
    """Where a node is; ``gutter`` is the x of the rail beside its column, None for the company's, ``column`` tells its
    column from all others."""

    item: LaneNode
    x: int
    y: int
    gutter: int | None
    column: int = -1
    indent: int = 0


@dataclass(slots=True)
class _Drawing:
    places: dict[str, _Place] = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)
    columns: int = 0


def lanes(company: Lane, departments: Sequence[Lane], *, label: str) -> str:
    """Return the lanes as one SVG in its natural size in pixels; put it into a container that scrolls."""
    drawing = _Drawing()
    columns = [_columns(lane.nodes) for lane in departments]
    widths = [_width(each) for each in columns]
    width = max(sum(widths) + GAP * max(len(widths) - 1, 0), PAD * 2 + NODE_WIDTH * 3 + SPACE * 2)
    bus = _place_company(drawing, company, width) + BUS
    top = bus + 10 if company.nodes else MARGIN
    rows = max((len(column) for each in columns for column in each), default=1)
    height = HEAD + rows * PITCH + PAD
    x = MARGIN
    for lane, each, wide in zip(departments, columns, widths, strict=True):
        _frame(drawing, lane, x, top, wide, height)
        _place_lane(drawing, each, x + PAD, top + HEAD)
        x += wide + GAP
    whole, dashed = (_links(drawing, bus - 10, operands=operands) for operands in (False, True))
    nodes = "".join(draw_node(place.item.node, place.x, place.y) for place in drawing.places.values())
    across, down = width + 2 * MARGIN, (top + height if departments else bus) + MARGIN
    size = f'viewBox="0 0 {across} {down}" width="{across}" height="{down}"'
    drawn = f"{''.join(drawing.heads)}{connectors(whole, dashed)}{nodes}"
    return f'<svg class="tree lanes" {size} role="group" aria-label="{escape(label)}">{drawn}</svg>'


def _place_company(drawing: _Drawing, company: Lane, width: int) -> int:
    """Row by row, each below what it feeds; answers where its band ends."""
    if not company.nodes:
        return MARGIN
    room = max((width - 2 * PAD - 3 * STAGGER + SPACE) // (NODE_WIDTH + SPACE), 1)
    y = MARGIN + HEAD
    for row, items in enumerate(_rows(company.nodes, room)):
        for place, item in enumerate(items):
            x = MARGIN + PAD + STAGGER * min(row, 3) + place * (NODE_WIDTH + SPACE)
            drawing.places[item.key] = _Place(item, x, y, None)
        y += NODE_HEIGHT + BUS
    _frame(drawing, company, MARGIN, MARGIN, width, y - BUS + PAD - MARGIN)
    return y - BUS + PAD


def _rows(nodes: Sequence[LaneNode], room: int) -> Iterator[Sequence[LaneNode]]:
    depth: dict[str, int] = {}
    for item in nodes:
        depth[item.key] = 1 + max((depth[key] for key, _ in item.feeds if key in depth), default=-1)
    for level in range(max(depth.values(), default=-1) + 1):
        at = [item for item in nodes if depth[item.key] == level]
        yield from (at[start : start + room] for start in range(0, len(at), room))


def _columns(nodes: Sequence[LaneNode]) -> list[list[tuple[LaneNode, int]]]:
    """The nodes of a lane with how far each is set in, families kept together, in columns of about the same length."""
    columns: list[list[tuple[LaneNode, int]]] = [[]]
    for item, indent in _families(nodes):
        is_full = len(columns[-1]) >= (2 * ROWS if indent else ROWS)
        if is_full:
            columns.append([])
        columns[-1].append((item, indent))
    return columns


def _families(nodes: Sequence[LaneNode]) -> Iterator[tuple[LaneNode, int]]:
    """Each node after the first that it feeds in its lane, one step further in."""
    there: set[str] = set()
    below: dict[str, list[LaneNode]] = {}
    for item in nodes:
        above = next((key for key, _ in item.feeds if key in there), "")
        below.setdefault(above, []).append(item)
        there.add(item.key)
    waiting = [(item, 0) for item in reversed(below.get("", []))]
    while waiting:
        item, indent = waiting.pop()
        yield item, indent
        waiting.extend((child, indent + 1) for child in reversed(below.get(item.key, [])))


def _width(columns: list[list[tuple[LaneNode, int]]]) -> int:
    return sum(_column_width(column) for column in columns) + 2 * PAD


def _column_width(column: list[tuple[LaneNode, int]]) -> int:
    return GUTTER + NODE_WIDTH + INDENT * max((indent for _, indent in column), default=0)


def _place_lane(drawing: _Drawing, columns: list[list[tuple[LaneNode, int]]], left: int, top: int) -> None:
    for column in columns:
        drawing.columns += 1
        for row, (item, indent) in enumerate(column):
            x = left + GUTTER + INDENT * indent
            drawing.places[item.key] = _Place(item, x, top + row * PITCH, left + GUTTER // 2, drawing.columns, indent)
        left += _column_width(column)


def _frame(drawing: _Drawing, lane: Lane, x: int, y: int, width: int, height: int) -> None:
    """The lane itself with its head: its name, and how it fares."""
    name = f'<text class="lane-name" x="{x + PAD + GUTTER}" y="{y + 22}">{escape(lane.name)}</text>'
    if lane.href:
        name = f'<a href="{escape(lane.href)}">{name}</a>'
    drawing.heads.append(
        f'<g class="lane"><rect class="lane-box" x="{x}" y="{y}" width="{width}" height="{height}" rx="10"/>'
        f"{name}{_fares(lane, x + PAD + GUTTER, y + 40)}</g>"
    )


def _fares(lane: Lane, x: int, y: int) -> str:
    if not lane.status:
        return f'<text class="tree-note" x="{x}" y="{y}">{escape(lane.note)}</text>'
    status = STATUSES[lane.status]
    mark = f'<g class="tree-mark" transform="translate({x} {y - 10}) scale(.9)">{status.shape}</g>'
    return (
        f'<g class="status-{lane.status}">{mark}<text class="tree-word" x="{x + 16}" y="{y}">{status.word}'
        f'<tspan class="tree-note" dx="6">{escape(lane.note)}</tspan></text></g>'
    )


def _links(drawing: _Drawing, bus: int, *, operands: bool) -> str:
    pieces = []
    for place in drawing.places.values():
        for key, is_operand in place.item.feeds:
            if key in drawing.places and is_operand is operands:
                pieces.append(_link(drawing.places[key], place, bus))
    return "".join(pieces)


def _link(above: _Place, below: _Place, bus: int) -> str:
    middle = below.y + NODE_HEIGHT // 2
    if above.gutter is None:
        start = f"M{above.x + DROP} {above.y + NODE_HEIGHT}"
        if below.gutter is None and below.y > above.y:
            return f"{start}V{below.y - BUS // 2}H{below.x + NODE_WIDTH // 2}V{below.y}"
        if below.gutter is not None:
            return f"{start}V{bus}H{below.gutter}V{middle}H{below.x}"
    if above.column == below.column and below.y > above.y and below.indent == above.indent + 1:
        return f"M{above.x + INDENT // 2} {above.y + NODE_HEIGHT}V{middle}H{below.x}"
    x, y = above.x + NODE_WIDTH, above.y + NODE_HEIGHT // 2
    return f"M{x} {y}C{x + BEND} {y} {below.x - BEND} {middle} {below.x} {middle}"
