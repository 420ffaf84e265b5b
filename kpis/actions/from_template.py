"""Making a KPI of the library together with what its formula is worked out from."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Organization
from kpis.actions.definitions import create_kpi
from kpis.actions.links import LinkSpec
from kpis.engine.formula.parsing import FormulaError
from kpis.engine.formula.renaming import with_keys
from kpis.engine.formula.syntax import names
from kpis.engine.periods import Frequency
from kpis.library import Template, template
from kpis.models import Kpi
from kpis.plain import stored_formula


class Making(StrEnum):
    """How an operand that is not here is made: as a number people enter, or computed as in the library."""

    MEASURED = "measured"
    COMPUTED = "formula"


@dataclass(frozen=True)
class Made:
    """A new KPI, and what was made along with it, each after what it is worked out from."""

    kpi: Kpi
    operands: Sequence[Kpi]


def definition_from(one: Template, currency: str) -> dict[str, Any]:
    """What ``create_kpi`` takes of a template; its formula is over other templates' slugs."""
    same = (
        "name", "description", "decimals", "direction", "frequency", "aggregation", "category", "level", "indicator",
        "kind", "source", "formula", "carry_forward",
    )  # fmt: skip
    return {name: getattr(one, name) for name in same} | {"unit": one.unit_in(currency)}


@transaction.atomic
def create_with_operands(
    actor: Actor,
    one: Template,
    operands: Mapping[str, Kpi | Making],
    *,
    organization: Organization,
    now: dt.datetime,
    links: Sequence[LinkSpec] = (),
    **fields: Any,
) -> Made:
    """Define a KPI that began as a template, with the operands that its formula still names.

    ``operands`` says for the slug of a template beneath which KPI it is here, or how it is made; what is left out is
    the KPI with that key, or made as a number people enter. What is made has the same owner and department and is
    judged at least as often. Raises ValidationError by field.
    """
    making = _Making(actor, organization, now, dict(operands), fields)
    formula = making.with_operands(fields.get("formula", ""), one.operands)
    kpi = create_kpi(actor, now=now, links=links, **{**fields, "formula": formula})
    return Made(kpi, making.made)


@dataclass
class _Making:
    """The operands of one new KPI, each settled once."""

    actor: Actor
    organization: Organization
    now: dt.datetime
    known: dict[str, Kpi | Making]
    above: Mapping[str, Any]
    made: list[Kpi] = field(default_factory=list)

    def with_operands(self, formula: str, slugs: Sequence[str]) -> str:
        """The formula with the keys that its operands have here."""
        try:
            named = names(stored_formula(formula)) if formula else frozenset()
            return with_keys(formula, {slug: self._kpi(slug).key for slug in slugs if slug in named})
        except FormulaError:
            return formula  # which is refused with everything else that is wrong

    def _kpi(self, slug: str) -> Kpi:
        known = self.known.get(slug) or Kpi.objects.filter(key=slug).first() or Making.MEASURED
        if isinstance(known, Making):
            known = self._make(template(slug), known)
            self.made.append(known)
        self.known[slug] = known
        return known

    def _make(self, one: Template, how: Making) -> Kpi:
        definition = definition_from(one, self.organization.currency)
        if how is Making.COMPUTED:
            definition["formula"] = self.with_operands(one.formula, one.operands)
        else:
            definition |= {"source": how.value, "formula": ""}
        definition["frequency"] = finer(one.frequency, self.above["frequency"])
        shared = {name: self.above[name] for name in ("owner", "department") if name in self.above}
        is_free = not Kpi.objects.filter(key=one.slug).exists()
        return create_kpi(self.actor, now=self.now, key=one.slug if is_free else "", **definition, **shared)


def finer(one: str, other: str) -> str:
    """The frequency of two that a formula of the other can be computed from."""
    if other not in set(Frequency):
        return one
    return str(min(Frequency(one), Frequency(other), key=lambda frequency: frequency.rank).value)
