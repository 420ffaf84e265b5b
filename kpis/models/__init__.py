"""The tables of ``kpis``, one concept per module."""

from kpis.models.benchmarks import Benchmark
from kpis.models.followups import Action, Annotation, Review
from kpis.models.influences import KpiInfluence
from kpis.models.kpis import Kpi
from kpis.models.links import KpiLink
from kpis.models.measurements import Measurement, MeasurementRevision, Push
from kpis.models.operands import KpiOperand
from kpis.models.scores import Score, Standing
from kpis.models.stale import StaleMark
from kpis.models.targets import Target
from kpis.models.versions import KpiVersion

__all__ = [
    "Action",
    "Annotation",
    "Benchmark",
    "Kpi",
    "KpiInfluence",
    "KpiLink",
    "KpiOperand",
    "KpiVersion",
    "Measurement",
    "MeasurementRevision",
    "Push",
    "Review",
    "Score",
    "StaleMark",
    "Standing",
    "Target",
]
