"""Checking in on one key result: the number, how sure one is, a few words."""

from typing import Any, Final

from django import forms

from kpis.forms.numbers import NumberField
from okrs.models.choices import Confidence, KeyResultKind
from okrs.presenting.figures import Figures
from okrs.reading import KeyResultView

KEYS: Final = {Confidence.ON_TRACK: "1", Confidence.AT_RISK: "2", Confidence.OFF_TRACK: "3"}


class CheckInForm(forms.Form):
    """``value`` only where check-ins carry it; ``done`` are milestones reached since."""

    confidence = forms.ChoiceField(
        label="How sure are you to get there?",
        choices=Confidence.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say how sure you are: press 1, 2 or 3."},
    )
    comment = forms.CharField(
        label="What moved, what is in the way?",
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 2, "data-enter-saves": ""}),
    )

    def __init__(self, data: Any = None, *, view: KeyResultView) -> None:
        super().__init__(data, initial=_initial(view), auto_id="check_in_%s")
        own = view.key_result
        if own.takes_values:
            self.fields["value"] = NumberField(
                label=f"Value now{_unit_words(own.shown_unit)}",
                required=False,
                is_percent=own.shown_unit == "percent",
                decimals=Figures(own).decimals or 0,
            )
            self.fields["value"].widget.attrs |= {"autofocus": True, "data-selected": ""}
        if own.kind == KeyResultKind.MILESTONES and (undone := _undone(view)):
            self.fields["done"] = forms.MultipleChoiceField(
                label="Done since then", required=False, choices=undone, widget=forms.CheckboxSelectMultiple
            )
        self.order_fields(["value", "done", "confidence", "comment"])

    @property
    def said(self) -> dict[str, Any]:
        """What ``check_in`` takes."""
        given = dict(self.cleaned_data)
        given.pop("done", None)
        return given


def _unit_words(unit: str) -> str:
    """In what it is typed, where it is no plain number: ", in %"."""
    kind, _, detail = unit.partition(":")
    spoken = {"percent": "%", "number": "", "ratio": ""}.get(kind, detail)
    return f", in {spoken}" if spoken else ""


def _initial(view: KeyResultView) -> dict[str, Any]:
    return {"value": view.current, "confidence": view.confidence}


def _undone(view: KeyResultView) -> list[tuple[str, str]]:
    return [(str(step.pk), step.title) for step in view.milestones if step.done_on is None]
