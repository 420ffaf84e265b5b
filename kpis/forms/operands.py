"""Which KPI here each operand of a template is, or that it is to be made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms import BoundField

from accounts.models import Organization
from kpis.actions.from_template import Making, finer
from kpis.engine.units import Unit, UnitKind
from kpis.forms.choices import Choices
from kpis.forms.selects import LongSelect
from kpis.library import Template, closure, template
from kpis.models import Kpi

PREFIX: Final = "operand"
# Units that can stand for each other; money is money.
FAMILIES: Final = {UnitKind.CUSTOM: UnitKind.NUMBER, UnitKind.RATIO: UnitKind.PERCENT}


@dataclass(frozen=True, slots=True)
class Row:
    """An operand that is asked for: its field, and the templates whose formulas need it where it is to be made."""

    field: BoundField
    operand: Template
    needed_for: str


class OperandsForm(forms.Form):
    """A select for everything beneath a template. What is left out is the KPI with its key, or else made."""

    def __init__(self, one: Template, organization: Organization, data: Any = None) -> None:
        super().__init__(data, prefix=PREFIX)
        self.template, self.organization = one, organization
        self.known = {str(kpi.pk): kpi for kpi in Kpi.objects.active().order_by("name", "id")}
        by_key = {kpi.key: kpi for kpi in self.known.values()}
        by_name = {kpi.name.casefold(): kpi for kpi in self.known.values()}
        for operand in closure(one.slug)[:-1]:
            fitting = [kpi for kpi in self.known.values() if _family(kpi.unit) == _family(_unit(operand, organization))]
            found = by_key.get(operand.slug) or by_name.get(operand.name.casefold())
            if found and found.key != operand.slug and found not in fitting:
                found = None
            if found and found not in fitting:
                fitting = [found, *fitting]
            self.fields[operand.slug] = _select(operand, fitting, found)

    @property
    def rows(self) -> list[Row]:
        """The operands that have to be there as things are chosen."""
        return [
            Row(self[slug], template(slug), user.name if user is not self.template else "")
            for slug, user in self._needed()
        ]

    def to_be_made(self, how: Making) -> list[str]:
        """The names of what will be made so."""
        return [template(slug).name for slug, _ in self._needed() if self._chosen(slug) is how]

    def operands(self) -> dict[str, Kpi | Making]:
        """As ``create_with_operands`` takes them."""
        return {slug: self._chosen(slug) for slug in self.fields}

    def offered(self, frequency: str) -> dict[str, Kpi]:
        """The KPIs that the formula can name by the slugs of its operands; those to be made are not stored."""
        chosen = {slug: self._chosen(slug) for slug in self.template.operands}
        return {
            slug: _draft(template(slug), self.organization, frequency) if isinstance(one, Making) else one
            for slug, one in chosen.items()
        }

    def _needed(self) -> Iterator[tuple[str, Template]]:
        """(slug, the template whose formula names it), from the top down."""
        pending, seen = [self.template], set()
        while pending:
            user = pending.pop(0)
            for slug in user.operands:
                if slug not in seen:
                    seen.add(slug)
                    yield slug, user
                    if self._chosen(slug) is Making.COMPUTED:
                        pending.append(template(slug))

    def _chosen(self, slug: str) -> Kpi | Making:
        value = str((self.data.get(self.add_prefix(slug)) if self.is_bound else None) or self.fields[slug].initial)
        if value == Making.COMPUTED and template(slug).formula:
            return Making.COMPUTED
        return self.known.get(value) or Making.MEASURED


def _select(operand: Template, fitting: Sequence[Kpi], found: Kpi | None) -> forms.ChoiceField:
    choices: Choices = [(Making.MEASURED, "Make it: a number you enter, paste or push")]
    if operand.formula:
        names = " and ".join(template(slug).name for slug in operand.operands)
        choices.append((Making.COMPUTED, f"Make it, computed from {names}"))
    choices += [(str(kpi.pk), f"{kpi.name} ({kpi.key})") for kpi in fitting]
    return forms.ChoiceField(
        label=operand.name,
        choices=choices,
        initial=str(found.pk) if found else Making.MEASURED,
        required=False,
        widget=LongSelect,
    )


def _unit(operand: Template, organization: Organization) -> str:
    return operand.unit_in(organization.currency)


def _family(unit: str) -> UnitKind:
    kind = Unit.parse(unit).kind
    return FAMILIES.get(kind, kind)


def _draft(operand: Template, organization: Organization, frequency: str) -> Kpi:
    return Kpi(
        key=operand.slug,
        name=operand.name,
        unit=_unit(operand, organization),
        frequency=finer(operand.frequency, frequency),
        source=operand.source,
        aggregation=operand.aggregation,
        carry_forward=operand.carry_forward,
    )
