"""Category, level and indicator: what narrows KPIs on every page that shows several of them."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django import forms
from django.http import QueryDict

from kpis.forms.choices import optional
from kpis.models.choices import Category, Indicator, Level

FACETS = ("level", "indicator", "category")
# Whatever has these three: a KPI, a node of the hierarchy.
Faceted = TypeVar("Faceted")


class NarrowingForm(forms.Form):
    """What kind of KPIs is shown; without any choice every kind."""

    level = forms.ChoiceField(required=False, choices=optional("Any level", Level.choices))
    indicator = forms.ChoiceField(required=False, choices=optional("Leading and lagging", Indicator.choices))
    category = forms.ChoiceField(required=False, choices=optional("Any category", Category.choices))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s", "label_suffix": "", **kwargs})
        for name in FACETS:
            self.fields[name].widget.attrs["class"] = "form-select"

    @property
    def chosen_facets(self) -> dict[str, str]:
        """Of level, indicator and category those that are asked for."""
        return {name: value for name in FACETS if (value := self.cleaned_data.get(name))}

    @property
    def facets(self) -> list[forms.BoundField]:
        """The fields, to be shown side by side."""
        return [self[name] for name in FACETS]

    def fitting(self, kpis: Iterable[Faceted], *, without: str = "") -> list[Faceted]:
        """The KPIs, or what stands for them, of the kind asked for, whatever one of the filters asks."""
        chosen = [(name, value) for name, value in self.chosen_facets.items() if name != without]
        return [kpi for kpi in kpis if all(getattr(kpi, name) == value for name, value in chosen)]


def facets_asked(query: QueryDict) -> NarrowingForm:
    """What an address asks for; what cannot be read is as if it were not there."""
    form = NarrowingForm(query)
    form.is_valid()
    return form
