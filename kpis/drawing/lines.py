"""Several values over the same periods in one chart, each line named where it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from kpis.drawing.plot import FormatAxis
from kpis.drawing.scale import Place, extent, is_drawable, linear, nice_ticks

LETTER = 6.6  # how wide a letter of the labels is, on average
LABEL_GAP, LONGEST = 15, 22
TOP, BELOW = 12.0, 26.0
KINDS = 6  # colours and dashes that lines can have


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its values, one a period, None where missing. ``titles`` say of each what it is; those of ``kind``
    0 to 5 differ in colour and dash.
    """

    name: str
    values: Sequence[float | None]
    titles: Sequence[str]
    kind: int = 0


def lines(
    periods: Sequence[str],
    drawn: Sequence[Line],
    *,
    format_axis: FormatAxis,
    label: str,
    width: int = 900,
    height: int = 300,
    kind: str = "",
) -> str:
    """Return the chart as SVG that fills its container's width; ``label`` says in one sentence what it shows.

    The axis includes zero where all values lie within reach of it. ``kind`` is an additional class.
    """
    ticks = _ticks(drawn)
    texts = format_axis(ticks)
    left = max(map(len, texts)) * LETTER + 12
    right = width - min(max((len(line.name) for line in drawn), default=0), LONGEST) * LETTER - 12
    bottom = height - BELOW
    up = linear(ticks[0], ticks[-1], bottom, TOP)
    across = _across(len(periods), left, right)
    parts = (
        *(_tick(tick, text, left, right, up) for tick, text in zip(ticks, texts, strict=True)),
        *_periods(periods, across, bottom + 18),
        *(_line(line, across, up) for line in drawn),
        *_names(drawn, right + 8, up, bottom),
    )
    frame = f'class="{f"trend {kind}".strip()}" viewBox="0 0 {width} {height}"'
    return f'<svg {frame} role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'


def _ticks(drawn: Sequence[Line]) -> list[float]:
    low, high = extent(value for line in drawn for value in line.values) or (0.0, 1.0)
    if 0 < low <= 0.5 * high:
        low = 0.0
    elif 0.5 * low <= high < 0:
        high = 0.0
    return nice_ticks(low, high)


def _across(count: int, left: float, right: float) -> list[float]:
    margin = (right - left) / max(count, 1) / 2
    place = linear(0, max(count - 1, 1), left + margin, right - margin)
    return [place(index) for index in range(count)] if count > 1 else [(left + right) / 2] * count


def _tick(tick: float, text: str, left: float, right: float, up: Place) -> str:
    kind = "trend-grid trend-zero" if tick == 0 else "trend-grid"
    y = up(tick)
    return (
        f'<path class="{kind}" d="M{left:.1f} {y:.1f}H{right:.1f}"/>'
        f'<text x="{left - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{escape(text)}</text>'
    )


def _periods(periods: Sequence[str], across: Sequence[float], y: float) -> list[str]:
    """Names under the axis, thinned so that they never touch, counted back from the newest."""
    longest = max(map(len, periods), default=1)
    room = across[1] - across[0] if len(across) > 1 else longest * LETTER + 12
    step = max(1, -int(-(longest * LETTER + 12) // max(room, 0.1)))
    return [
        f'<text x="{across[index]:.1f}" y="{y:.1f}" text-anchor="middle">{escape(periods[index])}</text>'
        for index in range(len(periods) - 1, -1, -step)
    ]


def _line(line: Line, across: Sequence[float], up: Place) -> str:
    path: list[str] = []
    marks: list[str] = []
    is_joined = False
    for x, value, title in zip(across, line.values, line.titles, strict=True):
        if is_drawable(value):
            path.append(f"{'L' if is_joined else 'M'}{x:.1f} {up(value):.1f}")
            marks.append(
                f'<circle class="line-point" cx="{x:.1f}" cy="{up(value):.1f}" r="3">'
                f"<title>{escape(title)}</title></circle>"
            )
        is_joined = is_drawable(value)
    inside = (f'<path class="line" d="{"".join(path)}"/>' if path else "") + "".join(marks)
    return f'<g class="line-{line.kind % KINDS}">{inside}</g>'


def _names(drawn: Sequence[Line], x: float, up: Place, bottom: float) -> list[str]:
    """Each name beside its line's last value, kept apart from the others."""
    ends = [(up(last), line) for line in drawn if (last := _last(line)) is not None]
    ends.sort(key=lambda end: end[0])
    names: list[str] = []
    lowest = bottom - (len(ends) - 1) * LABEL_GAP
    before = TOP - LABEL_GAP
    for place, (wanted, line) in enumerate(ends):
        y = min(max(wanted, before + LABEL_GAP), lowest + place * LABEL_GAP)
        before = y
        kind, name = f"line-name line-{line.kind % KINDS}", escape(_cut(line.name))
        names.append(f'<text class="{kind}" x="{x:.1f}" y="{y + 4:.1f}">{name}</text>')
    return names


def _last(line: Line) -> float | None:
    return next((value for value in reversed(line.values) if is_drawable(value)), None)


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"
