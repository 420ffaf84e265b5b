"""Stored definitions as the plain values the engine takes."""

from functools import lru_cache

from kpis.engine import definitions as engine
from kpis.engine.formula.parsing import parse
from kpis.engine.formula.syntax import Expression
from kpis.engine.periods import Frequency
from kpis.models import Kpi, Target
from kpis.models.choices import Source, TargetPath


@lru_cache(maxsize=20_000)
def stored_formula(text: str) -> Expression:
    """The tree of a formula that was accepted before; reading a thousand of them anew takes half a second."""
    return parse(text)


def plain_kpi(kpi: Kpi) -> engine.Kpi:
    """What the engine's rules about links and units ask of a KPI; its targets and thresholds are not filled in."""
    return engine.Kpi(
        id=kpi.pk,
        key=kpi.key,
        frequency=Frequency(kpi.frequency),
        unit=kpi.unit,
        source=engine.Source(kpi.source),
        aggregation=engine.Aggregation(kpi.aggregation),
        rollup=engine.Rollup(kpi.rollup) if kpi.source == Source.ROLLUP else None,
        formula=stored_formula(kpi.formula) if kpi.source == Source.FORMULA else None,
        carry_forward=kpi.carry_forward,
        due_after_days=kpi.due_after_days,
        direction=engine.Direction(kpi.direction),
        is_linear=kpi.target_path == TargetPath.LINEAR,
    )


def plain_target(row: Target) -> engine.Target:
    return engine.Target(row.effective_from, row.target, row.floor, row.low, row.high)
