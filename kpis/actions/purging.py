"""Removing a KPI for good."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Q

from accounts.actors import Actor
from accounts.audit import record
from accounts.errors import ConflictError
from kpis.actions.changing import announce, lock_definitions
from kpis.actions.permissions import require_purge
from kpis.models import (
    Action,
    Annotation,
    Benchmark,
    Kpi,
    KpiInfluence,
    KpiLink,
    KpiOperand,
    KpiVersion,
    Measurement,
    MeasurementRevision,
    Review,
    Score,
    StaleMark,
    Standing,
    Target,
)

# What goes with it. Whatever else comes to point at a KPI holds it back by itself.
OWN: Final[tuple[Any, ...]] = (
    KpiVersion,
    Measurement,
    MeasurementRevision,
    Target,
    Score,
    Standing,
    StaleMark,
    Action,
    Review,
    Annotation,
    Benchmark,
)
# What joins two KPIs: its own part of that goes with it, others' part is told here.
JOINING: Final[tuple[Any, ...]] = (Kpi, KpiLink, KpiOperand, KpiInfluence)
LISTED: Final = 5


def purge_kpi(actor: Actor, kpi: Kpi, *, now: dt.datetime) -> None:
    """Remove a KPI with everything ever measured or done about it, and with its own place in the ladder.

    Refused with a list while something else refers to it. The audit log keeps that it was there.
    """
    require_purge(actor)
    lock_definitions()
    references = list(references_to(kpi))
    if references:
        raise ConflictError(f"“{kpi.name}” cannot be removed: {_listed(references)}. Change that first, or archive it.")
    parents = list(KpiLink.objects.known().filter(child=kpi).values_list("parent_id", flat=True))
    record(actor, "kpi.purged", kpi, now=now, changes={"key": (kpi.key, None)})
    KpiLink.objects.filter(Q(child=kpi) | Q(parent=kpi)).delete()
    KpiOperand.objects.filter(kpi=kpi).delete()
    KpiInfluence.objects.filter(Q(leading=kpi) | Q(lagging=kpi)).delete()
    for model in OWN:
        model.objects.filter(kpi_id=kpi.pk).delete()
    Kpi.objects.filter(pk=kpi.pk).delete()
    announce(parents, now=now)


def references_to(kpi: Kpi) -> Iterator[str]:
    """What would be left without the KPI, in words."""
    for child in Kpi.objects.filter(parent_links__in=KpiLink.objects.known().filter(parent=kpi)).distinct().in_order():
        yield f"“{child.name}” ladders up to it"
    for weighed in kpi.weighs.in_order():
        yield f"“{weighed.name}” is weighted by it"
    for formula in Kpi.objects.filter(operands__in=kpi.used_by.all()).exclude(pk=kpi.pk).distinct().in_order():
        yield f"“{formula.name}” is computed from it"
    for relation in Kpi._meta.related_objects:
        model: Any = relation.related_model
        if model not in (*JOINING, *OWN):
            for row in model.objects.filter(**{relation.field.name: kpi})[: LISTED + 1]:
                yield f"{model._meta.verbose_name} “{row}” is about it"


def _listed(references: list[str]) -> str:
    rest = len(references) - LISTED
    more = [f"and {rest} more"] if rest > 0 else []
    return "; ".join([*references[:LISTED], *more])
