"""The waterfall: how a value came from another, part by part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from kpis.drawing.scale import Place, extent, is_drawable, linear

Format = Callable[[float], str]
ROW: Final = 30
BAR: Final = 18
TEXT_WIDTH: Final = 6.6  # of a 12 px figure in the page's type, on average


@dataclass(frozen=True, slots=True)
class Bar:
    """A part: what it adds (or takes, if negative), and whether that is good (None: neither)."""

    name: str
    change: float
    is_good: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the picture, from one place to another."""

    name: str
    begin: float
    end: float
    text: str
    kind: str
    note: str = ""


def waterfall(
    base: tuple[str, float],
    parts: Sequence[Bar],
    value: tuple[str, float],
    *,
    format_value: Format,
    format_change: Format,
    label: str,
    width: int = 760,
    kind: str = "",
) -> str:
    """Return the picture of how ``base`` (its name and number) became ``value`` as SVG that fills its container.

    A row for each: the base, ``parts`` in their order, each beginning where the one before ended, the value. Totals
    start at zero, which is always on the axis, so that lengths can be compared. ``format_change`` writes what a part
    adds, with its sign. ``label`` says in one sentence what the picture shows; ``kind`` is an additional class.
    """
    rows = _rows(base, parts, value, format_value, format_change)
    height = waterfall_height(len(parts))
    left = min(max((len(row.name) for row in rows), default=0) * TEXT_WIDTH + 12, width * 0.36)
    room = max((len(row.text) for row in rows), default=0) * TEXT_WIDTH + 14
    low, high = extent(number for row in rows for number in (row.begin, row.end)) or (0.0, 0.0)
    # Labels stand outside of bars, on the side to which the bar grows.
    place = linear(min(low, 0.0), max(high, 0.0), left + (room if low < 0 else 0), width - room)
    drawn = [_row(row, at, place, left) for at, row in enumerate(rows)]
    zero = f'<path class="waterfall-zero" d="M{place(0.0):.1f} 2V{height - 2}"/>'
    frame = f'class="{f"waterfall {kind}".strip()}" viewBox="0 0 {width} {height}"'
    return f'<svg {frame} role="img" aria-label="{escape(label)}">{zero}{"".join(drawn)}{_joins(rows, place)}</svg>'


def waterfall_height(parts: int) -> int:
    """Return how high the picture of so many parts is, in pixels."""
    return (parts + 2) * ROW + 8


def _rows(
    base: tuple[str, float], parts: Sequence[Bar], value: tuple[str, float], write: Format, write_change: Format
) -> list[_Row]:
    rows = [_Row(base[0], 0.0, base[1], write(base[1]), "waterfall-end")]
    reached = base[1]
    for part in parts:
        end = reached + part.change
        rows.append(_Row(part.name, reached, end, write_change(part.change), _KINDS[part.is_good], part.note))
        reached = end
    return [*rows, _Row(value[0], 0.0, value[1], write(value[1]), "waterfall-end")]


_KINDS: Final = {True: "waterfall-good", False: "waterfall-bad", None: "waterfall-plain"}


def _row(row: _Row, at: int, place: Place, left: float) -> str:
    middle = at * ROW + ROW / 2 + 4
    most = max(int((left - 12) / TEXT_WIDTH), 4)
    name = row.name if len(row.name) <= most else f"{row.name[: most - 1].rstrip()}…"
    title = escape(f"{row.name}: {row.text}" + (f", {row.note}" if row.note else ""))
    texts = f'<text class="waterfall-name" x="0" y="{middle + 4:.1f}">{escape(name)}</text>'
    if not (is_drawable(row.begin) and is_drawable(row.end)):
        return f"<g><title>{title}</title>{texts}</g>"
    begin, end = place(row.begin), place(row.end)
    x, wide = min(begin, end), max(abs(end - begin), 1.0)
    grows_left = end < begin or (end == begin and row.end < 0)
    at_left = f'x="{x - 6:.1f}" text-anchor="end"'
    at_right = f'x="{x + wide + 6:.1f}"'
    # To the left of zero there is room only where something is negative.
    side = at_left if grows_left and row.end < 0 else at_right
    bar = f'<rect class="{row.kind}" x="{x:.1f}" y="{middle - BAR / 2:.1f}" width="{wide:.1f}" height="{BAR}"/>'
    value = f'<text class="waterfall-value" {side} y="{middle + 4:.1f}">{escape(row.text)}</text>'
    return f"<g><title>{title}</title>{bar}{texts}{value}</g>"


def _joins(rows: Sequence[_Row], place: Place) -> str:
    """Thin lines from where each row ends to the next."""
    lines = []
    for at, row in enumerate(rows[:-1]):
        if is_drawable(row.end):
            x, bottom = place(row.end), at * ROW + ROW / 2 + 4 + BAR / 2
            lines.append(f"M{x:.1f} {bottom:.1f}v{ROW - BAR}")
    return f'<path class="waterfall-join" d="{"".join(lines)}"/>' if lines else ""
