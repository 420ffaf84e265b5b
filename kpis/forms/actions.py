"""Planning an action, changing it, and saying how far it is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from accounts.forms.merging import MergingForm
from accounts.models import Member
from kpis.actions.acting import LONGEST_CAUSE, PROGRESS
from kpis.forms.choices import Choices, choose_from, optional
from kpis.forms.dates import date_field
from kpis.forms.selects import LongSelect
from kpis.models import Action
from kpis.models.followups import ActionKind, ActionState

KINDS = [
    (ActionKind.PLANNED, "Planned: it helps to reach the target"),
    (ActionKind.CORRECTIVE, "Corrective: something went wrong"),
]


class ActionForm(MergingForm, forms.Form):
    """A new action."""

    title = forms.CharField(
        label="What is to be done",
        max_length=200,
        help_text="One step that somebody can tick off: “Call the three largest customers”.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(choices=KINDS, widget=forms.RadioSelect, initial=ActionKind.PLANNED)
    cause = forms.CharField(
        label="What went wrong, and why",
        required=False,
        max_length=LONGEST_CAUSE,
        widget=forms.Textarea({"rows": 2}),
        help_text="The cause, not the symptom: ask “why?” until the answer is something one can change.",
    )
    owner = forms.ChoiceField(label="Who does it", required=False, widget=LongSelect)
    due_on = date_field(label="Until when", required=False)

    def __init__(self, data: Any = None, *, owners: Choices, initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="action_%s")
        choose_from(self, "owner", optional("Nobody yet", owners))

    def values(self) -> dict[str, Any]:
        """What ``create_action`` and ``update_action`` take."""
        given = dict(self.cleaned_data)
        if given["kind"] == ActionKind.PLANNED:
            given["cause"] = ""  # it was typed before the kind was changed, and is hidden now
        if "owner" in given:
            given["owner"] = Member.objects.get(pk=UUID(given["owner"])) if given["owner"] else None
        return given


class ActionEditForm(ActionForm):
    """An action with how far it is."""

    state = forms.ChoiceField(label="How far it is", choices=ActionState.choices, widget=forms.RadioSelect)
    closed_on = date_field(label="On", required=False, help_text="When it was done or dropped. Empty: today.")

    def __init__(self, data: Any = None, *, action: Action, owners: Choices) -> None:
        names = ("title", "kind", "cause", "due_on", *PROGRESS)
        initial = {name: getattr(action, name) for name in names} | {"owner": action.owner_id or ""}
        super().__init__(data, owners=[*owners, *_former(action, owners)], initial=initial)

    def values(self) -> dict[str, Any]:
        return _settled(super().values())


class ProgressForm(MergingForm, forms.Form):
    """How far an action is: all that whoever is to do it changes."""

    state = ActionEditForm.base_fields["state"]
    closed_on = ActionEditForm.base_fields["closed_on"]

    def __init__(self, data: Any = None, *, action: Action) -> None:
        super().__init__(data, initial={name: getattr(action, name) for name in PROGRESS}, auto_id="action_%s")

    def values(self) -> dict[str, Any]:
        return _settled(dict(self.cleaned_data))


def _former(action: Action, owners: Choices) -> Choices:
    """Its owner, where that is no member any more: what they did stays theirs."""
    is_former = action.owner is not None and str(action.owner_id) not in {pk for pk, _ in owners}
    return [(str(action.owner_id), f"{action.owner} (left)")] if is_former else []


def _settled(given: dict[str, Any]) -> dict[str, Any]:
    """The date is shown, and belongs, only to what is done or dropped."""
    if given["state"] in (ActionState.OPEN, ActionState.RUNNING):
        given["closed_on"] = None
    return given
