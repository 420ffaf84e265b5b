"""The bullet bar: a value against its target and floor, after Stephen Few's bullet graph (Information Dashboard
Design, 2006).
"""

from html import escape

from kpis.drawing.scale import extent, is_drawable, linear


def bullet(
    value: float | None,
    target: float | None,
    floor: float | None = None,
    *,
    low: float | None = None,
    high: float | None = None,
    width: int = 160,
    height: int = 14,
    label: str = "",
) -> str:
    """Return a bar from zero to ``value``, a tick at ``target``, and a zone from ``floor`` to ``target`` (or from
    ``low`` to ``high``).

    The bar always starts at zero, so lengths compare. Sizes are pixels; ``label`` names the picture, without it is
    hidden.
    """
    ends = extent((value, target, floor, low, high))
    smallest, largest = (min(ends[0], 0.0), max(ends[1], 0.0)) if ends else (0.0, 1.0)
    margin = (largest - smallest) * 0.06
    across = linear(smallest - (margin if smallest < 0 else 0), largest + (margin if largest > 0 else 0), 0, width)
    zone = (low, high) if low is not None or high is not None else (floor, target)
    parts = [f'<rect class="bullet-track" width="{width}" height="{height}" rx="2"/>']
    if is_drawable(zone[0]) and is_drawable(zone[1]):
        parts.append(_bar("bullet-zone", across(zone[0]), across(zone[1]), 0, height))
    if is_drawable(value):
        parts.append(_bar("bullet-value", across(0.0), across(value), height * 0.3, height * 0.4))
    if is_drawable(target):
        parts.append(f'<rect class="bullet-target" x="{across(target) - 1:.1f}" width="2" height="{height}"/>')
    naming = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" preserveAspectRatio="none"'
    return f'<svg class="bullet" {size} {naming}>{"".join(parts)}</svg>'


def _bar(kind: str, start: float, end: float, top: float, height: float) -> str:
    left, right = min(start, end), max(start, end)
    return f'<rect class="{kind}" x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{height:.1f}"/>'
