"""Template tags that show statuses, numbers and pictures: thin wrappers of ``kpis.drawing``."""

from collections.abc import Mapping, Sequence

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from kpis.drawing import bullet as bullets
from kpis.drawing import counts as bars
from kpis.drawing import lanes, numbers
from kpis.drawing import sparkline as sparklines
from kpis.drawing import status as statuses
from kpis.drawing import tree as trees
from kpis.drawing import trend as trends
from kpis.drawing.frame import either

register = template.Library()

# The pictures escape every text they are given, so their result is safe.


@register.simple_tag
def status_mark(status: str, badge: bool = False, note: str = "") -> SafeString:
    """Show a status as shape, word and colour."""
    return mark_safe(statuses.status_mark(status, badge=badge, note=conditional_escape(note)))  # noqa: S308


@register.simple_tag
def value(number: float | None, unit: str, decimals: int | None = None, short: bool = False) -> SafeString:
    """Show a number, its unit quieter than its figure."""
    return mark_safe(numbers.show(number, unit, decimals, short=short).as_html())  # noqa: S308


@register.simple_tag
def change(
    number: float | None, base: float | None, unit: str, direction: str = "", decimals: int | None = None
) -> str:
    """Show how a number differs from an earlier one, signed, coloured by whether that is good for the KPI."""
    text = numbers.show_change(number, base, unit, decimals)
    if not text or number is None or base is None:
        return text
    css = {True: "good", False: "bad", None: "quiet"}[numbers.is_improvement(number, base, direction)]
    return format_html('<span class="value {} nowrap">{}</span>', css, text)


@register.simple_tag
def sparkline(
    values: Sequence[float | None], target: float | Sequence[float | None] | None = None, label: str = ""
) -> SafeString:
    """Draw the last periods of a value."""
    return mark_safe(sparklines.sparkline(values, target, label=label))  # noqa: S308


@register.simple_tag
def bullet(
    number: float | None,
    target: float | None,
    floor: float | None = None,
    low: float | None = None,
    high: float | None = None,
    label: str = "",
) -> SafeString:
    """Draw a value against its target and floor, or its band."""
    return mark_safe(bullets.bullet(number, target, floor, low=low, high=high, label=label))  # noqa: S308


@register.simple_tag
def trend(points: Sequence[trends.TrendPoint], unit: str, label: str, decimals: int | None = None) -> SafeString:
    """Draw a value over its periods twice, for wide and for narrow places, of which the style sheet shows one."""

    def full(number: float) -> str:
        return str(numbers.show(number, unit, decimals))

    def short(number: float) -> str:
        return str(numbers.show(number, unit, decimals, short=True))

    def axis(ticks: Sequence[float]) -> list[str]:
        return numbers.show_axis(ticks, unit, decimals)

    wide = trends.trend(
        points, format_value=full, format_axis=axis, label=label, width=680, height=270, kind="trend-wide"
    )
    narrow = trends.trend(
        points, format_value=short, format_axis=axis, label=label, width=330, height=210, kind="trend-narrow"
    )
    return mark_safe(either(wide, narrow))  # noqa: S308


@register.simple_tag
def status_bar(counts: Mapping[str, int], label: str = "") -> SafeString:
    """Draw how many KPIs have which status."""
    return mark_safe(bars.status_bar(counts, label=label))  # noqa: S308


@register.simple_tag
def ladder_tree(roots: Sequence[trees.TreeNode], label: str) -> SafeString:
    """Draw KPIs as a tree, in a container that scrolls sideways."""
    return _scrolling(trees.tree(roots, label=label), label)


@register.simple_tag
def ladder_lanes(drawn: tuple[lanes.Lane, Sequence[lanes.Lane]], label: str) -> SafeString:
    """Draw KPIs in the lanes of their departments, the company's above them, in a container that scrolls sideways."""
    return _scrolling(lanes.lanes(*drawn, label=label), label)


def _scrolling(picture: str, label: str) -> SafeString:
    frame = '<div class="tree-scroll" id="tree" tabindex="0" role="region" aria-label="{}">{}</div>'
    return format_html(frame, label, mark_safe(picture))  # noqa: S308
