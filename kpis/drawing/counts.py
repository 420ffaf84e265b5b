"""How many KPIs have which status, as one bar: the small multiple of departments."""

from collections.abc import Mapping
from html import escape

from kpis.drawing.status import STATUSES

GAP = 2


def status_bar(counts: Mapping[str, int], *, width: int = 160, height: int = 10, label: str = "") -> str:
    """Return a bar whose parts are as wide as their counts, the best status first.

    Sizes are pixels. ``label`` names the picture; without it is hidden, for places where the counts stand beside it.
    """
    present = [(key, counts[key]) for key in STATUSES if counts.get(key)]
    room = width - GAP * max(len(present) - 1, 0)
    scale = room / sum(count for _, count in present) if present else 0.0
    parts, x = [f'<rect class="bullet-track" width="{width}" height="{height}" rx="2"/>'] if not present else [], 0.0
    for key, count in present:
        drawn = f'<rect class="status-part" x="{x:.1f}" width="{count * scale:.1f}" height="{height}" rx="2"/>'
        parts.append(f'<g class="status-{key}">{drawn}</g>')
        x += count * scale + GAP
    naming = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" preserveAspectRatio="none"'
    return f'<svg class="status-bar" {size} {naming}>{"".join(parts)}</svg>'
