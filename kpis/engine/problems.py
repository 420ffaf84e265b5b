"""Why a value is missing, as the API and pages say it."""

from __future__ import annotations

from kpis.engine.definitions import Problem
from kpis.engine.formula.cells import OPERAND
from kpis.engine.graph import Graph


def problem_code(graph: Graph, number: int) -> str | None:
    """The code of a problem in `Values`: `no_data`, `division_by_zero`, `missing_operand: new_mrr`; None for none."""
    problem = Problem(number % OPERAND)
    if problem is Problem.MISSING_OPERAND:
        return f"{problem.code}: {graph.kpis[number // OPERAND - 1].key}"
    return problem.code
