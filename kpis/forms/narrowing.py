"""Category, level and indicator: what narrows KPIs on every page that shows several of them."""

from collections.abc import Iterable

from django import forms

from kpis.forms.choices import optional
from kpis.models.choices import Category, Indicator, Level
from kpis.tree import Node

FACETS = ("level", "indicator", "category")


class NarrowingForm(forms.Form):
    """What kind of KPIs is shown; without any choice every kind."""

    level = forms.ChoiceField(required=False, choices=optional("Any level", Level.choices))
    indicator = forms.ChoiceField(required=False, choices=optional("Leading and lagging", Indicator.choices))
    category = forms.ChoiceField(required=False, choices=optional("Any category", Category.choices))

    @property
    def chosen_facets(self) -> dict[str, str]:
        """Of level, indicator and category those that are asked for."""
        return {name: value for name in FACETS if (value := self.cleaned_data.get(name))}

    @property
    def facets(self) -> list[forms.BoundField]:
        """The fields, to be shown side by side."""
        return [self[name] for name in FACETS]

    def fitting(self, nodes: Iterable[Node]) -> list[Node]:
        """The nodes of the kind asked for."""
        chosen = self.chosen_facets.items()
        return [node for node in nodes if all(getattr(node, name) == value for name, value in chosen)]
