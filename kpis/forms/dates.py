"""A date, picked or typed."""

from typing import Any

from django import forms


def date_field(**kwargs: Any) -> forms.DateField:
    return forms.DateField(**kwargs, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
