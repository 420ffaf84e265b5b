"""Forms of departments."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.forms.merging import MergingForm
from accounts.models import Department, Member
from accounts.tenancy.context import current_organization_id

Choices = Sequence[tuple[Any, str]]


class NewDepartmentForm(forms.Form):
    name = forms.CharField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    parent: "forms.ModelChoiceField[Department]" = forms.ModelChoiceField(queryset=None, required=False, label="Below")

    def __init__(self, *args: Any, departments: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Department.objects.active()  # type: ignore[attr-defined]
        self.fields["parent"].widget.choices = [("", "The top"), *departments]


class DepartmentForm(MergingForm, NewDepartmentForm):
    lead: "forms.ModelChoiceField[Member]" = forms.ModelChoiceField(queryset=None, required=False, empty_label="Nobody")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Member.objects.of_organization(current_organization_id()).by_name()
        self.fields["lead"].queryset = members  # type: ignore[attr-defined]


class ArchiveForm(forms.Form):
    """Which department takes over; asked for only if something is ``owned``."""

    successor: "forms.ModelChoiceField[Department]" = forms.ModelChoiceField(
        queryset=None, required=False, label="Which department takes over?"
    )

    def __init__(self, *args: Any, departments: Choices, owned: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = Department.objects.active()  # type: ignore[attr-defined]
        self.fields["successor"].widget.choices = [("", "Choose"), *departments]
        self.fields["successor"].required = bool(owned)
        self.fields["successor"].error_messages["required"] = "Choose the department that takes over."
