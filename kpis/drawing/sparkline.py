"""The sparkline: the last periods of a value as a line no higher than a word."""

from collections.abc import Sequence
from html import escape

from kpis.drawing.scale import Place, is_drawable, linear

# Drawn in whole tenths of a pixel: integers format several times as fast as decimals, and lists show hundreds.
TENTHS = 10
PADDING = 30


def sparkline(
    values: Sequence[float | None],
    target: float | Sequence[float | None] | None = None,
    *,
    width: int = 104,
    height: int = 28,
    label: str = "",
) -> str:
    """Return a line of ``values`` (oldest first, ``None`` leaves a gap) with ``target`` as a hairline and the last
    value marked.

    ``target`` is one value for all periods or one per period. Sizes are pixels. With ``label`` the picture is named for
    screen readers; without it is hidden from them, for places where the same numbers stand beside it.
    """
    targets = target if isinstance(target, Sequence) else (target,)
    present = [value for value in (*values, *targets) if is_drawable(value)]
    low, high = (min(present), max(present)) if present else (0.0, 0.0)
    bottom = height * TENTHS - PADDING
    up = linear(low, high, bottom, PADDING)
    across = _columns(len(values), width)
    drawn = _target(targets, across, width, up) + _line(values, across, up)
    naming = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    size = f'viewBox="0 0 {width * TENTHS} {height * TENTHS}" width="{width}" height="{height}"'
    return f'<svg class="spark" {size} {naming}>{drawn}</svg>'


def _columns(count: int, width: int) -> list[int]:
    room = width * TENTHS - 2 * PADDING
    step = room / (count - 1) if count > 1 else 0.0
    return [int(PADDING + index * step) for index in range(count)] if count > 1 else [PADDING + room // 2] * count


def _line(values: Sequence[float | None], across: Sequence[int], up: Place) -> str:
    path: list[str] = []
    pen, end = "M", ""
    for x, value in zip(across, values, strict=True):
        if not is_drawable(value):
            pen = "M"
            continue
        y = int(up(value))
        path.append(f"M{x} {y}h0" if pen == "M" else f"L{x} {y}")  # h0: a value between two gaps shows as a dot
        pen, end = "L", f'<circle class="spark-end" cx="{x}" cy="{y}" r="25"/>'
    return f'<path class="spark-line" d="{"".join(path)}"/>{end}' if path else ""


def _target(targets: Sequence[float | None], across: Sequence[int], width: int, up: Place) -> str:
    if len(targets) == 1:
        value = targets[0]
        steps = f"M0 {int(up(value))}H{width * TENTHS}" if is_drawable(value) else ""
    else:
        steps = _steps(targets, across, up)
    return f'<path class="spark-target" d="{steps}"/>' if steps else ""


def _steps(targets: Sequence[float | None], across: Sequence[int], up: Place) -> str:
    path: list[str] = []
    pen = "M"
    for x, value in zip(across, targets, strict=False):
        if not is_drawable(value):
            pen = "M"
            continue
        y = int(up(value))
        path.append(f"M{x} {y}h0" if pen == "M" else f"H{x}V{y}")
        pen = "H"
    return "".join(path)
