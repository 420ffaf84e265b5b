"""The editor of what a KPI ladders up to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.forms.formsets import BaseFormSet

from accounts.forms.merging import MergingForm
from kpis.actions.links import LinkSpec
from kpis.forms.choices import Choices, choose_from, optional
from kpis.forms.numbers import NumberField
from kpis.forms.rows import Rows
from kpis.forms.selects import LongSelect
from kpis.models import Kpi

FROM_PERIOD, RESTATE = "from", "restate"


class ParentForm(forms.Form):
    """One parent; an empty row is left out."""

    parent = forms.ChoiceField(label="Ladders up to", required=False, widget=LongSelect)
    contribution = forms.TypedChoiceField(
        label="It", coerce=int, empty_value="1", required=False, choices=[(1, "adds"), (-1, "subtracts")], initial=1
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "parent", optional("Nothing", choices))
        self.fields["weight"] = NumberField(label="Weight", required=False, initial=1)

    def spec(self) -> LinkSpec | None:
        chosen = self.cleaned_data.get("parent")
        if not chosen or self.cleaned_data.get("DELETE"):
            return None
        weight = self.cleaned_data.get("weight")
        parent = Kpi.objects.get(pk=UUID(chosen))
        return LinkSpec(parent, 1.0 if weight is None else weight, int(self.cleaned_data["contribution"]))


class WhenForm(MergingForm, forms.Form):
    """From when on a move holds."""

    is_stored = False

    when = forms.ChoiceField(
        label="When does this take effect?",
        choices=[
            (FROM_PERIOD, "From a period on; what was before stays as it was"),
            (RESTATE, "Always; history is worked out anew as if it had never been otherwise"),
        ],
        widget=forms.RadioSelect,
    )
    since = forms.DateField(
        label="From",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="It counts from the first period that starts on this day or later.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if cleaned.get("when") == FROM_PERIOD and not cleaned.get("since") and "since" not in self.errors:
            self.add_error("since", "Give the first day, or choose “Always”.")
        return cleaned

    @property
    def takes_effect(self) -> dt.date | None:
        """The day, None for always."""
        since: dt.date | None = self.cleaned_data["since"]
        return since if self.cleaned_data["when"] == FROM_PERIOD else None


ParentFormSet = forms.formset_factory(ParentForm, formset=Rows, extra=1, can_delete=True, max_num=50)


def parent_forms(current: Sequence[LinkSpec], choices: Choices, data: Any = None) -> BaseFormSet[ParentForm]:
    """The parents of today and an empty row."""
    rows = [
        {"parent": str(spec.parent.pk), "contribution": spec.contribution, "weight": spec.weight} for spec in current
    ]
    return ParentFormSet(data, initial=rows, prefix="rows", form_kwargs={"choices": choices})
