"""Closing a cycle: grades, what was learned, what goes on elsewhere."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms

from accounts.forms.merging import MergingForm
from kpis.forms.numbers import NumberField
from okrs.actions.closing import Grade
from okrs.actions.cycles import LONGEST_TEXT
from okrs.models import Cycle
from okrs.reading import CycleView, KeyResultView

# The choice of a cycle that is made on the way.
NEXT: Final = "next"


class GradesForm(forms.Form):
    """A grade for each key result, as it was decided or is proposed, with the reason why it is another one."""

    def __init__(self, data: Any = None, *, view: CycleView, decided: Mapping[UUID, Grade]) -> None:
        super().__init__(data, auto_id="grades_%s")
        self.key_results = view.key_results
        for one in self.key_results:
            grade = decided[one.id]
            self.fields[f"grade_{one.id}"] = _grade_field(one, grade.grade)
            self.fields[f"reason_{one.id}"] = forms.CharField(
                label=f"Why another grade for {one.key_result.title}",
                required=False,
                max_length=2000,
                initial=grade.reason,
                widget=forms.TextInput({"autocomplete": "off", "placeholder": "Why, if it is another one"}),
            )

    def given(self, one: KeyResultView) -> Grade:
        """What was decided for a key result."""
        return Grade(self.cleaned_data[f"grade_{one.id}"], self.cleaned_data[f"reason_{one.id}"].strip())


def _grade_field(one: KeyResultView, grade: float) -> NumberField:
    field = NumberField(label=f"Grade of {one.key_result.title}", initial=f"{grade:.2f}")
    field.widget.attrs |= {"class": "number-input grade-input"}
    return field


class LessonsForm(MergingForm, forms.Form):
    """The retrospective."""

    learned = forms.CharField(
        label="What did we learn?",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 5}),
        help_text="What surprised you, what worked, what you would do otherwise; whoever plans next reads it.",
    )
    carry_on = forms.CharField(
        label="What do we carry on?",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 4}),
        help_text="Habits and work worth keeping, whatever the next objectives are.",
    )

    def __init__(self, data: Any = None, *, cycle: Cycle) -> None:
        super().__init__(data, initial={"learned": cycle.learned, "carry_on": cycle.carry_on}, auto_id="lessons_%s")


class CarryForm(forms.Form):
    """Which key results go on, and in which cycle."""

    key_results = forms.MultipleChoiceField(label="Go on with", required=False, widget=forms.CheckboxSelectMultiple)
    into = forms.ChoiceField(label="In the cycle", required=False)

    def __init__(
        self, data: Any = None, *, rows: Sequence[KeyResultView], cycles: Sequence[tuple[str, str]], chosen: Any = ()
    ) -> None:
        super().__init__(data, initial={"key_results": list(chosen)}, auto_id="carry_%s")
        own: Any = self.fields["key_results"]
        own.choices = [(str(one.id), one.key_result.title) for one in rows]
        into: Any = self.fields["into"]
        into.choices = list(cycles)
        into.widget.attrs["class"] = "form-select"

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        into: Any = self.fields["into"]
        if not given.get("key_results") or given.get("into"):
            return given
        if into.choices:
            self.add_error("into", "Choose the cycle in which they go on.")
        else:
            self.add_error(None, "No other cycle is planned: plan one first, or go on with nothing ticked.")
        return given
