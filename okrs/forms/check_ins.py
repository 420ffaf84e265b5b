"""Checking in: a value where people report it, how sure one is, and what there is to say."""

import datetime as dt
from typing import Any

from django import forms

from kpis.forms.dates import date_field
from kpis.forms.numbers import NumberField
from okrs.actions.checking_in import LONGEST_COMMENT
from okrs.models import CheckIn, KeyResult
from okrs.models.choices import Confidence


class CheckInForm(forms.Form):
    """One check-in. It takes no value where data or milestones move the key result."""

    confidence = forms.ChoiceField(
        label="How sure are you that it will be reached?", choices=Confidence.choices, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea({"rows": 2, "placeholder": "What moved it, what stands in the way, what comes next"}),
    )
    on = date_field(label="As of")

    def __init__(
        self, data: Any = None, *, key_result: KeyResult, today: dt.date, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={"on": today, **(initial or {})}, auto_id="check_in_%s")
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        if key_result.takes_values:
            self.fields["value"] = NumberField(is_percent=key_result.unit == "percent", required=False, label="Value")
        self.order_fields(["value", "confidence", "comment", "on"])

    def values(self) -> dict[str, Any]:
        """What ``check_in`` and ``correct_check_in`` take."""
        return dict(self.cleaned_data)


def initial_of(said: CheckIn) -> dict[str, Any]:
    """A check-in ready to be corrected."""
    return {name: getattr(said, name) for name in ("on", "value", "confidence", "comment")}
