"""Template tags that show progress: thin wrappers of ``okrs.drawing``."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from okrs.drawing import progress_bar as bars

register = template.Library()

# The pictures escape every text they are given, so their result is safe.


@register.simple_tag
def progress_bar(
    progress: float | None, expected: float | None = None, status: str = "", label: str = ""
) -> SafeString:
    """Draw how far something is, with a tick where it should be by now."""
    return mark_safe(bars.progress_bar(progress, expected, status, label=label))  # noqa: S308
