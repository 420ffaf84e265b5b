"""The tables of ``kpis``, one concept per module."""

from kpis.models.kpis import Kpi
from kpis.models.links import KpiLink
from kpis.models.measurements import Measurement, MeasurementRevision, Push
from kpis.models.scores import Score, Standing
from kpis.models.stale import StaleMark
from kpis.models.targets import Target

__all__ = ["Kpi", "KpiLink", "Measurement", "MeasurementRevision", "Push", "Score", "StaleMark", "Standing", "Target"]
