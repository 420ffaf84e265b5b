"""Rows of a form, each of which can be removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.formsets import BaseFormSet

from accounts.forms.merging import MergingForm

if TYPE_CHECKING:
    RowsBase = BaseFormSet[Any]
else:
    RowsBase = BaseFormSet  # not subscriptable while the program runs


class RemoveBox(forms.CheckboxInput):
    def __init__(self) -> None:
        super().__init__(attrs={"class": "form-check-input"})


class Rows(RowsBase):
    deletion_widget = RemoveBox


class WholeForm(MergingForm, forms.Form):
    """Nothing to fill in: what is refused about the rows as a whole is shown as its errors."""
