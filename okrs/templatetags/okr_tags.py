"""Template tags that show progress: thin wrappers of ``okrs.drawing``."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from okrs.drawing import alignment as trees
from okrs.drawing import progress_bar as bars

register = template.Library()

# The pictures escape every text they are given, so their result is safe.


@register.simple_tag
def progress_bar(
    progress: float | None, expected: float | None = None, status: str = "", label: str = ""
) -> SafeString:
    """Draw how far something is, with a tick where it should be by now."""
    return mark_safe(bars.progress_bar(progress, expected, status, label=label))  # noqa: S308


@register.simple_tag
def alignment_tree(roots: Sequence[trees.Box], label: str) -> SafeString:
    """Draw how objectives serve each other, in a container that scrolls sideways."""
    frame = '<div class="tree-scroll" id="tree" tabindex="0" role="region" aria-label="{}">{}</div>'
    return format_html(frame, label, mark_safe(trees.alignment(roots, label=label)))  # noqa: S308
