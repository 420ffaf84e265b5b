"""The forms of the first run: which KPIs, and which targets."""

from typing import Any

from django import forms
from django.http import QueryDict

from accounts.models import Organization
from kpis.actions.starting import Beginning
from kpis.engine.units import Unit
from kpis.forms.numbers import NumberField
from kpis.models import Kpi
from kpis.models.choices import Aggregation, Category, Direction
from kpis.starters import BLANK, Business, Starter
from kpis.suggestions import Suggestion
from kpis.units import unit_words

OWN_ROWS = 5
CHECK = forms.CheckboxInput(attrs={"class": "form-check-input"})
SELECT = forms.Select(attrs={"class": "form-select"})


class _KpiForm(forms.Form):
    """What both kinds of rows ask for: a name, and who looks after the number."""

    name = forms.CharField(
        max_length=120, widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
    )
    owner_email = forms.EmailField(
        label="Who owns it? E-mail",
        required=False,
        widget=forms.EmailInput(attrs={"class": "form-control", "placeholder": "you", "autocomplete": "off"}),
    )


class StarterForm(_KpiForm):
    """One KPI that is offered: taken or not, renamed or not."""

    is_chosen = forms.BooleanField(required=False, widget=CHECK)

    def __init__(
        self, starter: Starter, business: Business, organization: Organization, data: QueryDict | None
    ) -> None:
        initial = {"name": starter.name, "is_chosen": starter.is_usual}
        super().__init__(data, prefix=starter.slug, initial=initial)
        self.starter = starter
        self.unit = _counted_in(Unit.parse(starter.unit_in(organization.currency)))
        self.place = _place(starter, business)

    @property
    def beginning(self) -> Beginning | None:
        if not self.cleaned_data["is_chosen"]:
            return None
        return Beginning(self.starter, self.cleaned_data["name"], self.cleaned_data["owner_email"])


def _place(starter: Starter, business: Business) -> str:
    """Where a KPI stands in the ladder, in a few words."""
    parent = next((other for other in business.starters if other.slug == starter.feeds), None)
    if starter.is_sum:
        return "Added up from those below"
    if parent is None:
        return ""
    if not parent.is_sum:
        return f"Supports {parent.name}"
    return f"{'Adds to' if starter.contribution > 0 else 'Taken off'} {parent.name}"


class OwnForm(_KpiForm):
    """One KPI somebody thinks of; a row without a name is left out."""

    direction = forms.ChoiceField(
        label="Better is", choices=[(Direction.INCREASE, "more"), (Direction.DECREASE, "less")], widget=SELECT
    )

    def __init__(self, index: int, organization: Organization, data: QueryDict | None) -> None:
        super().__init__(data, prefix=f"own_{index}", empty_permitted=True, use_required_attribute=False)
        self.fields["name"].required = False
        money = f"currency:{organization.currency}"
        units = (money, "number", "percent", "duration:h")
        self.fields["unit"] = forms.ChoiceField(
            label="Counted in", choices=[(unit, _counted_in(Unit.parse(unit))) for unit in units], widget=SELECT
        )
        self.slug = f"own_{index}"

    @property
    def beginning(self) -> Beginning | None:
        answers = self.cleaned_data
        if not answers.get("name"):
            return None
        is_fraction = Unit.parse(answers["unit"]).is_fraction
        starter = Starter(
            slug=self.slug,
            name=answers["name"],
            description="",
            unit=answers["unit"],
            category=Category.OTHER,
            direction=Direction(answers["direction"]),
            aggregation=Aggregation.MEAN if is_fraction else Aggregation.SUM,
        )
        return Beginning(starter, answers["name"], answers["owner_email"])


def rows_for(business: Business, organization: Organization, data: QueryDict | None) -> list[StarterForm | OwnForm]:
    """The rows of a business: those on offer, or empty ones for somebody who brings their own."""
    if business is BLANK:
        return [OwnForm(index, organization, data) for index in range(1, OWN_ROWS + 1)]
    return [StarterForm(starter, business, organization, data) for starter in business.starters]


def _counted_in(unit: Unit) -> str:
    """A unit as a short choice."""
    return {"number": "a number", "percent": "%", "duration:h": "hours"}.get(str(unit), unit_words(unit))


class OfferForm(forms.Form):
    """A target and its red flag for one KPI, filled in with what is suggested."""

    is_chosen = forms.BooleanField(label="Set this target", required=False, widget=CHECK)

    def __init__(self, kpi: Kpi, suggestion: Suggestion, data: QueryDict | None) -> None:
        initial: dict[str, Any] = {"is_chosen": True, "target": suggestion.target, "floor": suggestion.floor}
        super().__init__(data, prefix=kpi.key, initial=initial, use_required_attribute=False)
        typed: dict[str, Any] = {"is_percent": Unit.parse(kpi.unit).kind == "percent", "decimals": kpi.decimals}
        self.fields["target"] = NumberField(label="Target", **typed)
        self.fields["floor"] = NumberField(label="Red flag", required=False, **typed)
        self.kpi, self.suggestion = kpi, suggestion

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if not answers.get("is_chosen"):
            self.errors.clear()  # whatever stands in a target that is not wanted does not matter
        return answers
