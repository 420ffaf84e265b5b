"""Template tags of the frame and of forms, loaded as ``frame``."""

from functools import cache
from typing import Any

from django import template
from django.core.paginator import Paginator
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw an icon of the sprite (the names are listed in ``config/frontend/icons.json``); words beside it say what it
    means.
    """
    return _drawn(name, f"icon {css}".strip())


@cache
def _drawn(name: str, classes: str) -> SafeString:
    """A page has a hundred of them, and of those not many that differ."""
    address = f"{static('dist/icons.svg')}#{name}"
    return format_html('<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"/></svg>', classes, address)


@register.inclusion_tag("_field.html")
def field(bound: BoundField, label: str = "", help_text: str = "") -> dict[str, Any]:
    """Show a form's field with label, control, help and errors, tied together for screen readers."""
    if _kind(bound) == "choices":
        bound.field.widget.attrs["class"] = (
            "form-check-input"  # the choices are drawn one by one, from the widget's own
        )
    return {
        "field": bound,
        "label": label or bound.label,
        "help_text": help_text or bound.help_text,
        "kind": _kind(bound),
        "control": bound.as_widget(attrs=_attributes(bound, help_text)),
    }


def _kind(bound: BoundField) -> str:
    match bound.field.widget:
        case RadioSelect() | CheckboxSelectMultiple():
            return "choices"
        case CheckboxInput():
            return "check"
    return "control"


def _attributes(bound: BoundField, help_text: str) -> dict[str, str | bool]:
    """The control's class, and the help that is given in the template instead of the form."""
    widget = bound.field.widget
    css = {"choices": "form-check-input", "check": "form-check-input"}.get(_kind(bound))
    css = css or ("form-select" if isinstance(widget, Select) else "form-control")
    attributes: dict[str, str | bool] = {
        "class": f"{css} {'is-invalid' if bound.errors else ''} {widget.attrs.get('class', '')}".strip()
    }
    if help_text and not bound.help_text:
        attributes["aria-describedby"] = f"{bound.auto_id}_helptext"
    return attributes


@register.filter
def page_numbers(paginator: "Paginator[Any]", current: int) -> list[int | None]:
    """The page numbers to link to, ``None`` where some are left out."""
    shown = paginator.get_elided_page_range(current, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in shown]
