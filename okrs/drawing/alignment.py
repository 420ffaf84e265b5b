"""How objectives are aligned, drawn from left to right: what is served at the left, what serves it beside it.

A box is an objective with its key results as rows. What is aligned to a key result hangs on that row, what is aligned
to the objective on its head.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from kpis.drawing.status import STATUSES
from okrs.drawing.progress_bar import progress_bar

WIDTH, GAP, PITCH = 272, 52, 18
HEAD, ROW, FOOT, PAD = 92, 27, 26, 8
LINE = 17  # from one line of a title to the next
MARGIN = 12
TITLE, RESULT, WHOSE = 34, 28, 38  # about how many letters fit
BAR = 168


@dataclass(frozen=True, slots=True)
class Row:
    """A key result within its objective: ``status`` as in ``kpis.drawing.status``, ``kpi`` the one that moves it."""

    key: str
    title: str
    progress: str
    status: str
    href: str = ""
    owner: str = ""
    kpi: str = ""
    is_focus: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """An objective; ``of`` is the key of the row above that it is aligned to, empty for the objective itself.

    ``hidden`` says what a folded one hides, and ``unfold`` where it is shown.
    """

    title: str
    whose: str
    progress: float
    expected: float
    percent: str
    status: str
    href: str = ""
    of: str = ""
    hidden: str = ""
    unfold: str = ""
    is_focus: bool = False
    is_closed: bool = False
    rows: Sequence[Row] = ()
    children: Sequence["Box"] = field(default=())


@dataclass(slots=True)
class _Placed:
    box: Box
    x: int
    y: int
    height: int
    children: list["_Placed"]

    def __iter__(self) -> Iterator["_Placed"]:
        yield self
        for child in self.children:
            yield from child


def alignment(roots: Sequence[Box], *, label: str) -> str:
    """Return the trees of ``roots`` below each other as one SVG in its natural size in pixels; put it into a container
    that scrolls. The same stands in the page's nested list, so the picture is one labelled group whose boxes are links.
    """
    placed, bottom = _stacked(roots, MARGIN, MARGIN)
    every = [each for root in placed for each in root]
    width = max((each.x for each in every), default=0) + WIDTH + MARGIN
    height = max(bottom, MARGIN) + MARGIN
    links = "".join(_links(each) for each in every)
    boxes = "".join(_drawn(each) for each in every)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg class="tree alignment" {size} role="group" aria-label="{escape(label)}">{links}{boxes}</svg>'


def _stacked(boxes: Sequence[Box], x: int, top: int) -> tuple[list[_Placed], int]:
    """Boxes below each other with all that belongs beside them, and where they end."""
    placed: list[_Placed] = []
    y = top
    for box in boxes:
        children, below = _stacked(box.children, x + WIDTH + GAP, y)
        own = _height(box)
        placed.append(_Placed(box, x, y, own, children))
        y = max(y + own, below if children else 0) + PITCH
    return placed, y - PITCH if boxes else top


def _height(box: Box) -> int:
    lines = len(_wrapped(box.title))
    rows = len(box.rows) * ROW + (PAD if box.rows else 0)
    return HEAD - LINE * (2 - lines) + rows + (FOOT if box.hidden else 0)


def _links(placed: _Placed) -> str:
    return "".join(_link(placed, child) for child in placed.children)


def _link(placed: _Placed, child: _Placed) -> str:
    start_x, start_y = placed.x + WIDTH, placed.y + _leaves_at(placed.box, child.box.of)
    end_x, end_y = child.x, child.y + 22
    middle = (start_x + end_x) // 2
    kind = "tree-link is-of-result" if child.box.of else "tree-link"
    path = f"M{start_x} {start_y}C{middle} {start_y} {middle} {end_y} {end_x} {end_y}"
    return f'<path class="{kind}" d="{path}"/><circle class="alignment-knot" cx="{start_x}" cy="{start_y}" r="3.5"/>'


def _leaves_at(box: Box, key: str) -> int:
    """How far down a link leaves: at the row it hangs on, else at the head."""
    at = next((index for index, row in enumerate(box.rows) if row.key == key), None)
    return 22 if at is None else _rows_at(box) + at * ROW + ROW // 2


def _rows_at(box: Box) -> int:
    return HEAD - LINE * (2 - len(_wrapped(box.title)))


def _drawn(placed: _Placed) -> str:
    box = placed.box
    marks = {"is-focus": box.is_focus, "is-closed": box.is_closed}
    kind = " ".join(["tree-node", *(name for name, holds in marks.items() if holds)])
    frame = f'<rect class="tree-box" width="{WIDTH}" height="{placed.height}" rx="8"/>'
    edge = (
        f'<path class="tree-edge status-{box.status}" '
        f'd="M4 1.1A8 8 0 0 0 0 8V{placed.height - 8}A8 8 0 0 0 4 {placed.height - 1.1:g}z"/>'
    )
    rows = "".join(_row(row, _rows_at(box) + index * ROW) for index, row in enumerate(box.rows))
    foot = _foot(box, placed.height) if box.hidden else ""
    return f'<g class="{kind}" transform="translate({placed.x} {placed.y})">{frame}{edge}{_head(box)}{rows}{foot}</g>'


def _head(box: Box) -> str:
    status = STATUSES[box.status]
    lines = _wrapped(box.title)
    told = f"{box.title}: {box.percent} done, {status.word.lower()}, {box.whose}"
    title = "".join(
        f'<tspan x="16" dy="{LINE if index else 0}">{escape(line)}</tspan>' for index, line in enumerate(lines)
    )
    y = 22 + LINE * (len(lines) - 1)
    bar = progress_bar(box.progress, box.expected, box.status, width=BAR, height=7)
    inside = (
        f"<title>{escape(told)}</title>"
        f'<rect class="alignment-target" x="4" y="1" width="{WIDTH - 5}" height="{y + 36}" rx="7"/>'
        f'<text class="tree-name" y="22">{title}</text>'
        f'<text class="tree-note" x="16" y="{y + 17}">{escape(_cut(box.whose, WHOSE))}</text>'
        f'<g transform="translate(16 {y + 28})">{bar}</g>'
        f'<text class="alignment-percent" x="{16 + BAR + 10}" y="{y + 36}">{escape(box.percent)}</text>'
        f'<g class="status-{box.status}" transform="translate({WIDTH - 26} {y + 26})"><g class="tree-mark">'
        f"{status.shape}</g></g>"
    )
    return f'<a href="{escape(box.href)}">{inside}</a>' if box.href else inside


def _row(row: Row, y: int) -> str:
    status = STATUSES[row.status]
    told = [f"{row.title}: {row.progress} done", status.word.lower(), row.owner]
    told += [f"moved by the KPI {row.kpi}"] if row.kpi else []
    link = f'<path class="alignment-kpi" d="M{WIDTH - 24} {y + 17}l4-5 3 3 5-7"/>' if row.kpi else ""
    room = RESULT - (3 if row.kpi else 0)
    inside = (
        f"<title>{escape(', '.join(part for part in told if part))}</title>"
        f'<rect class="alignment-row{" is-focus" if row.is_focus else ""}" x="6" y="{y + 1}" width="{WIDTH - 12}" '
        f'height="{ROW - 2}" rx="5"/>'
        f'<g class="status-{row.status}" transform="translate(16 {y + 8})"><g class="tree-mark">{status.shape}</g></g>'
        f'<text class="alignment-result" x="36" y="{y + 18}">{escape(_cut(row.title, room))}</text>'
        f'<text class="alignment-share" x="{WIDTH - (32 if row.kpi else 12)}" y="{y + 18}" text-anchor="end">'
        f"{escape(row.progress)}</text>{link}"
    )
    return f'<a href="{escape(row.href)}">{inside}</a>' if row.href else f"<g>{inside}</g>"


def _foot(box: Box, height: int) -> str:
    y = height - FOOT
    return (
        f'<a href="{escape(box.unfold)}"><title>Show {escape(box.hidden)}</title>'
        f'<rect class="alignment-row" x="6" y="{y}" width="{WIDTH - 12}" height="{FOOT - 4}" rx="5"/>'
        f'<text class="alignment-more" x="16" y="{y + 16}">+ {escape(box.hidden)}</text></a>'
    )


def _wrapped(title: str) -> list[str]:
    """A title in two lines at most."""
    words, first = title.split(), ""
    while words and len(first) + 1 + len(words[0]) <= TITLE:
        first = f"{first} {words.pop(0)}".strip()
    rest = " ".join(words)
    return [line for line in (first or _cut(rest, TITLE), _cut(rest, TITLE) if first else "") if line] or [""]


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
