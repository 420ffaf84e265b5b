"""The target editor: a row for each change of the target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet

from accounts.forms.merging import MergingForm
from accounts.models import Organization
from kpis.actions.targets import TargetRow
from kpis.calendars import calendar_of
from kpis.engine.periods import Frequency
from kpis.engine.target_options import TargetOption
from kpis.forms.numbers import NumberField
from kpis.forms.rows import Rows
from kpis.models import Kpi, Target
from kpis.models.choices import Direction, TargetPath
from kpis.target_bases import Entered, entered

NUMBERS = ("target", "floor", "low", "high")
PATHS = {
    TargetPath.STEP: "In steps: a target holds until the next row",
    TargetPath.LINEAR: "In a straight line from one row to the next",
}


class EntryField(NumberField):
    """A target as a number or as a change: ``700``, ``+20 % on Q2``."""

    def __init__(self, kpi: Kpi, organization: Organization, today: dt.date, **kwargs: Any) -> None:
        super().__init__(is_percent=kpi.unit == "percent", decimals=kpi.decimals, **kwargs)
        self.kpi, self.organization, self.today = kpi, organization, today
        self.widget.attrs.pop("inputmode")  # a change has signs and letters

    def to_python(self, value: Any) -> Entered | None:  # type: ignore[override]
        if value in self.empty_values:
            return None
        try:
            return entered(str(value), self.kpi, self.organization, today=self.today)
        except ValueError as error:
            raise ValidationError(str(error), code="not_a_target") from error


class TargetForm(forms.Form):
    """One row; an empty one is left out. The unit decides how its numbers are read."""

    effective_from = forms.DateField(
        label="From", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    due_on = forms.DateField(
        label="Reached by", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, kpi: Kpi, organization: Organization, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"floor": "Red flag", "low": "At least", "high": "At most"}
        for name in numbers_of(kpi):
            self.fields[name] = (
                EntryField(kpi, organization, today, required=False, label="Target")
                if name == "target"
                else NumberField(
                    is_percent=kpi.unit == "percent", decimals=kpi.decimals, required=False, label=labels[name]
                )
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        given = [name for name in (*NUMBERS, "due_on") if cleaned.get(name) is not None]
        if given and not cleaned.get("effective_from") and "effective_from" not in self.errors:
            self.add_error("effective_from", "From when on?")
        return cleaned

    def row(self, stored: Collection[TargetRow] = ()) -> TargetRow | None:
        """What was typed, None for an empty row or one to be removed; a number that stays keeps how it was come by."""
        meant, floor, low, high = (self.cleaned_data.get(name) for name in NUMBERS)
        start: dt.date | None = self.cleaned_data.get("effective_from")
        is_empty = all(number is None for number in (meant, floor, low, high))
        if start is None or is_empty or self.cleaned_data.get("DELETE"):
            return None
        target, basis = (meant.value, meant.basis) if meant else (None, "")
        kept = next((old.basis for old in stored if (old.effective_from, old.target) == (start, target)), "")
        return TargetRow(start, target, floor, low, high, "", self.cleaned_data.get("due_on"), basis or kept)


class CourseForm(MergingForm, forms.Form):
    """What holds for all rows: how targets get from one to the next, and why they change."""

    target_path = forms.ChoiceField(
        label="Between the rows", choices=list(PATHS.items()), required=False, widget=forms.RadioSelect
    )
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
    kpi: Kpi,
    organization: Organization,
    stored: Iterable[Target],
    data: Any = None,
    *,
    today: dt.date,
    option: TargetOption | None = None,
) -> BaseFormSet[TargetForm]:
    """The rows that are stored and an empty one, which starts with the running period where there is no row yet.

    A suggestion that was chosen stands in the row of the running period, or in the empty one.
    """
    calendar, frequency = calendar_of(organization), Frequency(kpi.frequency)
    running = calendar.ordinal(frequency, today)
    rows = [{name: getattr(row, name) for name in ("effective_from", "due_on", *NUMBERS)} for row in stored]
    formset = TargetFormSet(
        data, initial=rows, prefix="rows", form_kwargs={"kpi": kpi, "organization": organization, "today": today}
    )
    if data is not None or (rows and option is None):
        return formset
    offered = {"target": option.target, "floor": option.floor} if option else {}
    at = [index for index, row in enumerate(rows) if calendar.ordinal(frequency, row["effective_from"]) == running]
    form = formset.forms[at[0] if at else -1]
    form.initial = {
        **form.initial,
        **({} if at else {"effective_from": calendar.first_date(frequency, running)}),
        **offered,
    }
    return formset


def numbers_of(kpi: Kpi) -> tuple[str, ...]:
    """Which numbers a target of this KPI has."""
    return ("low", "high") if kpi.direction == Direction.BETWEEN else ("target", "floor")
