"""Looking for a KPI in the library."""

from django import forms

from kpis.forms.choices import optional
from kpis.library import Template, by_category, search
from kpis.models.choices import Category, Indicator, Kind, Level

CATEGORIES = [(slug, Category(slug).label) for slug in by_category()]


class LibraryForm(forms.Form):
    """What is looked for. Everything is optional; what cannot be read is as if it were not there."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=120,
        widget=forms.SearchInput({"placeholder": "Margin, churn, on time …", "class": "form-control"}),
    )
    category = forms.ChoiceField(required=False, choices=optional("Any category", CATEGORIES))
    level = forms.ChoiceField(required=False, choices=optional("Any level", Level.choices))
    indicator = forms.ChoiceField(required=False, choices=optional("Leading and lagging", Indicator.choices))

    def __init__(self, data: dict[str, str]) -> None:
        super().__init__(data, auto_id="library_%s", label_suffix="")
        for name in ("category", "level", "indicator"):
            self.fields[name].widget.attrs["class"] = "form-select"
        self.is_valid()

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.values())

    def found(self) -> list[Template]:
        """What fits; metrics, which only serve formulas, where somebody searches for words."""
        chosen = {name: self.cleaned_data.get(name, "") for name in ("category", "level", "indicator")}
        text = self.cleaned_data.get("q", "")
        return search(text, **chosen, kind="" if text else Kind.KPI.value)
