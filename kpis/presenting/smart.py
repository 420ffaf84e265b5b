"""The SMART check of a KPI as its pages show it: what is met, what is missing, and where that is mended."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from accounts.models import Organization
from kpis.models import Kpi
from kpis.smart import criteria, warnings_about
from kpis.smart_facts import smart_facts

WORDS: Final = {
    "specific": "Specific",
    "measurable": "Measurable",
    "achievable": "Achievable",
    "relevant": "Relevant",
    "time_bound": "Time-bound",
    "actionable": "Actionable",
}
# What mends a field: the page, the place on it, and what the link says.
MENDED: Final[Mapping[str, tuple[str, str, str]]] = {
    "name": ("kpis:edit", "id_name", "Rename it"),
    "description": ("kpis:edit", "id_description", "Describe it"),
    "owner": ("kpis:edit", "id_owner", "Name an owner"),
    "unit": ("kpis:edit", "id_unit_choice", "Choose a unit"),
    "formula": ("kpis:edit", "formula", "Look at the formula"),
    "department": ("kpis:edit", "id_department", "Change its department"),
    "parents": ("kpis:parents", "", "Say what it helps"),
    "target": ("kpis:targets", "", "Set a target"),
    "due_on": ("kpis:targets", "", "Set a date"),
    "values": ("kpis:detail", "measurements", "Enter a value"),
    "children": ("kpis:detail", "fed-by", "See what feeds it"),
    "action": ("kpis:detail", "actions", "Plan a step"),
    "review": ("kpis:detail", "reviews", "Review it"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion or a warning; ``href`` and ``mend`` are empty where it is met, or is not for this reader to mend."""

    word: str
    is_met: bool
    detail: str
    href: str
    mend: str


@dataclass(frozen=True, slots=True)
class SmartCheck:
    """What the check says of one KPI."""

    lines: Sequence[Line]
    warnings: Sequence[Line]

    @property
    def met(self) -> int:
        return sum(line.is_met for line in self.lines)


def smart_check(kpi: Kpi, organization: Organization, *, today: dt.date, may_edit: bool) -> SmartCheck:
    """Check the KPI; warnings repeat nothing that a criterion says already."""
    facts = smart_facts([kpi], organization, today)[kpi.pk]
    judged = criteria(facts)
    said = {one.detail for one in judged}

    def mended(field: str) -> tuple[str, str]:
        return _mended(kpi, organization, field) if may_edit and field else ("", "")

    return SmartCheck(
        lines=[Line(WORDS[one.code], one.is_met, one.detail, *mended(one.field)) for one in judged],
        warnings=[
            Line("", False, one.detail, *mended(one.field)) for one in warnings_about(facts) if one.detail not in said
        ],
    )


def _mended(kpi: Kpi, organization: Organization, field: str) -> tuple[str, str]:
    page, place, words = MENDED[field]
    address = reverse(page, args=[organization.slug, kpi.key])
    return f"{address}#{place}" if place else address, words
