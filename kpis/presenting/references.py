"""What holds a KPI back from being removed, each with the way to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import Organization
from kpis.actions.formulas import formulas_using
from kpis.actions.purging import references_to
from kpis.models import Kpi, KpiLink


@dataclass(frozen=True, slots=True)
class Reference:
    """Something that needs the KPI: a sentence, the name in it, and where that can be changed (empty: nowhere)."""

    said: str
    name: str = ""
    href: str = ""


def references_of(kpi: Kpi, organization: Organization) -> list[Reference]:
    """Formulas first, for they cannot be computed without it."""
    linked = list(_linked(kpi, organization))
    known = {f"“{one.name}” {one.said}" for one in linked}
    return [*linked, *(Reference(said) for said in references_to(kpi) if said not in known)]


def _linked(kpi: Kpi, organization: Organization) -> Iterator[Reference]:
    for user in formulas_using(kpi):
        yield _to(user, "is computed from it", "kpis:edit", organization, place="#formula")
    links = KpiLink.objects.known().filter(parent=kpi)
    for child in Kpi.objects.filter(parent_links__in=links).distinct().in_order():
        yield _to(child, "ladders up to it", "kpis:parents", organization)
    for weighed in kpi.weighs.in_order():
        yield _to(weighed, "is weighted by it", "kpis:edit", organization, place="#id_weight_by")


def _to(other: Kpi, said: str, page: str, organization: Organization, place: str = "") -> Reference:
    return Reference(said, other.name, reverse(page, args=[organization.slug, other.key]) + place)
