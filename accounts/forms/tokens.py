"""The form of a new API token."""

import datetime as dt

from django import forms

from accounts.models import Scope


class TokenForm(forms.Form):
    name = forms.CharField(max_length=120, help_text="What it is for, such as “Nightly warehouse job”.")
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        label="What it may do",
        initial=[Scope.MEASUREMENTS],
        error_messages={"required": "Choose at least one thing the token may do."},
    )
    lifetime = forms.TypedChoiceField(
        label="Expires",
        choices=[("30", "In 30 days"), ("90", "In 90 days"), ("365", "In a year"), ("", "Never")],
        coerce=int,
        empty_value=None,
        required=False,
        initial="365",
    )

    def expires_at(self, now: dt.datetime) -> dt.datetime | None:
        """The chosen lifetime counted from ``now``."""
        days = self.cleaned_data["lifetime"]
        return None if days is None else now + dt.timedelta(days=days)
