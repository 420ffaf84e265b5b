"""The form that adds existing KPIs below another one."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kpis.forms.choices import choose_from
from kpis.forms.numbers import NumberField
from kpis.models import Kpi
from kpis.models.choices import Rollup


class ChildrenForm(forms.Form):
    """Which KPIs, and how they count. From when on is asked by a form of its own.

    ``known``, by id, are all that may be chosen, whether they fit or not: why one does not is for the action to say.
    """

    children = forms.MultipleChoiceField(
        label="Which KPIs?",
        error_messages={
            "required": "Choose at least one KPI.",
            "invalid_choice": "One of these KPIs is not there any more, or not yours to change. Choose again.",
        },
    )

    def __init__(self, data: Any = None, *, parent: Kpi, known: Mapping[str, Kpi]) -> None:
        super().__init__(data)
        self.known = known
        choose_from(self, "children", [(pk, kpi.name) for pk, kpi in known.items()])
        if parent.rollup == Rollup.SUM:
            self.fields["contribution"] = forms.TypedChoiceField(
                label="In the sum they", coerce=int, choices=[(1, "are added"), (-1, "are subtracted")], initial=1
            )
        if parent.rollup == Rollup.WEIGHTED_MEAN:
            self.fields["weight"] = NumberField(
                label="Weight of each", initial=1, help_text="Against the weights of the others; 1 is the usual one."
            )

    @property
    def chosen(self) -> list[Kpi]:
        return [self.known[pk] for pk in self.cleaned_data["children"]]

    @property
    def counting(self) -> dict[str, Any]:
        """How they count, as far as it is asked."""
        return {name: self.cleaned_data[name] for name in ("contribution", "weight") if name in self.fields}

    def show_refusals(self, errors: Iterable[ValidationError]) -> None:
        """Put what an action refused beside its field, each sentence once."""
        for error in errors:
            field, text = (error.params or {}).get("field"), error.messages[0]
            name = field if field in self.fields else "children"
            if text not in self.errors.get(name, ()):
                self.add_error(name, text)
