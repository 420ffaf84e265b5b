"""Marking a KPI as reviewed."""

import datetime as dt
from typing import Any

from django import forms

from kpis.actions.reviewing import LONGEST
from kpis.forms.dates import date_field


class ReviewForm(forms.Form):
    held_on = date_field(label="Reviewed on")
    decision = forms.CharField(
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 2}),
        help_text="What follows: another target, an action, archiving it. Empty: all stays as it is.",
    )
    note = forms.CharField(
        label="What was said", required=False, max_length=LONGEST, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, data: Any = None, *, today: dt.date) -> None:
        super().__init__(data, initial={"held_on": today}, auto_id="review_%s")
