"""Whose check-ins are shown."""

from typing import Any

from django import forms

EVERYBODY, LED = "all", "led"


class TeamForm(forms.Form):
    department = forms.ChoiceField(label="Whose", required=False)

    def __init__(self, data: Any = None, *, leads: bool, departments: list[tuple[Any, str]]) -> None:
        super().__init__(data, auto_id="team_%s")
        led = [(LED, "People I lead")] if leads else []
        own = [(str(pk), name) for pk, name in departments]
        field: Any = self.fields["department"]
        field.choices = [*led, (EVERYBODY, "Everybody"), *own]
        field.widget.attrs["class"] = "form-select"
