"""A note on a date."""

import datetime as dt
from typing import Any

from django import forms

from accounts.forms.merging import MergingForm
from kpis.forms.dates import date_field
from kpis.models import Annotation


class AnnotationForm(MergingForm, forms.Form):
    on = date_field(label="When")
    text = forms.CharField(
        label="In a few words",
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    is_process_change = forms.BooleanField(
        label="The process changed here",
        required=False,
        help_text="What is ordinary is then worked out anew from this date on.",
    )

    def __init__(self, data: Any = None, *, today: dt.date | None = None, annotation: Annotation | None = None) -> None:
        names = self.base_fields if annotation else ()
        initial = {"on": today, **{name: getattr(annotation, name) for name in names}}
        super().__init__(data, initial=initial, auto_id="annotation_%s")
