"""Storing what was pasted: all of it or nothing."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.actors import Actor
from accounts.models import Organization
from kpis.actions.definitions import create_kpi
from kpis.actions.measurements import Recorded, check_may_feed, record_measurements
from kpis.engine.periods import Frequency
from kpis.engine.units import Unit
from kpis.ingest import Batch
from kpis.models import Kpi
from kpis.models.choices import Aggregation, Direction, Source
from kpis.models.measurements import Via


@dataclass(frozen=True)
class NewKpi:
    """A KPI to make for a series that belongs to none yet."""

    name: str
    unit: str
    frequency: Frequency


@dataclass(frozen=True)
class Pasted:
    """The values of one series, by date, and the KPI they are of."""

    kpi: Kpi | NewKpi
    values: Mapping[dt.date, float]


def store_paste(
    actor: Actor, pasted: Sequence[Pasted], *, organization: Organization, now: dt.datetime
) -> tuple[list[Kpi], Recorded]:
    """Record every value, making the KPIs that are new; returns the KPIs and what was recorded.

    Raises PermissionDenied for a KPI the actor may not feed, ConflictError for one that is computed or archived.
    """
    kpis = [_kpi(actor, each.kpi, now) for each in pasted]
    batch = Batch()
    for kpi, each in zip(kpis, pasted, strict=True):
        batch.kpi_ids += [kpi.pk] * len(each.values)
        batch.dates += each.values.keys()
        batch.values += each.values.values()
        batch.notes += [""] * len(each.values)
    batch.received = len(batch.kpi_ids)
    return kpis, record_measurements(actor, batch, organization=organization, via=Via.PASTE, now=now)


def _kpi(actor: Actor, wanted: Kpi | NewKpi, now: dt.datetime) -> Kpi:
    if isinstance(wanted, Kpi):
        check_may_feed(actor, wanted)
        return wanted
    aggregation = Aggregation.MEAN if Unit.parse(wanted.unit).is_fraction else Aggregation.SUM
    return create_kpi(
        actor,
        now=now,
        name=wanted.name,
        unit=wanted.unit,
        direction=Direction.INCREASE,
        frequency=wanted.frequency,
        source=Source.MEASURED,
        aggregation=aggregation,
        owner=actor.member,
    )
