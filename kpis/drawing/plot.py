"""The plot of a chart over periods: where its edges, periods and values are, its axis, its names and labels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from kpis.drawing.scale import Place, linear

Format = Callable[[float], str]
# All values beside an axis together, so that no two look alike.
FormatAxis = Callable[[Sequence[float]], Sequence[str]]
TEXT_WIDTH = 6.6  # of a 12 px figure in the page's type, on average
LABEL_GAP = 15


@dataclass(frozen=True, slots=True)
class Plot:
    """Pixels of the plot's edges, and the places of periods (``across``) and values (``up``)."""

    left: float
    right: float
    top: float
    bottom: float
    up: Place
    across: Sequence[float]

    @property
    def half(self) -> float:
        """Half the distance between two periods: what holds for a period holds that far around it."""
        return (self.right - self.left) / max(len(self.across), 1) / 2


@dataclass(frozen=True, slots=True)
class Label:
    """A word beside the right end of a line, at ``y``; ``kind`` is its class."""

    y: float
    text: str
    kind: str = ""


def plot_of(ticks: Sequence[float], count: int, *, left: float, right: float, height: int) -> Plot:
    """The plot of ``count`` periods between two edges, in a chart of a height."""
    top, bottom = 12.0, height - 26.0
    margin = (right - left) / max(count, 1) / 2
    place = linear(0, max(count - 1, 1), left + margin, right - margin)
    across = [place(index) for index in range(count)] if count > 1 else [(left + right) / 2] * count
    return Plot(left, right, top, bottom, linear(ticks[0], ticks[-1], bottom, top), across)


def axis(plot: Plot, ticks: Sequence[float], texts: Sequence[str]) -> list[str]:
    """Horizontal lines with their numbers at the left."""
    lines = []
    for tick, text in zip(ticks, texts, strict=True):
        y = plot.up(tick)
        kind = "trend-grid trend-zero" if tick == 0 else "trend-grid"
        lines.append(f'<path class="{kind}" d="M{plot.left:.1f} {y:.1f}H{plot.right:.1f}"/>')
        lines.append(f'<text x="{plot.left - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{escape(text)}</text>')
    return lines


def names_below(plot: Plot, names: Sequence[str]) -> list[str]:
    """Names under the axis, thinned so that they never touch, counted back from the newest."""
    longest = max(map(len, names), default=1)
    step = max(1, -int(-(longest * TEXT_WIDTH + 12) // (2 * plot.half)))
    y = plot.bottom + 18
    return [
        f'<text x="{plot.across[index]:.1f}" y="{y:.1f}" text-anchor="middle">{escape(names[index])}</text>'
        for index in range(len(names) - 1, -1, -step)
    ]


def labels_beside(plot: Plot, labels: Sequence[Label]) -> list[str]:
    """Labels at the right, moved apart from the first on, so that none covers another."""
    drawn, taken = [], list[float]()
    for label in labels:
        y = _free(label.y, taken, plot)
        taken.append(y)
        kind = f'class="{label.kind}" ' if label.kind else ""
        drawn.append(f'<text {kind}x="{plot.right + 6:.1f}" y="{y + 4:.1f}">{escape(label.text)}</text>')
    return drawn


def _free(wanted: float, taken: Sequence[float], plot: Plot) -> float:
    """The place nearest to the wanted one that is far enough from the taken ones, within the plot if there is room."""
    places = [wanted, *(y + side * LABEL_GAP for y in taken for side in (1, -1))]
    free = [y for y in places if all(abs(y - other) >= LABEL_GAP - 0.01 for other in taken)]
    within = [y for y in free if plot.top - LABEL_GAP <= y <= plot.bottom]
    return min(within or free or [wanted], key=lambda y: abs(y - wanted))


def steps(plot: Plot, values: Sequence[float | None]) -> str:
    """The path of a line that holds around each period and jumps between them; it breaks where a value is missing."""
    path: list[str] = []
    joined = False
    for x, value in zip(plot.across, values, strict=True):
        if value is None:
            joined = False
            continue
        y = plot.up(value)
        path += [f"V{y:.1f}" if joined else f"M{x - plot.half:.1f} {y:.1f}", f"H{x + plot.half:.1f}"]
        joined = True
    return "".join(path)


def lines(plot: Plot, values: Sequence[float | None]) -> str:
    """The path of straight lines from period to period; it breaks where a value is missing."""
    path: list[str] = []
    joined = False
    for x, value in zip(plot.across, values, strict=True):
        if value is not None:
            path.append(f"{'L' if joined else 'M'}{x:.1f} {plot.up(value):.1f}")
        joined = value is not None
    return "".join(path)
