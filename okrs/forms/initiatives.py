"""Planning an initiative, changing it, and saying how far it is."""

from typing import Any
from uuid import UUID

from django import forms

from accounts.forms.merging import MergingForm
from accounts.models import Member
from kpis.forms.choices import Choices, choose_from, optional
from kpis.forms.dates import date_field
from kpis.forms.selects import LongSelect
from okrs.models import Initiative
from okrs.models.choices import InitiativeState

UNFINISHED = (InitiativeState.PLANNED, InitiativeState.DOING)


class InitiativeForm(MergingForm, forms.Form):
    """A new initiative."""

    title = forms.CharField(
        label="What is to be done",
        max_length=200,
        help_text="A piece of work that should move the number: “Run the autumn campaign”.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    owner = forms.ChoiceField(label="Who does it", required=False, widget=LongSelect)
    due_on = date_field(label="Until when", required=False)

    def __init__(self, data: Any = None, *, owners: Choices, initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="initiative_%s")
        choose_from(self, "owner", optional("Nobody yet", owners))

    def values(self) -> dict[str, Any]:
        """What ``create_initiative`` and ``update_initiative`` take."""
        given = dict(self.cleaned_data)
        given["owner"] = Member.objects.get(pk=UUID(given["owner"])) if given["owner"] else None
        return given


class InitiativeEditForm(InitiativeForm):
    """An initiative with how far it is."""

    state = forms.ChoiceField(label="How far it is", choices=InitiativeState.choices, widget=forms.RadioSelect)
    closed_on = date_field(label="On", required=False, help_text="When it was done or dropped. Empty: today.")

    def __init__(self, data: Any = None, *, initiative: Initiative, owners: Choices) -> None:
        names = ("title", "due_on", "state", "closed_on")
        initial = {name: getattr(initiative, name) for name in names} | {"owner": initiative.owner_id or ""}
        super().__init__(data, owners=[*owners, *_former(initiative, owners)], initial=initial)

    def values(self) -> dict[str, Any]:
        return _settled(super().values())


class InitiativeProgressForm(MergingForm, forms.Form):
    """How far an initiative is: all that whoever is to do it changes."""

    state = InitiativeEditForm.base_fields["state"]
    closed_on = InitiativeEditForm.base_fields["closed_on"]

    def __init__(self, data: Any = None, *, initiative: Initiative) -> None:
        initial = {name: getattr(initiative, name) for name in ("state", "closed_on")}
        super().__init__(data, initial=initial, auto_id="initiative_%s")

    def values(self) -> dict[str, Any]:
        return _settled(dict(self.cleaned_data))


def _settled(given: dict[str, Any]) -> dict[str, Any]:
    """The date is shown, and belongs, only to what is done or dropped."""
    if given["state"] in UNFINISHED:
        given["closed_on"] = None
    return given


def _former(initiative: Initiative, owners: Choices) -> Choices:
    """Its owner, where that is no member any more: what they did stays theirs."""
    is_former = initiative.owner is not None and str(initiative.owner_id) not in {pk for pk, _ in owners}
    return [(str(initiative.owner_id), f"{initiative.owner} (left)")] if is_former else []
