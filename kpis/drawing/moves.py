"""Before and after, one row a KPI: a hollow mark where it was, a full one where it would be, its target between."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from kpis.drawing.scale import Place, extent, is_drawable, linear
from kpis.drawing.status import STATUSES

ROW, MARGIN = 46, 8
LONGEST = 30


@dataclass(frozen=True, slots=True)
class Move:
    """A KPI's value before and after with its target, and the same as texts; statuses are keys of
    ``kpis.drawing.status``.
    """

    name: str
    before: float | None
    after: float | None
    target: float | None
    before_text: str
    after_text: str
    before_status: str = ""
    after_status: str = ""


def moves(drawn: Sequence[Move], *, label: str, width: int = 680, kind: str = "") -> str:
    """Return the rows as SVG that fills its container's width; each has a scale of its own, since units differ."""
    height = len(drawn) * ROW + MARGIN
    rows = "".join(_row(move, place * ROW + MARGIN, width) for place, move in enumerate(drawn))
    frame = f'class="{f"trend moves-drawn {kind}".strip()}" viewBox="0 0 {width} {height}"'
    return f'<svg {frame} role="img" aria-label="{escape(label)}">{rows}</svg>'


def _row(move: Move, top: int, width: int) -> str:
    """Its name and values above, its marks on a line below."""
    texts = (
        f'<text class="move-name" x="0" y="{top + 11}">{escape(_cut(move.name))}</text>'
        f'<text x="{width}" y="{top + 11}" text-anchor="end">{escape(_said(move))}</text>'
    )
    ends = extent((move.before, move.after, move.target))
    if ends is None:
        return texts
    across, y = linear(ends[0], ends[1], 10, width - 10), top + 27
    line = f'<path class="trend-grid" d="M0 {y}H{width}"/>'
    return f"{texts}{line}{_target(move, across, y)}{_arrow(move, across, y)}{_marks(move, across, y)}"


def _said(move: Move) -> str:
    words = [STATUSES[key].word.lower() if key in STATUSES else "" for key in (move.before_status, move.after_status)]
    status = f" · {words[0]} → {words[1]}" if all(words) and words[0] != words[1] else ""
    return f"{move.before_text} → {move.after_text}{status}"


def _target(move: Move, across: Place, y: int) -> str:
    if not is_drawable(move.target):
        return ""
    return f'<path class="move-target" d="M{across(move.target):.1f} {y - 8}v16"><title>Target</title></path>'


def _arrow(move: Move, across: Place, y: int) -> str:
    if not is_drawable(move.before) or not is_drawable(move.after):
        return ""
    return f'<path class="trend-line" d="M{across(move.before):.1f} {y}H{across(move.after):.1f}"/>'


def _marks(move: Move, across: Place, y: int) -> str:
    marks = ""
    for value, kind in ((move.before, "is-open"), (move.after, f"is-{move.after_status}")):
        if is_drawable(value):
            marks += f'<circle class="trend-point {kind}" cx="{across(value):.1f}" cy="{y}" r="6"/>'
    return marks


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"
