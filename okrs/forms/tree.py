"""What of the tree of objectives is shown."""

from django import forms


class TreeForm(forms.Form):
    cycle = forms.UUIDField(required=False)
    focus = forms.UUIDField(required=False)
    view = forms.ChoiceField(required=False, choices=[("", "Drawn"), ("list", "As a list")])
    levels = forms.IntegerField(required=False, min_value=1, max_value=100)
