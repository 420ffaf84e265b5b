"""A picture on its own, outside of any page: with its title, on white, in colours of its own."""

from html import escape
from typing import Final

MARGIN: Final = 24
TITLE: Final = 34
NOTE: Final = 22
# Those of the light theme, by the classes that the drawings use.
STYLE: Final = """
text { font-family: Inter; font-size: 12px; fill: #5b6472 }
.standalone-title { font-size: 17px; font-weight: 600; fill: #1d2430 }
.trend-grid { fill: none; stroke: #e1e4ea }
.trend-zero, .waterfall-zero { fill: none; stroke: #5b6472 }
.trend-band { fill: #5b6472; opacity: 0.12 }
.trend-line, .trend-open { fill: none; stroke: #2f55c8; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }
.trend-open { stroke-dasharray: 3 4 }
.trend-target { fill: none; stroke: #5b6472; stroke-width: 1.5; stroke-dasharray: 5 3 }
.trend-point { fill: #2f55c8; stroke: #fff; stroke-width: 1.5 }
.trend-point.is-open { fill: #fff; stroke: #2f55c8; stroke-width: 2 }
.trend-point.is-off_track { fill: #cf3232 }
.trend-point.is-at_risk { fill: #bc7a00 }
.trend-last { font-size: 13px; font-weight: 600; fill: #1d2430; stroke: #fff; stroke-width: 4; paint-order: stroke }
.trend-said { font-weight: 600; fill: #2f55c8 }
.trend-cone { fill: #2f55c8; opacity: 0.16 }
.trend-forecast { fill: none; stroke: #2f55c8; stroke-width: 2; stroke-dasharray: 1 4; stroke-linecap: round }
.trend-centre { fill: none; stroke: #5b6472; opacity: 0.7 }
.trend-limit { fill: none; stroke: #5b6472; stroke-dasharray: 8 3 2 3 }
.trend-signal { fill: none; stroke: #cf3232; stroke-width: 2 }
.trend-pole { fill: none; stroke: #5b6472; stroke-dasharray: 2 3; opacity: 0.6 }
.trend-cloth { fill: #5b6472 }
.is-change .trend-cloth { fill: #2f55c8 }
.trend-flag text { font-size: 11px; font-weight: 600; fill: #fff }
.trend-median { fill: none; stroke: #1a8a50; stroke-width: 1.5 }
.trend-quartiles { fill: #1a8a50; opacity: 0.1 }
.is-dated { opacity: 0.45 }
.is-dated .trend-median { stroke: #5b6472 }
.is-dated .trend-quartiles { fill: #5b6472 }
.waterfall-end { fill: #5b6472 }
.waterfall-good { fill: #1a8a50 }
.waterfall-bad { fill: #cf3232 }
.waterfall-plain { fill: #2f55c8 }
.waterfall-join { fill: none; stroke: #e1e4ea }
.waterfall-name { fill: #1d2430 }
.waterfall-value { font-weight: 600; fill: #1d2430 }
"""


def standalone(picture: str, *, title: str, note: str, width: int, height: int) -> str:
    """Return ``picture`` (SVG of these pixels, as the drawings make it) as a document with ``title`` above it and
    ``note`` below it.
    """
    across, down = width + 2 * MARGIN, height + 2 * MARGIN + TITLE + NOTE
    inner = picture.replace("<svg ", f'<svg x="{MARGIN}" y="{MARGIN + TITLE}" width="{width}" height="{height}" ', 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{down}" viewBox="0 0 {across} {down}">'
        f"<style>{STYLE}</style>"
        f'<rect width="{across}" height="{down}" fill="#fff"/>'
        f'<text class="standalone-title" x="{MARGIN}" y="{MARGIN + 15}">{escape(title)}</text>'
        f"{inner}"
        f'<text x="{MARGIN}" y="{down - MARGIN}">{escape(note)}</text>'
        "</svg>"
    )
