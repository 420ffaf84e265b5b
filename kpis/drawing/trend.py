"""The trend: a wide chart of a value over its periods, against its target path."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from kpis.drawing.layers import NO_LAYERS, Layers
from kpis.drawing.plot import (
    TEXT_WIDTH,
    Format,
    FormatAxis,
    Label,
    Plot,
    axis,
    labels_beside,
    lines,
    names_below,
    plot_of,
    steps,
)
from kpis.drawing.scale import extent, is_drawable, nice_ticks
from kpis.drawing.status import STATUSES


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


def trend(
    points: Sequence[TrendPoint],
    *,
    format_value: Format,
    format_axis: FormatAxis | None = None,
    label: str,
    width: int = 900,
    height: int = 300,
    kind: str = "",
    layers: Layers = NO_LAYERS,
    is_linear: bool = False,
) -> str:
    """Return the chart of ``points`` (oldest first) as SVG that fills its container's width.

    ``format_value`` writes values in full for labels and titles, ``format_axis`` (the same by default) all those beside
    the axis together. ``label`` says in one sentence what the chart shows. The axis includes zero when all values lie
    within reach of it. Open periods are hollow and joined by a dashed line; missing ones leave a gap. The target is a
    line of steps, or a straight one from period to period if ``is_linear``. ``layers`` have an entry per point.
    ``kind`` is an additional class.
    """
    ticks = _ticks(points, layers)
    texts = format_axis(ticks) if format_axis else [format_value(tick) for tick in ticks]
    room = max(map(len, [*_label_texts(points, format_value), *layers.label_texts(format_value), " " * 6]))
    left, right = max(map(len, texts)) * TEXT_WIDTH + 12, width - room * TEXT_WIDTH * 1.1 - 14
    plot = plot_of(ticks, len(points), left=left, right=right, height=height)
    parts = (
        *axis(plot, ticks, texts),
        *names_below(plot, [point.period for point in points]),
        _zone(plot, points, is_linear),
        *layers.behind(plot, format_value),
        _targets(plot, points, is_linear),
        *_line(plot, points),
        *_points(plot, points, format_value),
        *layers.above(plot, [point.value for point in points]),
        *_labels(plot, points, format_value, layers),
    )
    frame = f'class="{f"trend {kind}".strip()}" viewBox="0 0 {width} {height}"'
    return f'<svg {frame} role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'


def _ticks(points: Sequence[TrendPoint], layers: Layers) -> list[float]:
    own = [number for point in points for number in (point.value, point.target, point.floor, point.low, point.high)]
    low, high = extent([*own, *layers.numbers()]) or (0.0, 1.0)
    if 0 < low <= 0.5 * high:
        low = 0.0
    elif 0.5 * low <= high < 0:
        high = 0.0
    return nice_ticks(low, high)


def _last(points: Sequence[TrendPoint], name: str) -> tuple[int, float] | None:
    for index in range(len(points) - 1, -1, -1):
        number: float | None = getattr(points[index], name)
        if is_drawable(number):
            return index, number
    return None


def _ends(point: TrendPoint) -> tuple[float, float] | None:
    """The band of a period: from low to high, or from floor to target."""
    is_range = point.low is not None or point.high is not None
    low, high = (point.low, point.high) if is_range else (point.floor, point.target)
    return (low, high) if is_drawable(low) and is_drawable(high) else None


def _zone(plot: Plot, points: Sequence[TrendPoint], is_linear: bool) -> str:
    """One rectangle a period, or one slope from each period to the next."""
    bands = [_ends(point) for point in points]
    shapes = []
    if is_linear:
        for at, (band, following) in enumerate(pairwise(bands)):
            if band and following:
                corners = ((at, band[0]), (at, band[1]), (at + 1, following[1]), (at + 1, following[0]))
                places = [f"{plot.across[column]:.1f} {plot.up(value):.1f}" for column, value in corners]
                shapes.append(f"M{'L'.join(places)}z")
    else:
        for x, band in zip(plot.across, bands, strict=True):
            if band:
                low, high = plot.up(band[0]), plot.up(band[1])
                shapes.append(f"M{x - plot.half:.1f} {low:.1f}V{high:.1f}h{2 * plot.half:.1f}V{low:.1f}z")
    return f'<path class="trend-band" d="{"".join(shapes)}"/>' if shapes else ""


def _targets(plot: Plot, points: Sequence[TrendPoint], is_linear: bool) -> str:
    targets = [point.target if is_drawable(point.target) else None for point in points]
    path = (lines if is_linear else steps)(plot, targets)
    return f'<path class="trend-target" d="{path}"/>' if path else ""


def _line(plot: Plot, points: Sequence[TrendPoint]) -> list[str]:
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
    drawn = (("trend-line", solid), ("trend-open", dashed))
    return [f'<path class="{kind}" d="{"".join(pieces)}"/>' for kind, pieces in drawn if pieces]


def _points(plot: Plot, points: Sequence[TrendPoint], format_value: Format) -> list[str]:
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


def _label_texts(points: Sequence[TrendPoint], format_value: Format) -> list[str]:
    last = _last(points, "value")
    return [format_value(last[1])] if last else []


def _labels(plot: Plot, points: Sequence[TrendPoint], format_value: Format, layers: Layers) -> list[str]:
    """Direct labels at the right: the last value and the ends of lines; above its point where a forecast follows it."""
    value, target = _last(points, "value"), _last(points, "target")
    beside: list[Label] = []
    above = ""
    if value:
        x, y, said = plot.across[value[0]], plot.up(value[1]), escape(format_value(value[1]))
        if layers.cone is None:
            beside.append(Label(y, format_value(value[1]), "trend-last"))
        else:
            above = f'<text class="trend-last" x="{x:.1f}" y="{y - 12:.1f}" text-anchor="middle">{said}</text>'
    if target:
        beside.append(Label(plot.up(target[1]), "Target"))
    return [above, *labels_beside(plot, [*beside, *layers.labels(plot, format_value)])]
