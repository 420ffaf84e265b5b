"""A select for thousands of choices: Django's own renders a template for each of them."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe


class LongSelect(forms.Select):
    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        given = flatatt(self.build_attrs({**self.attrs, "name": name}, attrs))
        options = "".join(_option(str(key), str(label), chosen) for key, label in self.choices)
        return format_html("<select{}>{}</select>", given, mark_safe(options))  # noqa: S308 - escaped one by one


def _option(key: str, label: str, chosen: str) -> str:
    return f'<option value="{escape(key)}"{" selected" if key == chosen else ""}>{escape(label)}</option>'
