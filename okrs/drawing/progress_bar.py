"""The progress bar: how far something is, with a tick where it should be by now."""

from html import escape
from typing import Final

from kpis.drawing.scale import is_drawable

REACH: Final = 7.0  # how far an arrow stands out that says "further than drawn"


def progress_bar(
    progress: float | None,
    expected: float | None = None,
    status: str = "",
    *,
    width: int = 160,
    height: int = 10,
    label: str = "",
) -> str:
    """Return a bar from 0 to 100 %, filled to ``progress`` in the colour of ``status``, with a tick at ``expected``.

    Both are fractions. Progress below 0 or above 1 fills nothing or all, and an arrow says that it went further. Sizes
    are pixels; the style sheet may stretch the width. ``label`` names the picture, without it is hidden.
    """
    parts = [f'<rect class="progress-track" width="{width}" height="{height}" rx="{height / 2:g}"/>']
    if is_drawable(progress):
        parts += _fill(progress, width, height)
    if is_drawable(expected):
        at = min(max(expected, 0.0), 1.0) * (width - 2)
        parts.append(f'<rect class="progress-halo" x="{at - 2:.1f}" y="-3" width="6" height="{height + 6}"/>')
        parts.append(f'<rect class="progress-tick" x="{at:.1f}" y="-3" width="2" height="{height + 6}"/>')
    naming = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" preserveAspectRatio="none"'
    kind = f"progress-bar-drawn status-{escape(status)}" if status else "progress-bar-drawn"
    return f'<svg class="{kind}" {size} {naming}>{"".join(parts)}</svg>'


def _fill(progress: float, width: int, height: int) -> list[str]:
    """The filled part, and an arrow at the end beyond which the progress lies."""
    filled = min(max(progress, 0.0), 1.0) * width
    parts = []
    if filled:
        rounding = min(height, filled) / 2
        parts.append(f'<rect class="progress-fill" width="{filled:.1f}" height="{height}" rx="{rounding:.1f}"/>')
    middle = height / 2
    if progress < 0:
        parts.append(f'<path class="progress-back" d="M{REACH + 3:g} 1V{height - 1}L3 {middle:g}z"/>')
    elif progress > 1:
        tip = width - 3
        parts.append(f'<path class="progress-beyond" d="M{tip - REACH:g} 1V{height - 1}L{tip:g} {middle:g}z"/>')
    return parts
