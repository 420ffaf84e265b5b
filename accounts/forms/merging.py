"""Two people may change one thing at a time: what one of them leaves alone stays as the other has put it.

A form tells the page what it showed, and the page sends that back. A field that still holds what was shown takes what
is stored by now; one that both have changed is refused once, with what the other has put there.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

SHOWN = "shown"
LONGEST = 300  # of a text that an error quotes


class MergingForm(forms.BaseForm):
    """A form of something that is stored, made by ``merged``; one whose fields only suggest has ``is_stored`` false."""

    is_stored = True
    shown = ""

    @property
    def shown_field(self) -> SafeString:
        """What the page sends back beside the fields; nothing where the form is of something new."""
        return (
            format_html('<input type="hidden" name="{}" value="{}">', SHOWN, self.shown) if self.shown else SafeString()
        )


FormT = TypeVar("FormT", bound=MergingForm)


def merged(make: Callable[[QueryDict | None], FormT], data: QueryDict | None, **beside: str) -> FormT:
    """``make(data)``, where nobody else's changes since the page was opened are undone by ``data``.

    ``beside`` is what is stored and edited in rows next to the fields, in words by its name: it is taken as it was
    sent, and refused once where it is not any more what was shown.
    """
    stored = make(None)
    now = (_texts(stored) if stored.is_stored else {}) | beside
    form, overtaken = (stored, {}) if data is None else _settled(make, data, stored, now)
    form.shown = json.dumps(now)
    for name, text in overtaken.items():
        form.add_error(None, _overtaken(form, name, text))  # its field may be folded away
    return form


def _settled(
    make: Callable[[QueryDict | None], FormT], data: QueryDict, stored: FormT, now: Mapping[str, str]
) -> tuple[FormT, dict[str, str]]:
    """The form of what was sent, with others' changes where it was left alone; and what both changed, as it is now."""
    settled, overtaken = data.copy(), {}
    for name, before in _shown(data).items():
        if now.get(name, before) == before:
            continue
        typed = _typed(stored, name, data) if name in stored.fields else None
        if typed == before:
            _put(settled, stored, name, now[name])
        elif typed != now[name]:
            overtaken[name] = now[name]
    return make(settled), overtaken


def _shown(data: QueryDict) -> dict[str, str]:
    """What the page was shown; nothing where it does not say, as programs don't."""
    try:
        shown = json.loads(data.get(SHOWN, ""))
    except (ValueError, RecursionError):
        return {}
    return {name: str(text) for name, text in shown.items()} if isinstance(shown, dict) else {}


def _texts(form: forms.BaseForm) -> dict[str, str]:
    return {bound.name: _text(bound.field.widget, bound.value()) for bound in form}


def _typed(form: forms.BaseForm, name: str, data: QueryDict) -> str:
    widget = form.fields[name].widget
    return _text(widget, widget.value_from_datadict(data, {}, form.add_prefix(name)))


def _put(data: QueryDict, form: forms.BaseForm, name: str, text: str) -> None:
    if text or not isinstance(form.fields[name].widget, forms.CheckboxInput):
        data[form.add_prefix(name)] = text.replace("\n", "\r\n")  # as browsers send it
    else:
        data.pop(form.add_prefix(name), None)


def _text(widget: Any, value: Any) -> str:
    """A value as its widget writes it, and the browser sends it back."""
    if isinstance(widget, forms.CheckboxInput):
        return "on" if widget.check_test(value) else ""
    written = widget.format_value(value)
    parts = written if isinstance(written, list) else [written]
    return "\n".join(str(part) for part in parts if part is not None).replace("\r\n", "\n")


def _overtaken(form: forms.BaseForm, name: str, text: str) -> str:
    is_field = name in form.fields
    offered = getattr(form.fields[name].widget, "choices", ()) if is_field else ()
    choices = {str(key): str(label) for key, label in offered}
    said = Truncator(choices.get(text, text).strip()).chars(LONGEST)
    what, its = (f"“{form[name].label}”", "its") if is_field else (f"Its {name}", "their")
    became = f"“{said}”" if said else "empty"
    return f"{what} became {became} while you were editing. Save again to put yours in {its} place."
