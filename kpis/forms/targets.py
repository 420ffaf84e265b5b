"""The target editor: a row for each change of the target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet

from kpis.actions.targets import TargetRow
from kpis.forms.numbers import NumberField
from kpis.forms.rows import Rows
from kpis.models import Kpi, Target
from kpis.models.choices import Direction

NUMBERS = ("target", "floor", "low", "high")


class TargetForm(forms.Form):
    """One row; an empty one is left out. The unit decides how its numbers are read."""

    effective_from = forms.DateField(
        label="From", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, kpi: Kpi, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"target": "Target", "floor": "Red flag", "low": "At least", "high": "At most"}
        for name in numbers_of(kpi):
            self.fields[name] = NumberField(
                is_percent=kpi.unit == "percent", decimals=kpi.decimals, required=False, label=labels[name]
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        given = [name for name in NUMBERS if cleaned.get(name) is not None]
        if given and not cleaned.get("effective_from") and "effective_from" not in self.errors:
            self.add_error("effective_from", "From when on?")
        return cleaned

    def row(self) -> TargetRow | None:
        """What was typed, None for an empty row or one to be removed."""
        target, floor, low, high = (self.cleaned_data.get(name) for name in NUMBERS)
        start: dt.date | None = self.cleaned_data.get("effective_from")
        is_empty = all(number is None for number in (target, floor, low, high))
        if start is None or is_empty or self.cleaned_data.get("DELETE"):
            return None
        return TargetRow(start, target, floor, low, high)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=500,
        help_text="Needed where a target that was already promised changes: of a period that is over, or an easier one "
        "for the period that runs. The original stays known.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )


TargetFormSet = forms.formset_factory(TargetForm, formset=Rows, extra=1, can_delete=True, max_num=200)


def target_forms(
    kpi: Kpi, stored: Iterable[Target], data: Any = None, *, suggested: dt.date
) -> BaseFormSet[TargetForm]:
    """The rows that are stored and an empty one, which starts on ``suggested`` where there is no row yet."""
    rows = [{name: getattr(row, name) for name in ("effective_from", *NUMBERS)} for row in stored]
    formset = TargetFormSet(data, initial=rows, prefix="rows", form_kwargs={"kpi": kpi})
    if not rows and data is None:
        formset.forms[0].initial = {"effective_from": suggested}
    return formset


def numbers_of(kpi: Kpi) -> tuple[str, ...]:
    """Which numbers a target of this KPI has."""
    return ("low", "high") if kpi.direction == Direction.BETWEEN else ("target", "floor")
