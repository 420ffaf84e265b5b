"""The trend: a wide chart of a value over its periods, against its target path."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from kpis.drawing.scale import Place, extent, is_drawable, linear, nice_ticks
from kpis.drawing.status import STATUSES

Format = Callable[[float], str]
FormatAxis = Callable[[Sequence[float]], Sequence[str]]
TEXT_WIDTH = 6.6  # of a 12 px figure in the page's type, on average
LABEL_GAP = 15


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One period: ``period`` is its name under the axis, ``status`` a key of ``kpis.drawing.status``; absent numbers
    are None.
    """

    period: str
    value: float | None
    target: float | None = None
    floor: float | None = None
    low: float | None = None
    high: float | None = None
    status: str = ""
    complete: bool = True


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where things are: pixels of the plot's edges, and the places of periods and values."""

    left: float
    right: float
    top: float
    bottom: float
    up: Place
    across: Sequence[float]

    @property
    def half(self) -> float:
        """Half the distance between two periods: a target holds that far around its period."""
        return (self.right - self.left) / max(len(self.across), 1) / 2


def trend(
    points: Sequence[TrendPoint],
    *,
    format_value: Format,
    format_axis: FormatAxis | None = None,
    label: str,
    width: int = 900,
    height: int = 300,
    kind: str = "",
) -> str:
    """Return the chart of ``points`` (oldest first) as SVG that fills its container's width.

    ``format_value`` writes values in full for labels and titles, ``format_axis`` (the same by default) all those beside
    the axis together. ``label`` says in one sentence what the chart shows. The axis includes zero when all values lie
    within reach of it. Open periods are hollow and joined by a dashed line; missing ones leave a gap. ``kind`` is an
    additional class.
    """
    ticks = _ticks(points)
    texts = format_axis(ticks) if format_axis else [format_value(tick) for tick in ticks]
    plot = _plot(points, ticks, max(map(len, texts)), format_value, width, height)
    parts = (
        *_axis(plot, ticks, texts),
        *_periods(plot, points),
        _zone(plot, points),
        _targets(plot, points),
        *_line(plot, points),
        *_points(plot, points, format_value),
        *_labels(plot, points, format_value),
    )
    frame = f'class="{f"trend {kind}".strip()}" viewBox="0 0 {width} {height}"'
    return f'<svg {frame} role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'


def _ticks(points: Sequence[TrendPoint]) -> list[float]:
    ends = extent(
        number for point in points for number in (point.value, point.target, point.floor, point.low, point.high)
    )
    low, high = ends or (0.0, 1.0)
    if 0 < low <= 0.5 * high:
        low = 0.0
    elif 0.5 * low <= high < 0:
        high = 0.0
    return nice_ticks(low, high)


def _plot(
    points: Sequence[TrendPoint], ticks: Sequence[float], longest: int, format_value: Format, width: int, height: int
) -> _Plot:
    last = _last(points, "value")
    room = len(format_value(last[1])) if last else 0
    left, right = longest * TEXT_WIDTH + 12, width - max(room, 6) * TEXT_WIDTH * 1.1 - 14
    bottom = height - 26.0
    margin = (right - left) / max(len(points), 1) / 2
    place = linear(0, max(len(points) - 1, 1), left + margin, right - margin)
    across = [place(index) for index in range(len(points))] if len(points) > 1 else [(left + right) / 2] * len(points)
    return _Plot(left, right, 12.0, bottom, linear(ticks[0], ticks[-1], bottom, 12.0), across)


def _last(points: Sequence[TrendPoint], name: str) -> tuple[int, float] | None:
    for index in range(len(points) - 1, -1, -1):
        number: float | None = getattr(points[index], name)
        if is_drawable(number):
            return index, number
    return None


def _axis(plot: _Plot, ticks: Sequence[float], texts: Sequence[str]) -> list[str]:
    lines = []
    for tick, text in zip(ticks, texts, strict=True):
        y = plot.up(tick)
        kind = "trend-grid trend-zero" if tick == 0 else "trend-grid"
        lines.append(f'<path class="{kind}" d="M{plot.left:.1f} {y:.1f}H{plot.right:.1f}"/>')
        lines.append(f'<text x="{plot.left - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{escape(text)}</text>')
    return lines


def _periods(plot: _Plot, points: Sequence[TrendPoint]) -> list[str]:
    """Names under the axis, thinned so that they never touch, counted back from the newest."""
    longest = max((len(point.period) for point in points), default=1)
    step = max(1, -int(-(longest * TEXT_WIDTH + 12) // (2 * plot.half)))
    shown = range(len(points) - 1, -1, -step)
    y = plot.bottom + 18
    return [
        f'<text x="{plot.across[index]:.1f}" y="{y:.1f}" text-anchor="middle">{escape(points[index].period)}</text>'
        for index in shown
    ]


def _zone(plot: _Plot, points: Sequence[TrendPoint]) -> str:
    """The band between low and high, or between floor and target, one rectangle a period."""
    steps = []
    for x, point in zip(plot.across, points, strict=True):
        ends = (
            (point.low, point.high) if point.low is not None or point.high is not None else (point.floor, point.target)
        )
        if is_drawable(ends[0]) and is_drawable(ends[1]):
            low, high = plot.up(ends[0]), plot.up(ends[1])
            steps.append(f"M{x - plot.half:.1f} {low:.1f}V{high:.1f}h{2 * plot.half:.1f}V{low:.1f}z")
    return f'<path class="trend-band" d="{"".join(steps)}"/>' if steps else ""


def _targets(plot: _Plot, points: Sequence[TrendPoint]) -> str:
    path: list[str] = []
    joined = False
    for x, point in zip(plot.across, points, strict=True):
        if not is_drawable(point.target):
            joined = False
            continue
        y = plot.up(point.target)
        path.append(f"V{y:.1f}" if joined else f"M{x - plot.half:.1f} {y:.1f}")
        path.append(f"H{x + plot.half:.1f}")
        joined = True
    return f'<path class="trend-target" d="{"".join(path)}"/>' if path else ""


def _line(plot: _Plot, points: Sequence[TrendPoint]) -> list[str]:
    """The line through complete periods, and the dashed one that leads to an open period."""
    solid: list[str] = []
    dashed: list[str] = []
    before: tuple[float, float] | None = None
    for x, point in zip(plot.across, points, strict=True):
        if not is_drawable(point.value):
            before = None
            continue
        here = (x, plot.up(point.value))
        if before:
            piece = f"M{before[0]:.1f} {before[1]:.1f}L{here[0]:.1f} {here[1]:.1f}"
            (solid if point.complete else dashed).append(piece)
        before = here
    lines = (("trend-line", solid), ("trend-open", dashed))
    return [f'<path class="{kind}" d="{"".join(pieces)}"/>' for kind, pieces in lines if pieces]


def _points(plot: _Plot, points: Sequence[TrendPoint], format_value: Format) -> list[str]:
    return [
        _point(x, plot.up(point.value), point, _title(point, point.value, format_value))
        for x, point in zip(plot.across, points, strict=True)
        if is_drawable(point.value)
    ]


def _point(x: float, y: float, point: TrendPoint, title: str) -> str:
    state = " is-open" if not point.complete else f" is-{point.status}" if point.status in STATUSES else ""
    mark = f'<circle class="trend-point{state}" cx="{x:.1f}" cy="{y:.1f}" r="4">'
    return f"{mark}<title>{escape(title)}</title></circle>"


def _title(point: TrendPoint, value: float, format_value: Format) -> str:
    said = [f"{point.period}: {format_value(value)}"]
    if point.target is not None:
        said.append(f"target {format_value(point.target)}")
    if point.status in STATUSES:
        said.append(STATUSES[point.status].word.lower())
    if not point.complete:
        said.append("so far")
    return " · ".join(said)


def _labels(plot: _Plot, points: Sequence[TrendPoint], format_value: Format) -> list[str]:
    """Direct labels at the right: the last value, and "target" beside the end of its path, kept apart."""
    value, target = _last(points, "value"), _last(points, "target")
    x = plot.right + 6
    labels = []
    y = None
    if value:
        y = plot.up(value[1])
        labels.append(f'<text class="trend-last" x="{x:.1f}" y="{y + 4:.1f}">{escape(format_value(value[1]))}</text>')
    if target:
        place = plot.up(target[1])
        if y is not None and abs(place - y) < LABEL_GAP:
            place = y + LABEL_GAP if place >= y and y + LABEL_GAP < plot.bottom else y - LABEL_GAP
        labels.append(f'<text x="{x:.1f}" y="{place + 4:.1f}">Target</text>')
    return labels
