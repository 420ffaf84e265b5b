"""The key results of a template, to be taken, changed or left out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms

from accounts.models import Organization
from kpis.drawing.numbers import show
from kpis.forms.numbers import NumberField
from kpis.models import Kpi
from okrs.drafting.catalogue import NAMES, objective_templates
from okrs.drafting.template import Function, KeyResultTemplate, ObjectiveTemplate
from okrs.forms.key_results import NUMBERS_OF

LABELS: Final = {"start": "Start", "target": "Target", "low": "At least", "high": "At most"}
MONEY: Final = "money"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The templates of a function, each with the word that names it in addresses."""

    name: str
    templates: list[tuple[str, ObjectiveTemplate]]


def shelves() -> list[Shelf]:
    """All templates, by the function they are for."""
    return [
        Shelf(NAMES[function], [(f"{function}-{number}", one) for number, one in enumerate(templates, start=1)])
        for function, templates in objective_templates().items()
    ]


def template_called(slug: str) -> ObjectiveTemplate | None:
    """The template that an address names."""
    function, _, number = slug.rpartition("-")
    found: Mapping[Function, Any] = objective_templates()
    known = {str(name): templates for name, templates in found.items()}.get(function, ())
    return known[int(number) - 1] if number.isascii() and number.isdecimal() and 0 < int(number) <= len(known) else None


class TemplateKeyResultForm(forms.Form):
    """One key result of a template: whether it is taken, its title and its numbers."""

    is_taken = forms.BooleanField(required=False, initial=True)
    title = forms.CharField(label="Key result", max_length=200, required=False)

    def __init__(
        self, one: KeyResultTemplate, organization: Organization, kpi: Kpi | None, data: Any, prefix: str
    ) -> None:
        initial = {name: getattr(one, name) for name in ("title", *NUMBERS_OF[one.kind])}
        super().__init__(data, initial=initial, prefix=prefix)
        self.template, self.kpi = one, kpi
        self.unit = f"currency:{organization.currency}" if one.unit == MONEY else one.unit
        for name in NUMBERS_OF[one.kind]:
            self.fields[name] = NumberField(is_percent=self.unit == "percent", required=False, label=LABELS[name])
        if kpi:
            self.fields["is_linked"] = forms.BooleanField(
                required=False, initial=True, label=f"Let the KPI “{kpi.name}” move it"
            )
        self.fields["is_taken"].label = f"Take “{one.title}”"

    @property
    def numbers(self) -> list[forms.BoundField]:
        return [self[name] for name in NUMBERS_OF[self.template.kind]]

    @property
    def unit_words(self) -> str:
        """What the numbers are written in: "in %", "in EUR"; empty for plain ones."""
        shown = show(0, self.unit)
        kind, _, detail = self.unit.partition(":")
        return {"percent": "in %", "number": "", "ratio": ""}.get(kind, f"in {detail or shown.after}")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if cleaned.get("is_taken") and not cleaned.get("title", "").strip():
            self.add_error("title", "Say what it measures, or leave it out.")
        return cleaned

    def fields_of_key_result(self) -> dict[str, Any]:
        """What ``create_key_result`` takes."""
        given = self.cleaned_data
        linked = self.kpi if given.get("is_linked") else None
        numbers = {name: given[name] for name in NUMBERS_OF[self.template.kind]}
        return {
            "title": given["title"],
            "kind": self.template.kind,
            "kpi": linked,
            "unit": linked.unit if linked else self.unit,
            **numbers,
        }


class TemplateForms:
    """A template's key results as forms."""

    def __init__(self, one: ObjectiveTemplate, organization: Organization, data: Any = None) -> None:
        self.template = one
        slugs = [each.kpi for each in one.key_results if each.kpi]
        kpis = {kpi.key: kpi for kpi in Kpi.objects.active().filter(key__in=slugs)}
        self.rows = [
            TemplateKeyResultForm(each, organization, kpis.get(each.kpi), data, f"result-{number}")
            for number, each in enumerate(one.key_results)
        ]

    def are_valid(self) -> bool:
        return not [row for row in self.rows if not row.is_valid()]

    def taken(self) -> Iterator[TemplateKeyResultForm]:
        return (row for row in self.rows if row.cleaned_data.get("is_taken"))
