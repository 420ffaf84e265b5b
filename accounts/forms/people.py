"""Forms about people: oneself, members, who takes over."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.forms.merging import MergingForm
from accounts.models import Department, Member, Role, User
from accounts.models.timezones import time_zone_choices


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    time_zone = forms.ChoiceField(choices=time_zone_choices, help_text="Times are shown in this zone.")

    class Meta:
        model = User
        fields = ["name", "time_zone", "is_reminded"]
        help_texts = {
            "name": "As colleagues know you.",
            "is_reminded": "At nine in the morning where you live, on working days, one mail with everything. As the "
            "lead of a department you are also told of what is two working days overdue.",
        }


class PlaceForm(MergingForm, forms.Form):
    """A member's role and department. Only owners are offered that of an owner; who may not change it sends none."""

    role = forms.ChoiceField(widget=forms.RadioSelect, initial=Role.CONTRIBUTOR)
    department: "forms.ModelChoiceField[Department]" = forms.ModelChoiceField(
        queryset=None, required=False, empty_label="None"
    )

    def __init__(
        self,
        *args: Any,
        member: Member,
        departments: Sequence[tuple[Any, str]],
        may_change: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, f"{role.label}: {role.meaning[0].lower()}{role.meaning[1:]}")
            for role in Role
            if role != Role.OWNER or member.has_role(Role.OWNER)
        ]
        self.fields["role"].required = may_change
        self.fields["department"].queryset = Department.objects.active()  # type: ignore[attr-defined]
        self.fields["department"].widget.choices = [("", "None"), *departments]

    def values(self) -> dict[str, Any]:
        """What ``update_member`` takes; a role that was not sent stays."""
        return {name: value for name, value in self.cleaned_data.items() if value or name != "role"}


class InvitationForm(PlaceForm):
    email = forms.EmailField(
        label="E-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    field_order = ["email", "role", "department"]


class SuccessorForm(forms.Form):
    """Who takes over; asked for only if something is ``owned``."""

    successor: "forms.ModelChoiceField[Member]" = forms.ModelChoiceField(
        queryset=None, required=False, label="Who takes over?", empty_label="Choose"
    )

    def __init__(self, *args: Any, leaving: Member, owned: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Member.objects.of_organization(leaving.organization_id).by_name().exclude(pk=leaving.pk)
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]
        self.fields["successor"].required = bool(owned)
        self.fields["successor"].error_messages["required"] = "Choose who takes over."
