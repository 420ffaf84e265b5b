"""Why a KPI's value is not what it was, or not its target: explained from what is stored or was known."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kpis.actions.versioning import definition_of
from kpis.compute.explaining import Base, explain_as_known, explain_kpi
from kpis.engine.explaining.explanation import Explanation, Part
from kpis.engine.explaining.wanted import MOST_PARTS
from kpis.models import Kpi
from kpis.standpoint import NotThereYetError, Standpoint


@dataclass(frozen=True, slots=True)
class Explained:
    """An explanation with the definitions of the KPIs it speaks of, as ``KpiVersion`` keeps them."""

    explanation: Explanation
    definitions: Mapping[UUID, Mapping[str, Any]]


def explained(
    standpoint: Standpoint, period: dt.date, base: dt.date | None, *, depth: int, most: int = MOST_PARTS
) -> Explained:
    """The change of a KPI from ``base`` (first dates of its periods; None: its target) to ``period``, ``depth`` levels
    deep, less where that were more than ``most`` parts.

    Raises NotThereYetError where it was not defined yet.
    """
    kpi_id, known = standpoint.kpi.pk, standpoint.known
    against: Base = "target" if base is None else base
    if known is None:
        explanation = explain_kpi(
            standpoint.organization, kpi_id, period=period, base=against, depth=depth, today=standpoint.today, most=most
        )
        return Explained(explanation, _definitions(explanation))
    if kpi_id not in known.graph.row_of:
        raise NotThereYetError(f"“{standpoint.kpi.name}” was not there yet.")
    explanation = explain_as_known(known, kpi_id, period=period, base=against, depth=depth, most=most)
    return Explained(explanation, known.definitions)


def _definitions(explanation: Explanation) -> dict[UUID, Mapping[str, Any]]:
    kpis = Kpi.objects.filter(pk__in=set(_named(explanation.parts)))
    return {kpi.pk: definition_of(kpi) for kpi in kpis}


def _named(parts: Sequence[Part]) -> Iterator[Any]:
    for part in parts:
        if part.kpi is not None:
            yield part.kpi
        yield from _named(part.parts)
