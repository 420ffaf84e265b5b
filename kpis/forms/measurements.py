"""Entering one value."""

import datetime as dt

from django import forms

from kpis.forms.numbers import NumberField
from kpis.models import Kpi


class MeasurementForm(forms.Form):
    """A value of a KPI on a date, in the unit people see."""

    date = forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    note = forms.CharField(
        label="Note", required=False, max_length=500, widget=forms.TextInput({"autocomplete": "off"})
    )

    def __init__(
        self, data: object = None, *, kpi: Kpi, today: dt.date, initial: dict[str, object] | None = None
    ) -> None:
        super().__init__(data, initial=initial, auto_id="measurement_%s")  # type: ignore[arg-type]
        self.today = today
        self.fields["value"] = NumberField(is_percent=kpi.unit == "percent", decimals=kpi.decimals, label="Value")
        self.order_fields(["date", "value", "note"])

    def clean_date(self) -> dt.date:
        date: dt.date = self.cleaned_data["date"]
        if date > self.today:
            raise forms.ValidationError("This date lies ahead; a value belongs to a day that has begun.", code="future")
        return date
