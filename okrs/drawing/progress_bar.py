"""The progress bar: how far something is, with a tick where it should be by now."""

from html import escape
from typing import Final

from kpis.drawing.scale import is_drawable

REACH: Final = 7.0  # how far an arrow stands out that says "further than drawn"
BEYOND: Final = 3  # pixels by which the tick stands out above and below


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
    are pixels; lengths within are shares, so that the style sheet may stretch the width. ``label`` names the picture,
    without it is hidden.
    """
    parts = [f'<rect class="progress-track" width="100%" height="{height}" rx="{height / 2:g}"/>']
    if is_drawable(progress):
        parts += _fill(progress, height)
    if is_drawable(expected):
        at = f'x="{_share(expected):.1f}%" y="{-BEYOND}" height="{height + 2 * BEYOND}"'
        parts.append(f'<rect class="progress-halo" {at} width="6" transform="translate(-3)"/>')
        parts.append(f'<rect class="progress-tick" {at} width="2" transform="translate(-1)"/>')
    naming = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    kind = f"progress-bar-drawn status-{escape(status)}" if status else "progress-bar-drawn"
    return f'<svg class="{kind}" width="{width}" height="{height}" {naming}>{"".join(parts)}</svg>'


def _fill(progress: float, height: int) -> list[str]:
    """The filled part, and an arrow at the end beyond which the progress lies."""
    filled, middle = _share(progress), height / 2
    parts = []
    if filled:
        parts.append(f'<rect class="progress-fill" width="{filled:.1f}%" height="{height}" rx="{middle:g}"/>')
    if progress < 0:
        parts.append(f'<path class="progress-back" d="M{REACH + 3:g} 1V{height - 1}L3 {middle:g}z"/>')
    elif progress > 1:
        arrow = f'<path class="progress-beyond" d="M{-REACH - 3:g} 1V{height - 1}L-3 {middle:g}z"/>'
        parts.append(f'<svg x="100%" overflow="visible">{arrow}</svg>')
    return parts


def _share(progress: float) -> float:
    return min(max(progress, 0.0), 1.0) * 100
