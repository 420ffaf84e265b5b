"""What readers choose in a page's address."""

from django import forms

from reports.ladder import ALL_LEVELS


class LadderForm(forms.Form):
    """Which part of the company's ladder is shown, and how."""

    view = forms.ChoiceField(choices=[("list", "List"), ("tree", "Tree")], required=False)
    focus = forms.CharField(max_length=64, required=False)
    department = forms.UUIDField(required=False)
    levels = forms.IntegerField(min_value=1, max_value=ALL_LEVELS, required=False)


class MemberForm(forms.Form):
    """Whose ladder is shown."""

    member = forms.UUIDField(required=False)
