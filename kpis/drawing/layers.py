"""What can be laid over a trend: a forecast, process limits with their signals, notes on dates, benchmarks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from kpis.drawing.plot import Format, Label, Plot, lines, steps
from kpis.drawing.scale import is_drawable

FLAG = 16  # the height of a numbered flag
MARK = 9  # from the middle of a signal's mark to its corners

Line = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Cone:
    """A forecast with its interval, one entry per period of the trend, None where nothing is forecast."""

    mean: Line
    low: Line
    high: Line


@dataclass(frozen=True, slots=True)
class LimitLines:
    """Process limits per period, None where none hold; ``signals`` says by period what is unusual there."""

    centre: Line
    lower: Line
    upper: Line
    signals: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Flag:
    """A note on the period ``at``, numbered as in the list beside the chart."""

    at: int
    number: int
    text: str
    is_change: bool = False


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What others reach: a median and, if known, the quartiles around it."""

    name: str
    median: float
    low: float | None = None
    high: float | None = None
    is_dated: bool = False


@dataclass(frozen=True, slots=True)
class Layers:
    """What is laid over a trend; nothing by default."""

    cone: Cone | None = None
    limits: LimitLines | None = None
    flags: Sequence[Flag] = ()
    yardsticks: Sequence[Yardstick] = ()

    def numbers(self) -> list[float | None]:
        """Everything that must have a place on the axis."""
        found: list[float | None] = []
        for shown in (self.cone and (self.cone.mean, self.cone.low, self.cone.high), self.limits and _all(self.limits)):
            found += [number for line in shown or () for number in line]
        for stick in self.yardsticks:
            found += [stick.median, stick.low, stick.high]
        return found

    def behind(self, plot: Plot, format_value: Format) -> list[str]:
        """What lies under the line of values."""
        return [*_yardsticks(plot, self.yardsticks, format_value), *_cone(plot, self.cone), *_limits(plot, self.limits)]

    def above(self, plot: Plot, values: Line) -> list[str]:
        """What lies over it."""
        return [*_signals(plot, self.limits, values), *_flags(plot, self.flags)]

    def labels(self, plot: Plot, format_value: Format) -> list[Label]:
        """Words beside the ends of the lines."""
        found = []
        if self.cone and (end := _end(self.cone.mean)) is not None:
            found.append(Label(plot.up(end), format_value(end), "trend-said"))
        if self.limits:
            names = (("Upper limit", self.limits.upper), ("Lower limit", self.limits.lower))
            found += [Label(plot.up(end), name) for name, line in names if (end := _end(line)) is not None]
        found += [Label(plot.up(stick.median), stick.name) for stick in self.yardsticks if is_drawable(stick.median)]
        return found

    def label_texts(self, format_value: Format) -> list[str]:
        """The same words, for which room is made."""
        end = _end(self.cone.mean) if self.cone else None
        said = [format_value(end)] if end is not None else []
        return [*said, *(["Upper limit"] if self.limits else []), *(stick.name for stick in self.yardsticks)]


NO_LAYERS = Layers()


def _all(limits: LimitLines) -> tuple[Line, ...]:
    return limits.centre, limits.lower, limits.upper


def _end(line: Line) -> float | None:
    return next((value for value in reversed(line) if is_drawable(value)), None)


def _drawn(line: Line) -> list[float | None]:
    return [value if is_drawable(value) else None for value in line]


def _cone(plot: Plot, cone: Cone | None) -> list[str]:
    if cone is None:
        return []
    ends = [
        (x, plot.up(low), plot.up(high))
        for x, low, high in zip(plot.across, _drawn(cone.low), _drawn(cone.high), strict=True)
        if low is not None and high is not None
    ]
    if not ends:
        return []
    there = [f"{x:.1f} {high:.1f}" for x, _, high in ends]
    back = [f"{x:.1f} {low:.1f}" for x, low, _ in reversed(ends)]
    if len(ends) == 1:
        x, low, high = ends[0]
        half = plot.half / 2
        there, back = (
            [f"{x - half:.1f} {high:.1f}", f"{x + half:.1f} {high:.1f}"],
            [f"{x + half:.1f} {low:.1f}", f"{x - half:.1f} {low:.1f}"],
        )
    return [
        f'<path class="trend-cone" d="M{"L".join([*there, *back])}z"/>',
        f'<path class="trend-forecast" d="{lines(plot, _drawn(cone.mean))}"/>',
    ]


def _limits(plot: Plot, limits: LimitLines | None) -> list[str]:
    if limits is None:
        return []
    kinds = (
        ("trend-centre", limits.centre),
        ("trend-limit", limits.lower),
        ("trend-limit", limits.upper),
    )
    paths = ((kind, steps(plot, _drawn(line))) for kind, line in kinds)
    return [f'<path class="{kind}" d="{path}"/>' for kind, path in paths if path]


def _signals(plot: Plot, limits: LimitLines | None, values: Line) -> list[str]:
    """A diamond around each unusual point."""
    marks = []
    for at, said in sorted((limits.signals if limits else {}).items()):
        value = values[at]
        if not is_drawable(value):
            continue
        x, y = plot.across[at], plot.up(value)
        shape = f"M{x:.1f} {y - MARK:.1f}l{MARK} {MARK}l-{MARK} {MARK}l-{MARK}-{MARK}z"
        marks.append(f'<path class="trend-signal" d="{shape}"><title>{escape(said)}</title></path>')
    return marks


def _flags(plot: Plot, flags: Sequence[Flag]) -> list[str]:
    """Numbered flags at the top, a line down from each; those of one period below each other."""
    drawn, count = [], dict[int, int]()
    for flag in flags:
        place = count[flag.at] = count.get(flag.at, -1) + 1
        x, y = plot.across[flag.at], plot.top + place * (FLAG + 2)
        width = 10 + 7 * len(str(flag.number))
        side = -1 if x + width > plot.right else 1  # the last period's flag flies to the left
        kind = "trend-flag is-change" if flag.is_change else "trend-flag"
        cloth = f"M{x:.1f} {y:.1f}h{side * width}l{-side * 4} {FLAG / 2:.0f}l{side * 4} {FLAG / 2:.0f}h{-side * width}z"
        middle = x + side * (width - 4) / 2
        drawn.append(
            f'<g class="{kind}"><title>{escape(flag.text)}</title>'
            f'<path class="trend-pole" d="M{x:.1f} {y:.1f}V{plot.bottom:.1f}"/><path class="trend-cloth" d="{cloth}"/>'
            f'<text x="{middle:.1f}" y="{y + FLAG - 4:.1f}" text-anchor="middle">{flag.number}</text></g>'
        )
    return drawn


def _yardsticks(plot: Plot, sticks: Sequence[Yardstick], format_value: Format) -> list[str]:
    drawn = []
    for stick in sticks:
        if not is_drawable(stick.median):
            continue
        kind = "trend-yardstick is-dated" if stick.is_dated else "trend-yardstick"
        said = [f"{stick.name}: {format_value(stick.median)}"]
        band = ""
        if is_drawable(stick.low) and is_drawable(stick.high):
            top, bottom = plot.up(stick.high), plot.up(stick.low)
            corners = f"M{plot.left:.1f} {top:.1f}H{plot.right:.1f}V{bottom:.1f}H{plot.left:.1f}z"
            band = f'<path class="trend-quartiles" d="{corners}"/>'
            said.append(f"half lie between {format_value(stick.low)} and {format_value(stick.high)}")
        line = f'<path class="trend-median" d="M{plot.left:.1f} {plot.up(stick.median):.1f}H{plot.right:.1f}"/>'
        drawn.append(f'<g class="{kind}"><title>{escape("; ".join(said))}</title>{band}{line}</g>')
    return drawn
