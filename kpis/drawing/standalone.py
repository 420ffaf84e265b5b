"""A picture on its own, outside of any page: with its title, on white, in colours of its own."""

import re
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
.trend-point.is-on_track { fill: #1a8a50 }
.move-name { font-weight: 600; fill: #1d2430 }
.move-target { fill: none; stroke: #5b6472; stroke-width: 2 }
.line { fill: none; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }
.line-name { font-weight: 500 }
.line-0 .line { stroke: #2f55c8 }
.line-1 .line { stroke: #b4450e; stroke-dasharray: 7 3 }
.line-2 .line { stroke: #0d7a6f; stroke-dasharray: 2 3 }
.line-3 .line { stroke: #8e3aa8; stroke-dasharray: 9 3 2 3 }
.line-4 .line { stroke: #7a6200; stroke-dasharray: 4 2 }
.line-5 .line { stroke: #5b6472; stroke-dasharray: 5 4 }
.line-0 .line-point, .line-name.line-0 { fill: #2f55c8 }
.line-1 .line-point, .line-name.line-1 { fill: #b4450e }
.line-2 .line-point, .line-name.line-2 { fill: #0d7a6f }
.line-3 .line-point, .line-name.line-3 { fill: #8e3aa8 }
.line-4 .line-point, .line-name.line-4 { fill: #7a6200 }
.line-5 .line-point, .line-name.line-5 { fill: #5b6472 }
.spark-line { fill: none; stroke: #5b6472; stroke-width: 15; stroke-linecap: round; stroke-linejoin: round }
.spark-target { fill: none; stroke: #5b6472; stroke-width: 10; stroke-dasharray: 20 20; opacity: 0.75 }
.spark-end { fill: #2f55c8 }
.tree-node, .lane { color: #5b6472 }
.status-on_track { color: #1a8a50 }
.status-at_risk { color: #bc7a00 }
.status-off_track { color: #cf3232 }
.tree-link { fill: none; stroke: #b8bfcb; stroke-width: 1.5 }
.tree-link.is-operand { stroke-dasharray: 4 4 }
.tree-box { fill: #fff; stroke: #e1e4ea }
.tree-edge { fill: #c9ced8 }
.tree-edge.status-on_track { fill: #1a8a50 }
.tree-edge.status-at_risk { fill: #bc7a00 }
.tree-edge.status-off_track { fill: #cf3232 }
.tree-name { font-size: 13px; font-weight: 600; fill: #1d2430 }
.tree-value { font-size: 16px; font-weight: 600; fill: #1d2430 }
.tree-word { font-size: 11px; font-weight: 500; fill: currentcolor }
.tree-note { font-size: 11px; fill: #5b6472 }
.tree-node.is-focus .tree-box { stroke: #2f55c8; stroke-width: 2 }
.tree-node.is-changed .tree-box { stroke: #2f55c8; stroke-dasharray: 5 3 }
.tree-node.is-dim .tree-box { fill: #f0f2f5 }
.is-dim .tree-edge, .is-dim .tree-mark, .is-dim .spark { opacity: 0.3 }
.is-dim .tree-name, .is-dim .tree-value, .is-dim .tree-word { font-weight: 400; fill: #5b6472 }
.tree-flag { fill: #2f55c8 }
.tree-flag-word { font-size: 10px; font-weight: 600; fill: #fff }
.lane-box { fill: #f0f2f5; stroke: #e1e4ea }
.lane-name { font-size: 14px; font-weight: 600; fill: #1d2430 }
"""
SIZE: Final = re.compile(r' viewBox="0 0 (\d+) (\d+)"')
OWN_SIZE: Final = re.compile(r' (?:width|height)="\d+"')


def size_of(picture: str) -> tuple[int, int]:
    """Width and height of a drawing in pixels, from its first tag."""
    found = SIZE.search(picture)
    if found is None:
        raise ValueError("A drawing begins with a tag that has a viewBox from 0 0.")
    return int(found[1]), int(found[2])


def standalone(picture: str, *, title: str, note: str, width: int, height: int) -> str:
    """Return ``picture`` (SVG of these pixels, as the drawings make it) as a document with ``title`` above it and
    ``note`` below it.
    """
    across, down = width + 2 * MARGIN, height + 2 * MARGIN + TITLE + NOTE
    placed = f'<svg x="{MARGIN}" y="{MARGIN + TITLE}" width="{width}" height="{height}" '
    head, end, rest = picture.partition(">")
    inner = f"{OWN_SIZE.sub('', head).replace('<svg ', placed, 1)}{end}{rest}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{down}" viewBox="0 0 {across} {down}">'
        f"<style>{STYLE}</style>"
        f'<rect width="{across}" height="{down}" fill="#fff"/>'
        f'<text class="standalone-title" x="{MARGIN}" y="{MARGIN + 15}">{escape(title)}</text>'
        f"{inner}"
        f'<text x="{MARGIN}" y="{down - MARGIN}">{escape(note)}</text>'
        "</svg>"
    )
