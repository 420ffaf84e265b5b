"""The course: how something moved over the days of a cycle, against where it should be by each day."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Final

from kpis.drawing.plot import TEXT_WIDTH, FormatAxis, Label, Plot, axis, labels_beside
from kpis.drawing.scale import extent, is_drawable, linear, nice_ticks

TOP, BELOW = 14.0, 26.0
NAME_WIDTH: Final = 8  # letters that the names beside the lines have room for, at least


@dataclass(frozen=True, slots=True)
class Point:
    """What was known from a day on (0: the first of the cycle). ``title`` says what it is; ``status`` a key of
    ``kpis.drawing.status``, empty for a plain point; ``number`` is written beside a point that is told of below, 0: it
    is not. Without ``is_marked`` it bends the line only.
    """

    day: int
    value: float
    title: str
    status: str = ""
    number: int = 0
    is_marked: bool = True


@dataclass(frozen=True, slots=True)
class Expected:
    """Where it should be: a line of (day, value), or a band to be kept within; one end of it may be open."""

    line: Sequence[tuple[int, float]] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """The days of the chart: how many, (day, name) under the axis, and today's, None where it is none of them."""

    count: int
    marks: Sequence[tuple[int, str]] = ()
    today: int | None = None


def course(
    points: Sequence[Point],
    expected: Expected,
    days: Days,
    *,
    format_axis: FormatAxis,
    last: str,
    label: str,
    width: int = 900,
    height: int = 300,
    kind: str = "",
    is_stepped: bool = False,
    names: tuple[str, str] = ("Expected", "Today"),
) -> str:
    """Return the chart of ``points`` (oldest first) over the days of a cycle as SVG that fills its container's width.

    What was known holds until the next point if ``is_stepped``, and in any case until today, drawn dashed. ``last``
    writes the last value, ``label`` says in one sentence what the chart shows, ``names`` those of what is expected and
    of today.
    """
    ticks = _ticks(points, expected)
    texts = format_axis(ticks)
    room = max(len(last), len(names[0]), NAME_WIDTH)
    left, right = max(map(len, texts)) * TEXT_WIDTH + 12, width - room * TEXT_WIDTH * 1.1 - 14
    bottom = height - BELOW
    place = linear(0, max(days.count - 1, 1), left + 6, right - 6)
    across = [place(day) for day in range(days.count)]
    plot = Plot(left, right, TOP, bottom, linear(ticks[0], ticks[-1], bottom, TOP), across)
    parts = (
        *axis(plot, ticks, texts),
        *_names_below(plot, days.marks),
        _band(plot, expected),
        _today(plot, days.today, names[1]),
        _expected(plot, expected),
        *_line(plot, points, days.today, is_stepped),
        *(_point(plot, point) for point in points if point.is_marked),
        *labels_beside(plot, list(_labels(plot, points, expected, last, names[0]))),
    )
    frame = f'class="{f"trend {kind}".strip()}" viewBox="0 0 {width} {height}"'
    return f'<svg {frame} role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'


def _ticks(points: Sequence[Point], expected: Expected) -> list[float]:
    own = [point.value for point in points]
    ends = extent([*own, *(value for _, value in expected.line), expected.low, expected.high]) or (0.0, 1.0)
    low, high = ends
    if 0 < low <= 0.5 * high:
        low = 0.0
    elif 0.5 * low <= high < 0:
        high = 0.0
    return nice_ticks(low, high)


def _names_below(plot: Plot, marks: Sequence[tuple[int, str]]) -> list[str]:
    """Names under their days, each left out that would touch the one before."""
    drawn, free = [], plot.left - 20
    for day, name in marks:
        x = _x(plot, day)
        half = len(name) * TEXT_WIDTH / 2
        if x - half < free or x + half > plot.right + 40:
            continue
        drawn.append(f'<text x="{x:.1f}" y="{plot.bottom + 18:.1f}" text-anchor="middle">{escape(name)}</text>')
        drawn.append(f'<path class="trend-grid" d="M{x:.1f} {plot.bottom:.1f}v5"/>')
        free = x + half + 10
    return drawn


def _band(plot: Plot, expected: Expected) -> str:
    """What is to be kept: up to the edge of the plot where one end is open."""
    if expected.low is None and expected.high is None:
        return ""
    top = plot.up(expected.high) if is_drawable(expected.high) else plot.top
    low = plot.up(expected.low) if is_drawable(expected.low) else plot.bottom
    edges = [
        f'<path class="trend-target" d="M{plot.left:.1f} {plot.up(bound):.1f}H{plot.right:.1f}"/>'
        for bound in (expected.low, expected.high)
        if is_drawable(bound)
    ]
    size = f'x="{plot.left:.1f}" y="{top:.1f}" width="{plot.right - plot.left:.1f}" height="{max(low - top, 0):.1f}"'
    return f'<rect class="trend-band" {size}/>{"".join(edges)}'


def _today(plot: Plot, through: int | None, name: str) -> str:
    if through is None:
        return ""
    x = _x(plot, through)
    anchor = "end" if x > (plot.left + plot.right) / 2 else "start"
    at = x - 5 if anchor == "end" else x + 5
    line = f'<path class="trend-pole" d="M{x:.1f} {plot.top:.1f}V{plot.bottom:.1f}"/>'
    return f'{line}<text x="{at:.1f}" y="{plot.top + 2:.1f}" text-anchor="{anchor}">{escape(name)}</text>'


def _expected(plot: Plot, expected: Expected) -> str:
    places = [f"{_x(plot, day):.1f} {plot.up(value):.1f}" for day, value in expected.line if is_drawable(value)]
    return f'<path class="trend-target" d="M{"L".join(places)}"/>' if len(places) > 1 else ""


def _line(plot: Plot, points: Sequence[Point], through: int | None, is_stepped: bool) -> list[str]:
    """The line through what was known, and the dashed one along which the last of it holds until today."""
    if not points:
        return []
    places = [(_x(plot, point.day), plot.up(point.value)) for point in points]
    path = [f"M{places[0][0]:.1f} {places[0][1]:.1f}"]
    for (_, _), (x, y) in pairwise(places):
        path.append(f"H{x:.1f}V{y:.1f}" if is_stepped else f"L{x:.1f} {y:.1f}")
    drawn = [f'<path class="trend-line" d="{"".join(path)}"/>'] if len(places) > 1 else []
    end = places[-1]
    if through is not None and _x(plot, through) > end[0]:
        drawn.append(f'<path class="trend-open" d="M{end[0]:.1f} {end[1]:.1f}H{_x(plot, through):.1f}"/>')
    return drawn


def _point(plot: Plot, point: Point) -> str:
    x, y = _x(plot, point.day), plot.up(point.value)
    state = f" is-{point.status}" if point.status else ""
    mark = (
        f'<circle class="trend-point{state}" cx="{x:.1f}" cy="{y:.1f}" r="5"><title>{escape(point.title)}</title>'
        "</circle>"
    )
    if not point.number:
        return mark
    above = y - 10 if y - 22 > plot.top else y + 18
    return f'{mark}<text class="course-number" x="{x:.1f}" y="{above:.1f}" text-anchor="middle">{point.number}</text>'


def _labels(plot: Plot, points: Sequence[Point], expected: Expected, last: str, name: str) -> list[Label]:
    labels = [Label(plot.up(points[-1].value), last, "trend-last")] if points else []
    bounds = [bound for bound in (expected.high, expected.low) if is_drawable(bound)]
    if expected.line:
        labels.append(Label(plot.up(expected.line[-1][1]), name))
    elif bounds:
        labels.append(Label(plot.up(bounds[0]), name))
    return labels


def _x(plot: Plot, day: int) -> float:
    return plot.across[min(max(day, 0), len(plot.across) - 1)]
