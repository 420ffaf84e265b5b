"""Forms of an organization: founding one, and its settings."""

from typing import Any

from django import forms

from accounts.currencies import currency_choices
from accounts.forms.merging import MergingForm
from accounts.models import Organization
from accounts.models.timezones import time_zone_choices


class OrganizationForm(forms.ModelForm):  # type: ignore[type-arg]
    currency = forms.ChoiceField(choices=currency_choices, initial="EUR", help_text="Used where a KPI does not say.")
    time_zone = forms.ChoiceField(choices=time_zone_choices, initial="UTC", help_text="Decides when a day ends.")

    class Meta:
        model = Organization
        fields = ["name", "currency", "time_zone", "fiscal_year_start"]
        widgets: dict[str, forms.Widget] = {
            "name": forms.TextInput(attrs={"autofocus": True, "autocomplete": "organization"})
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.currency
        if kept not in dict(currency_choices()):  # made by the API, in a currency no longer in use
            self.fields["currency"].choices = [(kept, kept), *currency_choices()]  # type: ignore[attr-defined]

    def _get_validation_exclusions(self) -> set[str]:
        """Whether an address is free is for the action to say, with one that is."""
        return {*super()._get_validation_exclusions(), "slug"}  # type: ignore[misc]

    def validate_constraints(self) -> None:
        """Left to the action."""


class SettingsForm(MergingForm, OrganizationForm):
    class Meta(OrganizationForm.Meta):
        fields = [
            "name",
            "slug",
            "about",
            "currency",
            "time_zone",
            "fiscal_year_start",
            "week_starts_on",
            "on_track_at",
            "at_risk_at",
            "grace_days",
        ]
        widgets = {"about": forms.Textarea(attrs={"rows": 3})}
        labels = {"on_track_at": "On track from", "at_risk_at": "At risk from", "week_starts_on": "Weeks start on"}
        help_texts = {
            "slug": "The first part of every address here. Links to the former address stop working.",
            "fiscal_year_start": "Quarters and years are counted from this month; scores are computed again.",
            "on_track_at": "The score from which a KPI is on track. 1 is the target, 0 the red flag.",
            "at_risk_at": "The score from which a KPI is at risk; below it is off track.",
            "grace_days": "So many days after it was due (0 to 14), a check-in still counts as on time. Department "
            "leads are told of what is overdue two working days after that.",
        }
